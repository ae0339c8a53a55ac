"""The reader that asks a language model: questions, kept answers, readings."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from catalog.domain.keys import sha256_of
from catalog.domain.records import Extraction
from etl.extract import version as builtin_version
from etl.extract.language_model.answer import UnusableError, parse_answer
from etl.extract.language_model.prompt import (
    prompt_version,
    schema,
    schema_version,
    system_prompt,
)
from etl.extract.language_model.question import Question
from etl.extract.language_model.reading import Asked, ask, measured, second_reading
from etl.extract.language_model.verification import verify
from etl.extract.reader import (
    AnswerKey,
    Answers,
    Asking,
    KeptAnswer,
    ReaderSettings,
    Tally,
    Texts,
)
from etl.extract.two_readings import merge_readings

TRIES = 2
"""How often a question is asked whose answer is of no use."""
SIGNS_PER_TOKEN = 3.6
"""Characters of our prompts that make a token, roughly; models differ by a fifth."""
TOKENS_PER_NUMBER = 55
TOKENS_PER_ANSWER = 60
"""Tokens of an answer: for each number that is asked about, and besides."""


class Reply(Struct, frozen=True, kw_only=True):
    """An answer of a model."""

    text: str
    input_tokens: int | None = None
    output_tokens: int | None = None


class Unanswered(Struct, frozen=True):
    """A question that got no answer, with the reason."""

    why: str


class Prompt(Struct, frozen=True, kw_only=True):
    """One request to a model."""

    system: str
    message: str
    schema: dict[str, Any]
    """JSON schema of the answer."""
    abstract: str
    """Hash of the abstract."""
    numbers: int
    """Numbers that it asks about."""

    @property
    def input_tokens(self) -> int:
        """Tokens that are sent, estimated."""
        return round((len(self.system) + len(self.message)) / SIGNS_PER_TOKEN)

    @property
    def output_tokens(self) -> int:
        """Tokens of the answer, estimated."""
        return TOKENS_PER_ANSWER + TOKENS_PER_NUMBER * self.numbers


Take = Callable[[AnswerKey, Reply | Unanswered], None]
"""What is done with each answer."""


class Model(Protocol):
    """A language model that is connected."""

    def ask(self, prompts: Mapping[AnswerKey, Prompt], asking: Asking, take: Take) -> None:
        """Ask in parallel, and hand over each answer as it comes, also when interrupted."""
        ...


Connect = Callable[[str, ReaderSettings], Model]
"""From the name of a model to the model.

Raises:
    CatalogError: there is no such model, or it has no key.
