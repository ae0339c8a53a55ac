"""The form of a model's answer, and how it is read strictly."""

import re

import msgspec
from msgspec import Struct

from catalog.domain.records import Kind, Role, Sign

FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)
"""What chat models put around JSON."""

LONGEST = 200_000
"""Characters of an answer that are looked at."""


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The part of an answer about one number that is a result."""

    n: int
    """The number's mark."""
    to: int | None = None
    """The mark of the upper end, where both are the ends of one range."""
    kind: Kind
    metric: str | None = None
    dataset: str | None = None
    model: str | None = None
    baseline: str | None = None
    role: Role
    sign: Sign | None = None
    unit: str | None = None
    """A unit that stands further off, with a later number of the list."""


class Answer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer: the records of marks that are results, and the other marks."""

    notes: str = ""
    results: tuple[Record, ...]
    others: tuple[int, ...]


_decode = msgspec.json.Decoder(Answer).decode


class UnusableError(ValueError):
    """An answer that cannot be used: it breaks off, refuses, or is of another form."""


def parse_answer(text: str) -> Answer:
    """Read an answer.

    >>> parse_answer('{"notes": "", "results": [], "others": [1]}').others
    (1,)

    Raises:
        UnusableError: it is no such JSON object.

    """
    text = text.strip()
    if not text:
        raise UnusableError("the answer is empty")
    if len(text) > LONGEST:
        raise UnusableError(f"the answer has {len(text):,} characters")
    match = FENCE.match(text)
    body = match.group(1).strip() if match else text
    if not body.startswith("{"):
        raise UnusableError("the answer is no JSON object but text, perhaps a refusal")
    try:
        return _decode(body)
    except msgspec.ValidationError as error:
        raise UnusableError(f"the answer has another form: {error}") from error
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        broken = "breaks off" if not body.endswith("}") else "is no valid JSON"
        raise UnusableError(f"the answer {broken}: {error}") from error
