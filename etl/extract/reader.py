"""The contract of a reader, which turns abstracts into results and links."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, TypeAlias

from msgspec import Meta, Struct, field
from msgspec.structs import replace

from catalog.domain.errors import CatalogError
from catalog.domain.records import Extraction

if TYPE_CHECKING:
    from etl.extract.explain import Explanation

Texts: TypeAlias = Sequence[tuple[str, str | None]]
"""Abstracts, each with its title."""

BUILT_IN = "builtin"

Way = Literal["unsure", "all"]
"""Ask only about numbers of which the built-in reader is not sure, or about all of them."""

Count = Annotated[int, Meta(ge=0)]
Price = Annotated[float, Meta(ge=0)]


class ReaderSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of reading: the table [reader] of the configuration, and options of commands."""

    name: str = BUILT_IN
    """The reader that is used where no `--reader` names another."""
    way: Way = "unsure"
    below: Annotated[float, Meta(ge=0, le=1)] = 0.8
    """Row confidence below which the way "unsure" asks."""
    parallel: Annotated[int, Meta(ge=1, le=64)] = 8
    attempts: Annotated[int, Meta(ge=1, le=20)] = 5
    timeout: Annotated[float, Meta(gt=0, le=3600)] = 120.0
    """Seconds for an answer."""
    longest_wait: Annotated[float, Meta(ge=0, le=3600)] = 120.0
    """Seconds that `Retry-After` may ask for; after a longer wait nothing more is asked."""
    max_requests: Count | None = None
    """Requests of one command, attempts among them."""
    max_tokens: Count | None = None
    """Tokens of one command, sent and received."""
    input_price: Price | None = None
    """US dollars for a million tokens that are sent."""
    output_price: Price | None = None
    """The same for tokens that are received."""
    keep_megabytes: Count = 512
    """Size of kept answers beyond which the oldest are deleted."""
    options: dict[str, Any] = field(default_factory=dict)
    """Options of the model, as it names them, e.g. temperature."""


class AnswerKey(Struct, frozen=True):
    """A question by what its answer depends on."""

    question: str
    """Hash of the message about one abstract."""
    prompt: str
    """Version of what is sent ahead of it."""
    model: str
    schema: str


class KeptAnswer(Struct, frozen=True, kw_only=True):
    """An answer from elsewhere, as it was received."""

    key: AnswerKey
    abstract: str
    """Hash of the abstract."""
    answer: str
    problem: str | None
    """Why it is of no use."""
    attempts: int
    """How often it was asked; what is of no use is asked for once more."""
    input_tokens: int | None
    output_tokens: int | None
    """Of all attempts; None where the model does not tell."""
    asked_at: dt.datetime


class Answers(Protocol):
    """A store of answers, so that nothing is asked twice."""

    def find(self, keys: Iterable[AnswerKey]) -> dict[AnswerKey, KeptAnswer]:
        """Return the answers that are there."""
        ...

    def keep(self, answers: Sequence[KeptAnswer]) -> None:
        """Store answers so that they outlast this process; newer ones replace older ones."""
        ...


class AnswersInMemory:
    """A store of answers for this process alone."""

    def __init__(self) -> None:
        self._held: dict[AnswerKey, KeptAnswer] = {}

    def find(self, keys: Iterable[AnswerKey]) -> dict[AnswerKey, KeptAnswer]:
        """Return the answers that are there."""
        return {key: self._held[key] for key in keys if key in self._held}

    def keep(self, answers: Sequence[KeptAnswer]) -> None:
        """Hold answers."""
        self._held |= {answer.key: answer for answer in answers}


class Tally(Struct, kw_only=True):
    """The counts of what was asked elsewhere, for reports and progress bars."""

    abstracts: int = 0
    """Abstracts with a question."""
    numbers: int = 0
    """Numbers that these questions are about."""
    kept: int = 0
    """Questions whose answer was kept from before."""
    wanted: int = 0
    """Questions that have to be asked."""
    requests: int = 0
    answers: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    expected_input: int = 0
    expected_output: int = 0
    """Tokens that the questions would take, estimated."""
    unanswered: int = 0
    """Questions that stay without an answer for now."""
    unusable: int = 0
    """Answers of no use, although they were asked for twice."""
    stopped: str | None = None
    """Why asking was given up."""
    failures: Counter[str] = field(default_factory=Counter)
    """Reasons for which questions got no answer, with their number."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Reasons for which parts of answers were not believed, with their number."""


class Asking(Struct, kw_only=True):
    """The conditions under which one command asks elsewhere, and its counts."""

    offline: bool = False
    """Whether only kept answers are used."""
    only_estimate: bool = False
    """Whether questions are counted and not asked."""
    tally: Tally = field(default_factory=Tally)
    tell: Callable[[Tally], None] = lambda _tally: None
    """Told after each answer."""


class Inquiry(Protocol):
    """A reader that asks elsewhere, with its argument and settings."""

    @property
    def version(self) -> str:
        """A text that changes whenever what is read may change."""
        ...

    def connect(self) -> None:
        """Make sure that there is somebody to ask.

        Raises:
            CatalogError: there is nobody.

        """
        ...

    def ask(self, texts: Texts, answers: Answers, asking: Asking) -> None:
        """Ask about abstracts what was not asked before, and keep every answer as it comes."""
        ...

    def read(self, texts: Texts, answers: Answers, asking: Asking) -> Sequence[Extraction]:
        """Read abstracts by the answers that are kept; ask nobody."""
        ...


