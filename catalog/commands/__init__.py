"""Commands that read; those that load are in `etl.commands`."""
