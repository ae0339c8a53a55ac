"""Commands that read; those that write are in `etl.commands`."""