class Reader(Struct, frozen=True, kw_only=True):
    """A way to read abstracts."""

    name: str
    """What `--reader` calls it."""
    title: str
    version: Callable[[str], str]
    """From the argument to a text that changes whenever what is read may change: papers that
    another version has read are read again by `catalog reextract`."""
    read: Callable[[Texts, str], Sequence[Extraction]]
    """From abstracts with their titles, and the argument, to an extraction for each, in order.

    Spans are offsets in the abstract. It may be called in other processes, on other machines, and
    with any text; it writes nothing to the catalog."""
    argument: str = ""
    """What stands behind a colon in `--reader NAME:ARGUMENT`, as help shows it, e.g. MODEL; empty
    where nothing does."""
    is_local: bool = True
    """Whether it only computes, and so is faster on several cores or a cluster; False for what
    waits for an answer from elsewhere: it is called in one process with large batches."""
    explain: "Callable[[str, str | None], Iterable[Explanation]] | None" = None
    """From an abstract and its title to why each number was kept or dropped, for `extract
    --explain`; None where a reader cannot tell."""
    inquiry: Callable[[str, ReaderSettings], Inquiry] | None = None
    """For a reader whose answers the catalog keeps: from the argument and the settings to what
    asks and reads. `version` and `read` are not used then."""


class ChosenReader(Struct, frozen=True, dict=True):
    """A reader with its argument, its settings, and where its answers are kept."""

    reader: Reader
    argument: str = ""
    settings: ReaderSettings = field(default_factory=ReaderSettings)
    asking: Asking = field(default_factory=Asking)
    answers: Answers = field(default_factory=AnswersInMemory)

    @property
    def name(self) -> str:
        """What the user asked for: NAME or NAME:ARGUMENT."""
        return f"{self.reader.name}:{self.argument}" if self.argument else self.reader.name

    @cached_property
    def inquiry(self) -> Inquiry | None:
        """The inquiry of a reader that asks elsewhere."""
        make = self.reader.inquiry
        return None if make is None else make(self.argument, self.settings)

    @property
    def version(self) -> str:
        """The value of `papers.extractor_version`; the built-in reader has its version alone.

        Raises:
            CatalogError: the reader does not tell it.

        """
        if self.name == BUILT_IN:
            return self.reader.version("")
        try:
            of = self.inquiry.version if self.inquiry else self.reader.version(self.argument)
        except CatalogError:
            raise
        except Exception as error:
            raise self._failed(f"{type(error).__name__}: {error}") from error
        return f"{self.name} {of}"

    def keeping(self, answers: Answers, *, offline: bool = False) -> "ChosenReader":
        """Return the same reader with another store of answers."""
        asking = replace(self.asking, offline=True) if offline else self.asking
        return replace(self, answers=answers, asking=asking)

    def ask(self, texts: Texts) -> None:
        """Ask elsewhere what reading these abstracts needs, where the reader does so.

        Raises:
            CatalogError: there is nobody to ask.

        """
        if self.inquiry is not None:
            self.inquiry.ask(texts, self.answers, self.asking)

    def __call__(self, texts: Texts) -> list[Extraction]:
        """Read abstracts; one at which the reader stumbles has a failure as its extraction.

        Raises:
            CatalogError: the reader says that it can read nothing now, or it gave something else
                than an extraction for each.

        """
        try:
            found = list(self._read(texts))
        except CatalogError:
            raise
        except Exception as error:  # nothing that stands in a text may end a load
            if len(texts) > 1:
                return [self([text])[0] for text in texts]
            return [Extraction(failure=f"{type(error).__name__}: {error}")] * len(texts)
        if len(found) != len(texts) or not all(isinstance(held, Extraction) for held in found):
            raise self._failed(f"it gave {len(found)} readings for {len(texts)} abstracts")
        return found

    def _read(self, texts: Texts) -> Sequence[Extraction]:
        if self.inquiry is not None:
            return self.inquiry.read(texts, self.answers, self.asking)
        return self.reader.read(texts, self.argument)

    def _failed(self, why: str) -> CatalogError:
        return CatalogError(
            f"cannot read abstracts with {self.name}",
            why=why,
            hint="tell the author of this reader, or choose another one with --reader",
        )


def choose(
    asked: str, readers: Mapping[str, Reader], settings: ReaderSettings | None = None
) -> ChosenReader:
    """Choose a reader by NAME or NAME:ARGUMENT.

    Raises:
        CatalogError: there is none of this name, or its argument is missing or too much.

    """
    name, colon, argument = asked.partition(":")
    reader = readers.get(name)
    if reader is None:
        why = f"there is no reader {name!r}"
    elif reader.argument and not argument:
        why = f"{name} needs its {reader.argument}"
    elif colon and not reader.argument:
        why = f"{name} takes no argument"
    else:
        return ChosenReader(reader, argument, settings or ReaderSettings())
    known = ", ".join(_shown(held) for held in readers.values())
    raise CatalogError(f"cannot use the reader {asked!r}", why=why, hint=f"choose one of: {known}")


def _shown(reader: Reader) -> str:
    return f"{reader.name}:{reader.argument}" if reader.argument else reader.name
