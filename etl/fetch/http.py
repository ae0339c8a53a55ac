"""An HTTP client that limits sizes, retries, paces its requests and verifies TLS."""

import datetime as dt
import ssl
import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpx
from msgspec import Struct
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from etl.fetch.errors import FetchError
from etl.fetch.waiting import Pace, Pacer, backoff, retry_after, server_time
from etl.fetch.world import World

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSING = frozenset({408, 429, 500, 502, 503, 504})
"""Answers that another attempt may better."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
RATE_EXCEEDED = b"rate exceeded"
"""What arXiv answers to hasty clients, with status 200."""
ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip"})
"""One coding at most: each may make an answer a thousand times as large."""
SECRET = frozenset({"authorization", "cookie"})
"""Headers that go to no other host than the one that was asked."""


class Limits(Struct, frozen=True, kw_only=True):
    """The limits of a request: attempts, seconds, bytes, redirects."""

    attempts: int = 5
    connect: float = 10.0
    read: float = 30.0
    """Seconds between two chunks of an answer."""
    whole: float = 600.0
    """Seconds for all of an answer."""
    size: int = 64 * 1024 * 1024
    """Bytes of an answer, decompressed."""
    redirects: int = 5
    longest_wait: float = 600.0
    """Seconds that `Retry-After` may ask for; a longer wait is left to the next run."""


class Answer(Struct, frozen=True, kw_only=True):
    """An HTTP response of a publisher."""

    address: str
    """The address that was asked."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    received_at: dt.datetime

    @property
    def server_time(self) -> dt.datetime | None:
        """The publisher's own clock, from the `Date` header."""
        return server_time(self.headers)


