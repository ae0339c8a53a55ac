"""The contract of a reader, which turns abstracts into results and links."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from catalog.domain.errors import CatalogError
from catalog.domain.records import Extraction

Texts: TypeAlias = Sequence[tuple[str, str | None]]
"""Abstracts, each with its title."""

BUILT_IN = "builtin"


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


class ChosenReader(Struct, frozen=True):
    """A reader with its argument."""

    reader: Reader
    argument: str = ""

    @property
    def name(self) -> str:
        """What the user asked for: NAME or NAME:ARGUMENT."""
        return f"{self.reader.name}:{self.argument}" if self.argument else self.reader.name

    @property
    def version(self) -> str:
        """The value of `papers.extractor_version`; the built-in reader has its version alone.

        Raises:
            CatalogError: the reader does not tell it.

        """
        if self.name == BUILT_IN:
            return self.reader.version("")
        try:
            return f"{self.name} {self.reader.version(self.argument)}"
        except Exception as error:
            raise self._failed(f"{type(error).__name__}: {error}") from error

    def __call__(self, texts: Texts) -> list[Extraction]:
        """Read abstracts; one at which the reader stumbles has a failure as its extraction.

        Raises:
            CatalogError: the reader says that it can read nothing now, or it gave something else
                than an extraction for each.

        """
        try:
            found = list(self.reader.read(texts, self.argument))
        except CatalogError:
            raise
        except Exception as error:  # nothing that stands in a text may end a load
            if len(texts) > 1:
                return [self([text])[0] for text in texts]
            return [Extraction(failure=f"{type(error).__name__}: {error}")] * len(texts)
        if len(found) != len(texts) or not all(isinstance(held, Extraction) for held in found):
            raise self._failed(f"it gave {len(found)} readings for {len(texts)} abstracts")
        return found

    def _failed(self, why: str) -> CatalogError:
        return CatalogError(
            f"cannot read abstracts with {self.name}",
            why=why,
            hint="tell the author of this reader, or choose another one with --reader",
        )


def choose(asked: str, readers: Mapping[str, Reader]) -> ChosenReader:
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
        return ChosenReader(reader, argument)
    known = ", ".join(_shown(held) for held in readers.values())
    raise CatalogError(f"cannot use the reader {asked!r}", why=why, hint=f"choose one of: {known}")


def _shown(reader: Reader) -> str:
    return f"{reader.name}:{reader.argument}" if reader.argument else reader.name
