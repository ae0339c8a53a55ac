"""The formats of documents, one module each, registered in `etl.builtin_plugin`."""

from etl.formats.contract import Format, FormatError, Head, Reading

__all__ = ["Format", "FormatError", "Head", "Reading"]
