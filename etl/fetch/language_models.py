"""Ask language models through Simon Willison's `llm`: in parallel, patiently, within limits.

Keys come from the store of `llm` or from the environment; they are neither logged nor shown.
"""

import logging
import queue
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from catalog.domain.errors import CatalogError
from catalog.domain.safe_text import one_line
from catalog.installed import adding
from etl.extract.language_model.inquiry import Prompt, Reply, Take, Unanswered
from etl.extract.reader import AnswerKey, Asking, ReaderSettings
from etl.fetch.http import PASSING
from etl.fetch.waiting import backoff, retry_after
from etl.fetch.world import World

SHOWN = 200
"""Characters of an error that are shown."""
IN_A_ROW = 3
"""Failed questions for each request in parallel after which nothing more is asked."""
SECRETS = re.compile(
    r"(?i)\b(?:sk|pk|key|api)[-_][\w-]{8,}|bearer\s+\S+|(?<=://)[^/\s:@]+:[^/\s@]+@"
)
"""What looks like a key or a password in a message."""
FORBIDDEN = frozenset({401, 402, 403})
UNKNOWN = frozenset({400, 404, 405, 413, 422})
"""Statuses after which the same request would fail again."""

NOT_ASKED = "not asked"

Done = tuple[AnswerKey, Reply | Unanswered]


class _PassingError(Exception):
    """A failed attempt that is worth repeating."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait
        """Seconds that the publisher asks for."""


class _StopError(Exception):
    """A reason to ask nothing more."""


def connect(name: str, settings: ReaderSettings, world: World | None = None) -> "AskedModel":
    """Find a model of `llm` or of its plugins, and its key.

    Raises:
        CatalogError: `llm` is not installed, there is no such model, or it has no key.

    """
    try:
        import llm
    except ImportError as error:
        raise CatalogError(
            f"cannot ask the language model {name}", why="llm is not installed", hint=adding("llm")
        ) from error
    for logger in ("httpx", "httpx2", "openai", "llm"):
        logging.getLogger(logger).setLevel(logging.WARNING)
    try:
        model = llm.get_model(name)
    except llm.UnknownModelError as error:
        raise CatalogError(
            f"cannot ask the language model {name}",
            why="llm and its plugins know no model of this name",
            hint='list them with "llm models"; an address of your own goes into '
            "extra-openai-models.yaml, see docs/language-models.md",
        ) from error
    key = _key(model, name)
    return AskedModel(model, key, settings, world or World())


def _key(model: Any, name: str) -> str | None:
    """Return the key of a model; None where it needs none.

    Raises:
        CatalogError: it needs one, and there is none.

    """
    import llm

    try:
        found: str | None = model.get_key()
    except llm.NeedsKeyException as error:
        variable = f", or set {model.key_env_var}" if model.key_env_var else ""
        raise CatalogError(
            f"cannot ask the language model {name}",
            why="it needs a key, and there is none",
            hint=f"store one with: llm keys set {model.needs_key}{variable}",
        ) from error
    return found


class AskedModel:
    """A language model that answers several requests at a time."""

    def __init__(self, model: Any, key: str | None, settings: ReaderSettings, world: World) -> None:
        self.model = model
        self.settings = settings
        self.world = world
        self._key = key
        self._streams = False
        """Whether answers are asked for in parts."""
        self._options = _options(model, settings)
        _limit_client(model, settings)

    def ask(self, prompts: Mapping[AnswerKey, Prompt], asking: Asking, take: Take) -> None:
        """Ask in parallel, and hand over each answer as it comes.

        When interrupted, answers that have come are handed over first; requests that are on their
        way are given up, and their threads end with the process.
        """
        _Round(self, prompts, asking, take).run()

    def answer(self, prompt: Prompt, limits: "_Limits") -> Reply:
        """Ask once, with further attempts where they may help.

        Raises:
            _StopError: nothing more may be asked.
            _PassingError: all attempts failed.

        """
        retrying = Retrying(
            retry=retry_if_exception_type(_PassingError),
            stop=stop_after_attempt(self.settings.attempts),
            wait=self._wait,
            sleep=limits.pause,
            reraise=True,
        )
        reply: Reply = retrying(self._attempt, prompt, limits)
        return reply

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, _PassingError) else None
        return backoff(state, self.world.chance()) if asked is None else asked

    def _attempt(self, prompt: Prompt, limits: "_Limits") -> Reply:
        limits.begin(prompt)
        try:
            return self._prompt(prompt, limits)
        except Exception as error:
            limits.release(prompt)
            raise self._explained(error) from error

    def _prompt(self, prompt: Prompt, limits: "_Limits") -> Reply:
        system, message = prompt.system, prompt.message
        if not getattr(self.model, "allows_system_prompt", True):
            system, message = "", f"{system}\n\n{message}"
        schema = prompt.schema if self.model.supports_schema else None
        streams = self._streams
        try:
            reply = self._reply(message, system or None, schema, streams=streams)
        except AttributeError:
            if streams or not self.model.can_stream:
                raise
            self._streams = True  # llm needs the counts of tokens in answers that come at once
            reply = self._reply(message, system or None, schema, streams=True)
        limits.end(prompt, reply)
        return reply

    def _reply(
        self, message: str, system: str | None, schema: dict[str, Any] | None, *, streams: bool
    ) -> Reply:
        response = self.model.prompt(
            message, system=system, stream=streams, schema=schema, options=self._options
        )
        text, usage = response.text(), response.usage()
        return Reply(text=text, input_tokens=usage.input, output_tokens=usage.output)

    def _explained(self, error: Exception) -> Exception:
        """Tell whether another attempt may help, or nothing more is to be asked."""
        status, headers = _response_of(error)
        why = self._shown(error)
        if status in FORBIDDEN:
            return _StopError(f"the model's server refuses the key or the account: {why}")
        if status in UNKNOWN:
            return _RefusedError(why)
        asked = retry_after(headers, self.world.now())
        if status in PASSING and asked is not None and asked > self.settings.longest_wait:
            return _StopError(f"the model's server asks to wait for {asked:,.0f} seconds")
        return _PassingError(why, asked if status in PASSING else None)

    def _shown(self, error: Exception) -> str:
        """Return an error's text without keys."""
        text = f"{type(error).__name__}: {error}"
        if self._key:
            text = text.replace(self._key, "[key]")
        return one_line(SECRETS.sub("[key]", text), SHOWN)


