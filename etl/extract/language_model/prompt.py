"""The prompt as it is sent: rules, examples and answer schema from the data files beside it."""

import json
import tomllib
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from etl.extract.language_model.answer import Answer, Record
from etl.extract.reader import Way

RULES, CHOICES, EXAMPLES, SCHEMA = "prompt.md", "choices.md", "examples.toml", "schema.json"
PARTS: dict[Way, tuple[str, ...]] = {"all": (RULES, EXAMPLES), "unsure": (RULES, CHOICES, EXAMPLES)}


class Example(Struct, frozen=True, kw_only=True):
    """An invented abstract with the answer that the rules ask for."""

    title: str
    abstract: str
    numbers: tuple[str, ...]
    """The marked numbers as printed."""
    notes: str
    results: tuple[Record, ...]
    others: tuple[int, ...]

    @property
    def answer(self) -> Answer:
        """The answer as a model gives it."""
        return Answer(notes=self.notes, results=self.results, others=self.others)


def _text(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


@cache
def examples() -> tuple[Example, ...]:
    """Return the examples; they are read once."""
    content = tomllib.loads(_text(EXAMPLES))["example"]
    return msgspec.convert(content, tuple[Example, ...])


@cache
def schema() -> dict[str, Any]:
    """Return the JSON schema of an answer."""
    found: dict[str, Any] = json.loads(_text(SCHEMA))
    return found


@cache
def schema_version() -> str:
    """Return a text that changes with the schema."""
    return _digest([SCHEMA])


@cache
def prompt_version(way: Way) -> str:
    """Return a text that changes with any part of what is sent beside the abstract."""
    return f"{way}-{_digest(PARTS[way])}"


def _digest(names: tuple[str, ...] | list[str]) -> str:
    digest = blake2b(digest_size=4)
    for name in names:
        digest.update(_text(name).encode())
    return digest.hexdigest()


@cache
def system_prompt(way: Way) -> str:
    """Return what is sent ahead of every abstract: rules, then examples."""
    from etl.extract.language_model.question import ask_about_all

    parts = [_text(RULES)]
    if way == "unsure":
        parts.append(_text(CHOICES))
    parts.append("# Examples\n")
    for example in examples():
        question = ask_about_all(example.abstract, example.title)
        if question is not None:
            answer = msgspec.json.encode(example.answer).decode()
            parts.append(f"{question.message}\n\n{answer}\n")
    return "\n".join(parts)
