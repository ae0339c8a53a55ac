"""Choose the sentence of an abstract that tells what came out, where no number tells it."""

import re
from collections.abc import Iterator

LONGEST = 5_000
"""Characters of an abstract that are looked at."""

_END = re.compile(
    r"(?<=[.!?])(?<!\bal\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)\s+(?=[A-Z0-9\"“$\\])"
)
_RESULT = re.compile(
    r"\b(?:outperform\w*|beats?|achiev\w+|attain\w*|reach\w*|surpass\w*|exceed\w*|state-of-the-art|improv\w+|reduc\w+|"
    r"speed-?ups?|demonstrat\w+|(?:results?|experiments?|evaluations?) (?:show|reveal|indicate|"
    r"confirm|suggest)\w*|(?:we|it) (?:show|find|found|reach|prove)\w*)\b",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\b(?:we|this paper|this work) (?:\w+ )?(?:introduc|propos|present|develop|releas)\w+", re.I
)


def sentence_of_result(abstract: str | None) -> str | None:
    """Return the first sentence of an abstract that states a result, else what the paper offers.

    >>> sentence_of_result("Nets are slow. We propose a net. It outperforms others. Code is here.")
    'It outperforms others.'
    >>> sentence_of_result("Nets are slow. We propose a net."), sentence_of_result("Hello.")
    ('We propose a net.', None)
    """
    sentences = list(_sentences((abstract or "")[:LONGEST]))
    offers = [place for place, one in enumerate(sentences) if _OFFER.search(one)]
    start = offers[0] if offers else 0  # what stands before tells of other work
    results = [one for one in sentences[start:] if _RESULT.search(one) and not _OFFER.search(one)]
    return next(iter([*results, *(sentences[place] for place in offers)]), None)


def _sentences(text: str) -> Iterator[str]:
    """Split a text into sentences."""
    for paragraph in text.split("\n"):
        yield from (one.strip() for one in _END.split(paragraph) if one.strip())
