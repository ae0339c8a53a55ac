"""Everything that brings data in: text in, records out, rows last."""
