"""Read an abstract with a model's answer: ask, verify, merge with the built-in reading."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from msgspec import convert

from catalog.domain.records import Extraction
from etl.extract import extract
from etl.extract.language_model.question import Question, ask_about_all, ask_about_unsure
from etl.extract.language_model.verification import Verified
from etl.extract.reader import Way
from etl.extract.two_readings import SecondReading, Shares


@dataclass(frozen=True, slots=True)
class Asked:
    """The built-in reading of an abstract, and what a model is to be asked about it."""

    builtin: Extraction
    question: Question | None
    """None where there is nothing to ask."""


def ask(abstract: str, title: str | None, way: Way, below: float) -> Asked:
    """Read an abstract with the built-in reader, and make the question to a model."""
    if way == "unsure":
        builtin, question = ask_about_unsure(abstract, title, below)
        return Asked(builtin, question)
    return Asked(extract(abstract, title), ask_about_all(abstract, title))


def second_reading(verified: Verified) -> SecondReading:
    """Return what is believed of an answer, in the form that is merged."""
    return SecondReading(
        results=tuple(verified.results),
        others=tuple((span.start, span.end) for span in verified.others),
    )


@cache
def measured() -> Shares:
    """Return how often language models are right, as it was measured; read once."""
    text = (files(__package__) / "agreement.toml").read_text(encoding="utf-8")
    return convert(tomllib.loads(text), Shares)
