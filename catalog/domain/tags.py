"""Normalise tags that the owner puts on papers."""

import re
import unicodedata

LONGEST_TAG = 60
"""Characters of a tag."""


def tag_of(typed: str) -> str:
    """Normalise a tag: lower case, hyphens for spaces.

    >>> tag_of(" #To  Reproduce")
    'to-reproduce'

    Raises:
        ValueError: it is none.

    """
    folded = unicodedata.normalize("NFKC", typed).strip().removeprefix("#").lower()
    tag = "-".join(folded.split())
    if not re.fullmatch(r"\w[\w.+/&-]*", tag) or len(tag) > LONGEST_TAG:
        msg = (
            f"{typed!r} is not a tag: expected letters and digits of any script, joined by . + / & "
            f"_ or -, at most {LONGEST_TAG}"
        )
        raise ValueError(msg)
    return tag
