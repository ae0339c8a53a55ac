"""Store what a host says about repositories: the latest facts, and the stars of each day."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, structs
from sqlalchemy import Connection, false, func, insert, not_, or_, select, update

from catalog.models import table
from etl.ingest.sql_helpers import chunks

HOST = "github.com"


class Check(Struct, frozen=True, kw_only=True):
    """The answer of a host about a repository."""

    key: str
    state: str
    checked_at: dt.datetime
    moved_to: str | None = None
    stars: int | None = None
    language: str | None = None
    licence: str | None = None
    archived: bool | None = None
    etag: str | None = None


class Due(Struct, frozen=True, kw_only=True):
    """A repository that is due for a check."""

    key: str
    owner: str
    name: str
    last: Check | None = None
    """What the host said the last time."""


def due(
    connection: Connection,
    *,
    now: dt.datetime,
    again: dt.timedelta,
    recent: dt.timedelta,
    old_again: dt.timedelta,
    most: int,
) -> list[Due]:
    """List the repositories to check; those of papers first seen within `recent` come first.

    They are due `again` after the last time, the others, and those that are gone, `old_again` after
    it; of each those never asked for come first, then the longest unasked. So an archive with many
    thousands of repositories does not keep the stars of this week's from being observed.
    """
    repositories, checks = table("repositories"), table("repository_checks")
    links, papers = table("links"), table("papers")
    seen = (
        select(func.max(papers.c.first_seen_on))
        .join(links, links.c.paper_id == papers.c.id)
        .where(links.c.repository_id == repositories.c.id)
        .scalar_subquery()
    )
    is_recent = func.coalesce(seen >= (now - recent).date(), false())
    is_there = checks.c.state != "gone"
    query = (
        select(
            repositories.c.key,
            repositories.c.owner,
            repositories.c.name,
            *(checks.c[column].label(f"last_{column}") for column in Check.__struct_fields__),
        )
        .outerjoin(checks, checks.c.key == repositories.c.key)
        .where(
            repositories.c.host == HOST,
            or_(
                checks.c.key.is_(None),
                checks.c.checked_at <= now - old_again,
                is_recent & is_there & (checks.c.checked_at <= now - again),
            ),
        )
        .order_by(
            not_(is_recent),
            checks.c.checked_at.is_not(None),
            checks.c.checked_at,
            repositories.c.key,
        )
        .limit(most)
    )
    return [_due(row._mapping) for row in connection.execute(query)]


def _due(row: Mapping[Any, Any]) -> Due:
    last = {column: row[f"last_{column}"] for column in Check.__struct_fields__}
    return Due(
        key=row["key"],
        owner=row["owner"],
        name=row["name"],
        last=Check(**last) if last["key"] else None,
    )


def write(connection: Connection, found: Sequence[Check]) -> None:
    """Store checks, and the stars of the day."""
    checks, stars = table("repository_checks"), table("repository_stars")
    for check in found:
        values = structs.asdict(check)
        key = values.pop("key")
        changed = connection.execute(update(checks).where(checks.c.key == key).values(**values))
        if not changed.rowcount:
            connection.execute(insert(checks).values(key=key, **values))
        if check.stars is None or check.state == "gone":
            continue
        day = check.checked_at.astimezone(dt.UTC).date()
        today = (stars.c.key == key) & (stars.c.day == day)
        if not connection.execute(update(stars).where(today).values(stars=check.stars)).rowcount:
            connection.execute(insert(stars).values(key=key, day=day, stars=check.stars))
    apply(connection, [check.key for check in found])


def apply(connection: Connection, keys: Sequence[str] | None = None) -> None:
    """Copy stored checks to repositories: those in `keys`, or those that came back.

    A repository's row goes with the last paper that names it, what was said of it stays.
    """
    repositories, checks = table("repositories"), table("repository_checks")
    query = select(checks).join(repositories, repositories.c.key == checks.c.key)
    if keys is None:
        rows = connection.execute(query.where(repositories.c.checked_at.is_(None))).all()
    else:
        rows = [
            row
            for chunk in chunks(keys)
            for row in connection.execute(query.where(checks.c.key.in_(chunk)))
        ]
    for row in rows:
        connection.execute(
            update(repositories)
            .where(repositories.c.key == row.key)
            .values(
                state=row.state,
                stars=row.stars,
                language=row.language,
                licence=row.licence,
                archived=row.archived,
                checked_at=row.checked_at,
            )
        )
