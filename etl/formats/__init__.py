"""The forms that documents come in: one module each, named in `etl.builtin_plugin`."""

from etl.formats.contract import Format, FormatError, Head, Reading

__all__ = ["Format", "FormatError", "Head", "Reading"]
