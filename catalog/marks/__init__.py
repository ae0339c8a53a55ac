"""Marks: star, read, tags and note that the owner puts on papers."""
