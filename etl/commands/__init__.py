"""Commands that write, and those that show what would be written."""
