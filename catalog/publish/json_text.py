"""An answer as JSON: the same text from the terminal and from the site."""

import msgspec


def json_text(answer: object) -> str:
    """Write an answer, usually a struct of `catalog.reads`, as JSON with a line for each field.

    >>> print(json_text({"day": None, "papers": [1]}), end="")
    {
     "day": null,
     "papers": [
      1
     ]
    }
    """
    return msgspec.json.format(msgspec.json.encode(answer, enc_hook=str), indent=1).decode() + "\n"
