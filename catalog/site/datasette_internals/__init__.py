"""Changes inside Datasette, one module for each."""
