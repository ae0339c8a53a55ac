"""Commands that load data, and those that show what would be loaded."""