class _RefusedError(Exception):
    """A request that would fail again."""


def _options(model: Any, settings: ReaderSettings) -> dict[str, Any]:
    """Return the options of the model that the user has set.

    Raises:
        CatalogError: the model has no such option.

    """
    try:
        found: dict[str, Any] = model.Options(**settings.options).model_dump(exclude_none=True)
    except ValueError as error:
        raise CatalogError(
            f"cannot ask the language model {model.model_id}",
            why=f"[reader.options] is refused: {one_line(str(error), SHOWN)}",
            hint=f"list the options of the model with: llm models --options -m {model.model_id}",
        ) from error
    return found


def _limit_client(model: Any, settings: ReaderSettings) -> None:
    """Let one client of `openai` serve all requests, without attempts of its own.

    `llm` makes a client for each request, which waits and repeats as it likes; here waits are
    shared, and every attempt is counted.
    """
    make: Callable[..., Any] | None = getattr(model, "get_client", None)
    if make is None:
        return
    lock, made = threading.Lock(), list[Any]()

    def client(*given: Any, **named: Any) -> Any:
        with lock:
            if not made:
                new = make(*given, **named)
                limited = getattr(new, "with_options", None)
                limits = {"max_retries": 0, "timeout": settings.timeout}
                made.append(limited(**limits) if limited else new)
            return made[0]

    model.get_client = client


def _response_of(error: BaseException | None) -> tuple[int | None, dict[str, str]]:
    """Find status and headers of the answer that an error of any library tells of."""
    while error is not None:
        response = getattr(error, "response", None)
        status = getattr(error, "status_code", None) or getattr(response, "status_code", None)
        if isinstance(status, int):
            headers = getattr(response, "headers", None) or {}
            return status, {str(name).lower(): str(value) for name, value in headers.items()}
        error = error.__cause__ or error.__context__
    return None, {}


