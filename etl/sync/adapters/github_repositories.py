"""Ask GitHub for stars, language, licence and state of the repositories that papers name.

https://docs.github.com/rest/repos/repos#get-a-repository, and for limits
https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api:
`x-ratelimit-remaining` of 0 means no request before `x-ratelimit-reset`; `retry-after` counts
first; an unchanged answer to a conditional request is free.
"""

import datetime as dt
import os
from typing import Annotated
from urllib.parse import quote

import msgspec
from msgspec import Meta, Struct, structs

from catalog.database.locks import locked
from etl.fetch import Answer, FetchError, Pace
from etl.plugins import SyncSource
from etl.sync import repository_facts
from etl.sync.repository_facts import Check, Due
from etl.sync.response_archive import Receipt
from etl.sync.settings import Count, Days, Hours, Seconds, SourceSettings
from etl.sync.source_run import SourceRun

GONE = frozenset({404, 410, 451})
ANSWERS = frozenset({200, 304, 403, 429}) | GONE
BATCH = 50
"""Repositories that are written down at a time."""
MANY_FAILURES = 3
"""So many at the beginning of a batch, without one good answer, are no repository's own."""
BLOCKED = "access blocked"
"""What GitHub says, with status 403, of a repository that it has taken down."""
A_MINUTE = dt.timedelta(minutes=1)
MOST_STARS = 2**31 - 1
"""What the database's integers hold."""
NO_LICENCE = "NOASSERTION"
"""SPDX's word for a licence that was not recognised."""


class Licence(Struct):
    """A licence as GitHub names it."""

    spdx_id: str | None = None


class Repository(Struct):
    """The fields that are read from GitHub's answer."""

    full_name: str
    stargazers_count: Annotated[int, Meta(le=MOST_STARS)]
    archived: bool = False
    language: str | None = None
    license: Licence | None = None


class LimitError(Exception):
    """GitHub's rate limit is used up until an instant."""

    def __init__(self, until: dt.datetime) -> None:
        super().__init__(f"the rate limit is used up until {until:%Y-%m-%d %H:%M} UTC")
        self.until = until


class GitHub(SourceSettings, frozen=True, kw_only=True):
    """Settings of the requests to GitHub."""

    base: str = "https://api.github.com"
    token_env: str = "GITHUB_TOKEN"  # noqa: S105 - the name of a variable
    most: Count = 1000
    again_after_hours: Hours = 20
    recent_days: Days = 90
    old_again_after_days: Days = 30
    pause: Seconds = 0.1


def sync(source_run: SourceRun, config: GitHub) -> dt.datetime | None:
    """Ask for every repository that is due; return when to go on if a rate limit ended it.

    Raises:
        FetchError: GitHub cannot be asked.

    """
    if source_run.window:
        source_run.note("skipped: GitHub knows only today's stars, not those of a range of days")
        return None
    with source_run.engine.begin() as connection:
        waiting = repository_facts.due(
            connection,
            now=source_run.world.now(),
            again=dt.timedelta(hours=config.again_after_hours),
            recent=dt.timedelta(days=config.recent_days),
            old_again=dt.timedelta(days=config.old_again_after_days),
            most=config.most,
        )
    until: dt.datetime | None = None
    while waiting and until is None:
        batch, waiting = waiting[:BATCH], waiting[BATCH:]
        until = _batch(source_run, config, batch)
    if until:
        source_run.note(
            f"GitHub's rate limit is used up; the next run after {until:%H:%M} UTC continues"
        )
    return until


def _batch(source_run: SourceRun, config: GitHub, batch: list[Due]) -> dt.datetime | None:
    """Ask for some repositories, and store the answers even if a limit ends the batch early."""
    found: list[Check] = []
    failures = 0
    try:
        for wanted in batch:
            try:
                check, until = _ask(source_run, config, wanted)
            except FetchError as error:
                failures += 1
                if error.status is None or (failures >= MANY_FAILURES and not found):
                    raise
                source_run.warn(f"{error.what}: {error.why}; the other repositories are asked for")
                continue
            found.append(check)
            if until:
                return until
    except LimitError as limit:
        return limit.until
    finally:
        with (
            locked(source_run.url, f"sync {source_run.name}", wait=source_run.wait),
            source_run.engine.begin() as connection,
        ):
            repository_facts.write(connection, found)
    return None


