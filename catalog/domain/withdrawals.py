"""Recognition of texts that say that their paper was withdrawn."""

import re

from catalog.domain.late_patterns import late_pattern

_PAPER = (
    r"(?:this|the|our|present)\s+(?:[\w-]+\s+){0,2}?"
    r"(?:paper|article|submission|manuscript|work|preprint|version|note|report|draft|letter)s?"
)
_WITHDRAWN = late_pattern(
    rf"(?:{_PAPER}\s+(?:has|have|had|is|was|were)\s+(?:now\s+|temporarily\s+)?"
    r"(?:been\s+)?(?:temporarily\s+)?(?:withdrawn|retracted)\b"
    r"|(?:the\s+)?authors?\s+(?:has\s+|have\s+)?(?:withdrawn|withdrew|retracted)\s+(?:this|the|their)\b"
    r"|(?:we|i)\s+(?:hereby\s+)?(?:withdraw|retract|have withdrawn|have retracted)\s+"
    rf"(?:{_PAPER})\b"
    r"|this is a (?:withdrawn|retracted)\b"
    rf"|(?:{_PAPER}\s+)?(?:has\s+been\s+|was\s+)?removed by arxiv\b"
    r"|(?:paper|article|submission|manuscript|preprint)?\s*(?:withdrawn|retracted)"
    r"(?=\s*(?:$|[.,;:!]|by\b|due\b|because\b|since\b|for\b|as\b|from arxiv\b|pending\b)))",
    re.IGNORECASE,
)
LOOKED_AT = 600
"""Characters within which a text has to say so."""
_LEAD = late_pattern(r"(?:\W|\d+ (?:pages?|figures?|tables?)\b|and\b)*", re.IGNORECASE)


def said_withdrawn(text: str) -> bool:
    """Say whether a remark, or an abstract, begins with the news that the paper was withdrawn.

    >>> said_withdrawn("Withdrawn due to an error."), said_withdrawn("10 pages. Paper withdrawn")
    (True, True)
    >>> said_withdrawn("We study drugs that were withdrawn by their makers")
    False
    """
    beginning = text[:LOOKED_AT].lower()
    # Looks for one word each take a third of the time of a loop.
    if not ("withdr" in beginning or "retract" in beginning or "removed by arxiv" in beginning):
        return False
    sentences = re.split(r"(?<=[.;])\s", text[:LOOKED_AT])[:3]
    return any(_begins_so(sentence) for sentence in sentences)


_MARKED = late_pattern(
    r"\W*[\[(]\s*(?i:withdrawn|retracted)(?:\s+\w+)?\s*[\])]"
    r"|.*[\[(]\s*(?i:withdrawn|retracted)\s*[\])]\W*$"
    r"|\W*(?:WITHDRAWN|RETRACTED|RETRACTION)\s*:"
    r"|\W*(?i:withdrawn|retracted|retraction)\s+(?i:article|paper|note|of)\s*:"
)


def marked_withdrawn(title: str) -> bool:
    """Say whether a title begins or ends with the mark of what was withdrawn.

    >>> marked_withdrawn("RETRACTED ARTICLE: On Quills"), marked_withdrawn("On Quills (withdrawn)")
    (True, True)
    >>> marked_withdrawn("Retracted Papers: A Corpus"), marked_withdrawn("Withdrawn Consent")
    (False, False)
    """
    lower = title.lower()
    return ("withdr" in lower or "retract" in lower) and _MARKED.match(
        title[:LOOKED_AT]
    ) is not None


def _begins_so(sentence: str) -> bool:
    lead = _LEAD.match(sentence)
    return _WITHDRAWN.match(sentence, lead.end() if lead else 0) is not None


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, for a reason.

    >>> first_sentence("This paper has been withdrawn. It was wrong.")
    'This paper has been withdrawn.'
    """
    return re.split(r"(?<=[.;])\s", " ".join(text.split()), maxsplit=1)[0][:300]