"""


class LanguageModelInquiry:
    """An inquiry to one model, with its settings."""

    def __init__(self, connect: Connect, name: str, settings: ReaderSettings) -> None:
        self.name = name
        self.settings = settings
        self._connect = connect
        self._model: Model | None = None

    @property
    def version(self) -> str:
        """A text that changes with prompt, schema, settings, checks, and the built-in reader."""
        way = self.settings.way
        bound = f"{self.settings.below:g}" if way == "unsure" else ""
        parts = (self._prompt, bound, schema_version(), _code_version(), builtin_version())
        return f"{way}-{_digest(' '.join(parts).encode())}"

    @property
    def _prompt(self) -> str:
        """The version of what is sent ahead of an abstract, with the options of the model."""
        options = self.settings.options
        shown = json.dumps(options, sort_keys=True, default=str) if options else ""
        return prompt_version(self.settings.way) + (f"+{_digest(shown.encode())}" if shown else "")

    def connect(self) -> None:
        """Find the model and its key.

        Raises:
            CatalogError: there is no such model, or it has no key.

        """
        if self._model is None:
            self._model = self._connect(self.name, self.settings)

    def ask(self, texts: Texts, answers: Answers, asking: Asking) -> None:
        """Ask about abstracts what was not asked before, and keep every answer as it comes."""
        prompts = dict(self._prompts(texts))
        open_ = _open(prompts, answers, asking.tally)
        if asking.offline or asking.only_estimate or not open_:
            asking.tally.unanswered += len(open_)
            return
        self.connect()
        for _ in range(TRIES):
            open_ = self._once(open_, answers, asking)

    def read(self, texts: Texts, answers: Answers, asking: Asking) -> list[Extraction]:
        """Read abstracts by the answers that are kept; without one the built-in reading stands."""
        asked = [self._asked(*text) for text in texts]
        kept = answers.find(self._key(one.question) for one in asked if one.question)
        return [self._read(one, kept, asking) for one in asked]

    def _asked(self, abstract: str, title: str | None) -> Asked:
        return ask(abstract, title, self.settings.way, self.settings.below)

    def _key(self, question: Question) -> AnswerKey:
        return AnswerKey(question.sha256, self._prompt, self.name, schema_version())

    def _prompts(self, texts: Texts) -> Iterator[tuple[AnswerKey, Prompt]]:
        """Yield the question about each abstract that has one."""
        for text in dict.fromkeys(texts):
            question = self._asked(*text).question
            if question is not None:
                yield (
                    self._key(question),
                    Prompt(
                        system=system_prompt(self.settings.way),
                        message=question.message,
                        schema=schema(),
                        abstract=sha256_of(question.abstract),
                        numbers=len(question.marks),
                    ),
                )

    def _once(
        self, prompts: Mapping[AnswerKey, Prompt], answers: Answers, asking: Asking
    ) -> dict[AnswerKey, Prompt]:
        """Ask these questions once; return those whose answers are of no use."""
        if self._model is None or not prompts:
            return {}
        before, again = answers.find(prompts), dict[AnswerKey, Prompt]()

        def take(key: AnswerKey, reply: Reply | Unanswered) -> None:
            if isinstance(reply, Unanswered):
                asking.tally.failures[reply.why] += 1
                asking.tally.unanswered += 1
            else:
                kept = _kept(key, prompts[key], reply, before.get(key))
                answers.keep([kept])
                asking.tally.answers += 1
                if _is_open(kept):
                    again[key] = prompts[key]
            asking.tell(asking.tally)

        self._model.ask(prompts, asking, take)
        return again

    def _read(
        self, asked: Asked, kept: Mapping[AnswerKey, KeptAnswer], asking: Asking
    ) -> Extraction:
        if asked.question is None:
            return asked.builtin
        answer = kept.get(self._key(asked.question))
        if answer is None or _is_open(answer):
            return replace(asked.builtin, version=builtin_version())
        if answer.problem is not None:
            asking.tally.unusable += 1
            return replace(asked.builtin, problem=f"{self.name}: {answer.problem}")
        verified = verify(asked.question, parse_answer(answer.answer))
        asking.tally.dropped.update(verified.dropped)
        return merge_readings(asked.builtin, second_reading(verified), measured())


def _open(
    prompts: Mapping[AnswerKey, Prompt], answers: Answers, tally: Tally
) -> dict[AnswerKey, Prompt]:
    """Return the questions that have no answer yet, and count."""
    kept = answers.find(prompts)
    found = {key: prompt for key, prompt in prompts.items() if _is_open(kept.get(key))}
    tally.abstracts += len(prompts)
    tally.kept += len(prompts) - len(found)
    tally.wanted += len(found)
    for prompt in found.values():
        tally.numbers += prompt.numbers
        tally.expected_input += prompt.input_tokens
        tally.expected_output += prompt.output_tokens
    return found


def _is_open(answer: KeptAnswer | None) -> bool:
    """Return true if a question has to be asked, or asked once more."""
    return answer is None or (answer.problem is not None and answer.attempts < TRIES)


def _kept(key: AnswerKey, prompt: Prompt, reply: Reply, before: KeptAnswer | None) -> KeptAnswer:
    """Return an answer as it is kept, with the tokens of earlier attempts."""
    return KeptAnswer(
        key=key,
        abstract=prompt.abstract,
        answer=reply.text,
        problem=_problem(reply.text),
        attempts=before.attempts + 1 if before else 1,
        input_tokens=_added(reply.input_tokens, before.input_tokens if before else None),
        output_tokens=_added(reply.output_tokens, before.output_tokens if before else None),
        asked_at=dt.datetime.now(dt.UTC),
    )


def _problem(text: str) -> str | None:
    try:
        parse_answer(text)
    except UnusableError as error:
        return str(error)
    return None


def _added(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else (one or 0) + (other or 0)


@cache
def _code_version() -> str:
    """Return a text that changes with the checks and the rule that merges."""
    package = files(__package__)
    parts = sorted(part.name for part in package.iterdir() if part.name.endswith((".py", ".toml")))
    content = [(package / name).read_bytes() for name in parts]
    content.append((files("etl.extract") / "two_readings.py").read_bytes())
    return _digest(b"".join(content))


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=4).hexdigest()