def _ask(source_run: SourceRun, config: GitHub, wanted: Due) -> tuple[Check, dt.datetime | None]:
    """Ask for one repository; return also when to go on if this request used up the limit.

    Raises:
        LimitError: the limit is used up.

    """
    path = f"/repos/{quote(wanted.owner, safe='')}/{quote(wanted.name, safe='')}"
    address = config.base.rstrip("/") + path
    answer = source_run.ask(
        address,
        headers=_headers(config, wanted),
        accept=ANSWERS,
        passing=frozenset({408, 500, 502, 503, 504}),
        pace=Pace("github", config.pause),
    )
    until = rest_until(answer)
    if answer.status in {403, 429} and not _is_gone(answer):
        if until is None:
            raise FetchError(
                f"cannot fetch {address}",
                why=f"GitHub answered {answer.status}: {message(answer.body)}",
                hint=f"check the token in {config.token_env}",
                status=answer.status,
            )
        raise LimitError(until)
    if answer.status == 200:
        receipt = Receipt(
            source=source_run.name,
            address=address,
            body=answer.body,
            received_at=answer.received_at,
        )
        source_run.keep(receipt)
    return understood(wanted, answer), until


def _is_gone(answer: Answer) -> bool:
    """Return true if the repository is there no more, or blocked."""
    is_blocked = answer.status == 403 and BLOCKED in message(answer.body).lower()
    return answer.status in GONE or is_blocked


def _headers(config: GitHub, wanted: Due) -> dict[str, str]:
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    token = os.environ.get(config.token_env, "").strip()
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if wanted.last and wanted.last.etag:
        headers["If-None-Match"] = wanted.last.etag
    return headers


def rest_until(answer: Answer) -> dt.datetime | None:
    """Return the instant before which GitHub wants no further request, or None."""
    asked = answer.headers.get("retry-after", "")
    if asked.isdigit():
        return answer.received_at + dt.timedelta(seconds=min(int(asked), 86_400))
    reset = answer.headers.get("x-ratelimit-reset", "")
    if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
        # By the clock of the server, which counts the seconds.
        then = dt.datetime.fromtimestamp(min(int(reset), 2**33), dt.UTC)
        ahead = answer.received_at - (answer.server_time or answer.received_at)
        return max(then + ahead, answer.received_at)
    limited = answer.status == 429 or (
        answer.status == 403 and "rate limit" in message(answer.body).lower()
    )
    return answer.received_at + A_MINUTE if limited else None


def message(body: bytes) -> str:
    """Return the message of an answer that is no repository."""
    try:
        said = msgspec.json.decode(body, type=dict[str, msgspec.Raw]).get("message")
        return str(msgspec.json.decode(said, type=str))[:300] if said else ""
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""


def understood(wanted: Due, answer: Answer) -> Check:
    """Convert an answer to a check of a repository.

    Raises:
        FetchError: it is broken.

    """
    last = wanted.last or Check(key=wanted.key, state="alive", checked_at=answer.received_at)
    if _is_gone(answer):
        return structs.replace(last, state="gone", checked_at=answer.received_at, etag=None)
    if answer.status == 304:
        return structs.replace(last, checked_at=answer.received_at)
    try:
        said = msgspec.json.decode(answer.body, type=Repository)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FetchError(
            f"cannot use the answer from {answer.address}",
            why=f"it is broken: {error}",
            hint="wait: the next run asks again",
            status=answer.status,
        ) from error
    moved = said.full_name.lower() != f"{wanted.owner}/{wanted.name}".lower()
    licence = said.license.spdx_id if said.license else None
    return Check(
        key=wanted.key,
        state="moved" if moved else "alive",
        moved_to=said.full_name if moved else None,
        stars=max(0, said.stargazers_count),
        language=said.language,
        licence=None if licence == NO_LICENCE else licence,
        archived=said.archived,
        etag=answer.headers.get("etag"),
        checked_at=answer.received_at,
    )


SOURCE = SyncSource(
    name="github",
    title="GitHub: stars, licence and state of repositories",
    settings=GitHub,
    sync=sync,
    goes_last=True,
    template="""\
# Stars, language, licence and state of the repositories that papers name.
[sources.github]
# token_env = "GITHUB_TOKEN"  # the environment variable with a token; it needs no permissions.
#                             # Without one GitHub answers 60 requests an hour instead of 5,000.
# most = 1000               # repositories in one run
# again_after_hours = 20    # those of papers of the last `recent_days`
# recent_days = 90
# old_again_after_days = 30 # all others
# base = "https://api.github.com"       # or that of GitHub Enterprise
# pause = 0.1               # seconds between requests
""",
)