class _Limits:
    """The limits that all requests of a command share: requests, tokens, pauses."""

    def __init__(self, settings: ReaderSettings, asking: Asking, world: World) -> None:
        self.settings = settings
        self.tally = asking.tally
        self.world = world
        self._lock = threading.Lock()
        self._reserved = 0
        self._resumes = 0.0

    def begin(self, prompt: Prompt) -> None:
        """Wait for the end of a common pause, and count a request.

        Raises:
            _StopError: it would pass a limit.

        """
        while (left := self._resumes - self.world.monotonic()) > 0:
            self.world.sleep(left)
        with self._lock:
            most, tokens = self.settings.max_requests, self.settings.max_tokens
            if most is not None and self.tally.requests >= most:
                raise _StopError(f"the limit of {most:,} requests is reached")
            expected = prompt.input_tokens + prompt.output_tokens
            spent = self.tally.input_tokens + self.tally.output_tokens + self._reserved
            if tokens is not None and spent + expected > tokens:
                raise _StopError(f"the limit of {tokens:,} tokens is reached")
            self.tally.requests += 1
            self._reserved += expected

    def end(self, prompt: Prompt, reply: Reply) -> None:
        """Count the tokens of an answer; what the model does not tell is estimated."""
        sent, received = reply.input_tokens, reply.output_tokens
        with self._lock:
            self.tally.input_tokens += prompt.input_tokens if sent is None else sent
            self.tally.output_tokens += prompt.output_tokens if received is None else received
            self._reserved -= prompt.input_tokens + prompt.output_tokens

    def release(self, prompt: Prompt) -> None:
        """Take back the tokens of a request that failed."""
        with self._lock:
            self._reserved -= prompt.input_tokens + prompt.output_tokens

    def pause(self, seconds: float) -> None:
        """Let all requests wait: a server that is overloaded for one is so for the others."""
        with self._lock:
            self._resumes = max(self._resumes, self.world.monotonic() + seconds)


class _Round:
    """The questions of one call, the threads that ask them, and the answers as they come."""

    def __init__(
        self,
        model: AskedModel,
        prompts: Mapping[AnswerKey, Prompt],
        asking: Asking,
        take: Take,
    ) -> None:
        self.model = model
        self.tally = asking.tally
        self.take = take
        self.limits = _Limits(model.settings, asking, model.world)
        self._left = len(prompts)
        self._in_a_row = 0
        """Questions without an answer, since the last that has one."""
        self._waiting: queue.SimpleQueue[tuple[AnswerKey, Prompt]] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self._stopped = threading.Event()
        for item in prompts.items():
            self._waiting.put(item)

    def run(self) -> None:
        """Ask, and hand over the answers; those that have come also when interrupted."""
        for _ in range(min(self.model.settings.parallel, self._left)):
            threading.Thread(target=self._work, daemon=True).start()
        taken: list[Done] = []
        try:
            while self._left:
                taken.append(self._done.get())
                self._hand_over(*taken[-1])
                taken.clear()
        except BaseException:
            self._stopped.set()
            while not self._done.empty():
                taken.append(self._done.get())
            for key, reply in taken:
                self.take(key, reply)
            raise

    def _hand_over(self, key: AnswerKey, reply: Reply | Unanswered) -> None:
        self.take(key, reply)
        self._left -= 1
        self._in_a_row = self._in_a_row + 1 if isinstance(reply, Unanswered) else 0
        if self._in_a_row >= IN_A_ROW * self.model.settings.parallel:
            self._stop(f"{self._in_a_row} questions in a row got no answer")

    def _stop(self, why: str) -> None:
        self._stopped.set()
        self.tally.stopped = self.tally.stopped or why

    def _work(self) -> None:
        """Ask one question after the other, until none is left."""
        while True:
            try:
                key, prompt = self._waiting.get_nowait()
            except queue.Empty:
                return
            self._done.put((key, self._asked(prompt)))

    def _asked(self, prompt: Prompt) -> Reply | Unanswered:
        if self._stopped.is_set():
            return Unanswered(NOT_ASKED)
        try:
            return self.model.answer(prompt, self.limits)
        except _StopError as error:
            self._stop(str(error))
            return Unanswered(NOT_ASKED)
        except Exception as error:  # whatever a library raises costs one answer
            return Unanswered(str(error))