class _PassingError(Exception):
    """A failed attempt that is worth repeating."""

    def __init__(self, why: str, answer: Answer | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.answer = answer


class Fetcher:
    """An HTTP client that sends one request at a time."""

    def __init__(
        self,
        client: httpx.Client,
        world: World,
        limits: Limits,
        hosts: frozenset[str] = frozenset(),
    ) -> None:
        self.client = client
        self.hosts = hosts
        """Hosts of publishers, with their ports, that redirects may lead to."""
        self.world = world
        self.limits = limits
        self.requests = 0
        """Requests sent so far, attempts and redirects among them."""
        self._pacer = Pacer(world)

    def get(
        self,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        accept: frozenset[int] = frozenset({200}),
        passing: frozenset[int] = PASSING,
        pace: Pace | None = None,
    ) -> Answer:
        """Request an address, with further attempts where they may help; return the answer.

        `accept` are statuses that the caller understands, `passing` those worth another attempt.

        Raises:
            FetchError: no attempt got an accepted answer.

        """
        secure(address)
        retrying = Retrying(
            retry=retry_if_exception_type(_PassingError),
            stop=stop_after_attempt(self.limits.attempts),
            wait=self._wait,
            sleep=self.world.sleep,
            reraise=True,
        )
        try:
            answer: Answer = retrying(self._attempt, address, headers or {}, accept, passing, pace)
        except _PassingError as error:
            raise self._failed(address, error.why, error.answer) from error
        if answer.status not in accept:
            raise self._failed(address, _said(answer), answer)
        return answer

    def _attempt(
        self,
        address: str,
        headers: Mapping[str, str],
        accept: frozenset[int],
        passing: frozenset[int],
        pace: Pace | None,
    ) -> Answer:
        try:
            answer = self._followed(address, headers, accept, pace)
        except httpx.TransportError as error:
            why = str(error) or "no answer in time"
            raise _PassingError(f"{type(error).__name__}: {why}") from error
        except httpx.InvalidURL as error:
            raise FetchError(
                f"cannot fetch {address}",
                why=f"it is not a valid address, or redirects to one that is not: {error}",
                hint="check the address in the configuration",
            ) from error
        except httpx.DecodingError as error:
            raise _PassingError(f"its compressed bytes are damaged: {error}") from error
        if answer.body[:100].strip().lower().startswith(RATE_EXCEEDED):
            raise _PassingError('the server answered "Rate exceeded."', answer)
        if answer.status in passing and answer.status not in accept:
            asked = retry_after(answer.headers, self.world.now())
            if asked is not None and asked > self.limits.longest_wait:
                raise self._failed(address, _said(answer), answer)
            raise _PassingError(_said(answer), answer)
        return answer

    def _followed(
        self, address: str, headers: Mapping[str, str], accept: frozenset[int], pace: Pace | None
    ) -> Answer:
        """Send a request, and follow redirects."""
        here, sent = address, dict(headers)
        for _ in range(self.limits.redirects + 1):
            self._pacer.wait(pace)
            answer = self._once(address, here, sent)
            to = answer.headers.get("location")
            if answer.status not in REDIRECTS or answer.status in accept or not to:
                return answer
            there = urljoin(here, to)
            if urlsplit(there).scheme != urlsplit(address).scheme:
                raise FetchError(
                    f"cannot fetch {address}",
                    why=f"it redirects to another scheme: {there[:200]}",
                    hint="if the publisher has moved, put the new address into the configuration",
                    status=answer.status,
                )
            if not self._may_lead(address, there):
                raise FetchError(
                    f"cannot fetch {address}",
                    why=f"it redirects to a host that no source is configured for: {there[:200]}",
                    hint="if the publisher has moved, put the new address into the configuration",
                    status=answer.status,
                )
            if urlsplit(there).netloc != urlsplit(here).netloc:
                sent = {name: value for name, value in sent.items() if name.lower() not in SECRET}
            here = there
        raise FetchError(
            f"cannot fetch {address}",
            why=f"it redirects more than {self.limits.redirects} times",
            hint="check the address in a browser",
        )

    def _may_lead(self, address: str, there: str) -> bool:
        """Return true if a redirect stays with the publisher, or leads to a configured one."""
        asked, led = urlsplit(address), urlsplit(there)
        ours, theirs = asked.netloc.lower(), led.netloc.lower()
        if theirs == ours or theirs in self.hosts:
            return True
        is_local = LOOPBACK & {asked.hostname, led.hostname}
        return not is_local and (theirs.endswith(f".{ours}") or ours.endswith(f".{theirs}"))

    def _once(self, address: str, here: str, headers: Mapping[str, str]) -> Answer:
        self.requests += 1
        begun = self.world.monotonic()
        with self.client.stream("GET", here, headers=dict(headers)) as response:
            coding = response.headers.get("content-encoding", "").strip().lower()
            if coding not in ENCODINGS:
                raise FetchError(
                    f"cannot fetch {address}",
                    why=f"the answer is compressed as {coding[:50]!r}, which was not asked for",
                    hint="wait: the next run asks again",
                    status=response.status_code,
                )
            body = bytearray()
            for chunk in response.iter_bytes(1 << 16):
                body += chunk
                if len(body) > self.limits.size:
                    raise FetchError(
                        f"cannot fetch {address}",
                        why=f"the answer is larger than {self.limits.size:,} bytes",
                        hint="check the address, or raise max_megabytes in [http]",
                        status=response.status_code,
                    )
                if self.world.monotonic() - begun > self.limits.whole:
                    raise _PassingError(
                        f"the answer was not complete after {self.limits.whole:g} seconds"
                    )
            return Answer(
                address=address,
                status=response.status_code,
                headers={name.lower(): value for name, value in response.headers.items()},
                body=bytes(body),
                received_at=self.world.now(),
            )

    def _wait(self, state: RetryCallState) -> float:
        """Return the seconds that the publisher asks for, else ever longer ones."""
        error = state.outcome.exception() if state.outcome else None
        answer = error.answer if isinstance(error, _PassingError) else None
        asked = retry_after(answer.headers, self.world.now()) if answer else None
        return backoff(state, self.world.chance()) if asked is None else asked

    def _failed(self, address: str, why: str, answer: Answer | None) -> FetchError:
        asked = retry_after(answer.headers, self.world.now()) if answer else None
        return FetchError(
            f"cannot fetch {address}",
            why=why,
            hint=_mend(answer.status if answer else None),
            status=answer.status if answer else None,
            resume_at=self.world.now() + dt.timedelta(seconds=asked) if asked else None,
        )


def secure(address: str) -> str:
    """Check that an address is https, or http on this machine; return it.

    Raises:
        FetchError: it is neither.

    """
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return address
    raise FetchError(
        f"cannot fetch {address}",
        why="the address does not begin with https://",
        hint="use https:// (plain http is allowed only for this machine)",
    )


def _said(answer: Answer) -> str:
    asked = answer.headers.get("retry-after")
    later = f" and asks to wait; Retry-After: {asked}" if asked else ""
    return f"the server answered {answer.status}{later}"


def _mend(status: int | None) -> str:
    if status is None:
        return "check the network; the next run tries again"
    if status in {401, 403}:
        return "check the token and what it may read"
    if status == 429 or status >= 500:
        return "wait: the next run tries again"
    return "check the address in the configuration: the publisher may have moved"


@cache
def verified() -> ssl.SSLContext:
    """Return a TLS context that verifies servers; made once, as reading certificates is slow."""
    return httpx.create_ssl_context()


@contextmanager
def fetcher(
    *,
    contact: str,
    version: str,
    world: World,
    limits: Limits,
    hosts: frozenset[str] = frozenset(),
    **options: Any,
) -> Iterator[Fetcher]:
    """Open a client that names itself to publishers (RFC 9110, User-Agent).

    A header holds ASCII only: what else is in `contact` is percent-encoded.
    """
    contact = quote(contact, safe=string.punctuation + " ")
    agent = f"paper-catalog/{version} ({contact})" if contact else f"paper-catalog/{version}"
    with httpx.Client(
        headers={"User-Agent": agent, "Accept-Encoding": "gzip"},
        timeout=httpx.Timeout(limits.read, connect=limits.connect),
        follow_redirects=False,
        verify=verified(),
        limits=httpx.Limits(max_connections=1),
        **options,
    ) as client:
        yield Fetcher(client, world, limits, hosts)
