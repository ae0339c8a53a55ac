"""Write answers as JSON, the same from the terminal and the site."""

import msgspec

from catalog.domain.safe_text import json_safe


def json_text(answer: object) -> str:
    """Write an answer, usually a struct of `catalog.reads`, as JSON with a line for each field.

    Characters that a terminal obeys are escaped.

    >>> print(json_text({"day": None, "papers": [1]}), end="")
    {
     "day": null,
     "papers": [
      1
     ]
    }
    """
    encoded = msgspec.json.format(msgspec.json.encode(answer, enc_hook=str), indent=1)
    return json_safe(encoded.decode()) + "\n"
