"""Recognition of texts that say that their paper was withdrawn."""

import re

_PAPER = (
    r"(?:this|the|our|present)\s+(?:[\w-]+\s+){0,2}?"
    r"(?:paper|article|submission|manuscript|work|preprint|version|note|report|draft|letter)s?"
)
_WITHDRAWN = re.compile(
    rf"(?:{_PAPER}\s+(?:has|have|had|is|was|were)\s+(?:now\s+|temporarily\s+)?"
    r"(?:been\s+)?(?:temporarily\s+)?(?:withdrawn|retracted)\b"
    r"|(?:the\s+)?authors?\s+(?:has\s+|have\s+)?(?:withdrawn|withdrew|retracted)\s+(?:this|the|their)\b"
    r"|this is a (?:withdrawn|retracted)\b"
    r"|(?:paper|article|submission|manuscript|preprint)?\s*(?:withdrawn|retracted)"
    r"(?=\s*(?:$|[.,;:!]|by\b|due\b|because\b|since\b|for\b|as\b|from arxiv\b|pending\b)))",
    re.IGNORECASE,
)
LOOKED_AT = 600
"""Characters within which a text has to say so."""
_LEAD = re.compile(r"(?:\W|\d+ (?:pages?|figures?|tables?)\b|and\b)*", re.IGNORECASE)


def said_withdrawn(text: str) -> bool:
    """Say whether a remark, or an abstract, begins with the news that the paper was withdrawn.

    >>> said_withdrawn("Withdrawn due to an error."), said_withdrawn("10 pages. Paper withdrawn")
    (True, True)
    >>> said_withdrawn("We study drugs that were withdrawn by their makers")
    False
    """
    beginning = text[:LOOKED_AT].lower()
    if "withdr" not in beginning and "retract" not in beginning:
        return False
    sentences = re.split(r"(?<=[.;])\s", text[:LOOKED_AT])[:3]
    return any(_begins_so(sentence) for sentence in sentences)


def _begins_so(sentence: str) -> bool:
    lead = _LEAD.match(sentence)
    return _WITHDRAWN.match(sentence, lead.end() if lead else 0) is not None


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, for a reason.

    >>> first_sentence("This paper has been withdrawn. It was wrong.")
    'This paper has been withdrawn.'
    """
    return re.split(r"(?<=[.;])\s", " ".join(text.split()), maxsplit=1)[0][:300]
