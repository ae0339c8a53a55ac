"""Mail digests: each issue once to each address, even after an interruption.

A row is written before the mail is handed over. If the server refuses, the row goes and the next
run tries again; if the run is cut off in between, it stays, and the mail is not sent a second time.
"""

import datetime as dt
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from msgspec import Struct
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from catalog.domain.errors import CatalogError
from catalog.models import table
from catalog.publish.mail import compose, mailbox, message_id
from catalog.reads.digest import Issue, newest_day, of_day, of_search
from catalog.reads.drivers import run
from etl.fetch import World
from etl.fetch.errors import UncertainError
from etl.fetch.mail import Mailer, MailServer, mailer
from etl.sync.config import Digest

Opens = Callable[[MailServer], AbstractContextManager[Mailer]]


class Sent(Struct, kw_only=True):
    """The addresses that an issue was sent to, had reached before, or failed to reach."""

    subject: str
    sent: list[str] = []
    already: list[str] = []
    """Addresses that had it before."""
    failed: dict[str, str] = {}
    """Address -> why it did not go."""
    hint: str | None = None


def due(engine: Engine, config: Digest, today: dt.date) -> Issue | None:
    """Return the issue to send, that of the newest day that is over; None without papers."""
    with engine.connect() as connection, connection.begin():
        day = run(connection, newest_day(before=today))
        if day is None:
            return None
        if config.query:
            issue = run(connection, of_search(config.query, day, site=config.site))
        else:
            issue = run(connection, of_day(day, site=config.site))
    return issue if issue.items else None


def server_of(config: Digest) -> MailServer:
    """Return the configured mail server; its password comes from the environment."""
    return MailServer(
        host=config.host,
        port=config.port,
        security=config.security,
        username=config.username,
        password=os.environ.get(config.password_env),
        ca_file=config.ca_file,
        timeout=config.timeout,
    )


def deliver(
    engine: Engine, issue: Issue, config: Digest, world: World, *, opens: Opens = mailer
) -> Sent:
    """Send an issue to the addresses that have not received it yet."""
    sent = Sent(subject=issue.subject, sent=[], already=[], failed={})
    waiting: list[str] = []
    for address in recipients(config):
        (waiting if not _had(engine, issue, address) else sent.already).append(address)
    if not waiting:
        return sent
    try:
        with opens(server_of(config)) as ready:
            for address in waiting:
                _send(engine, issue, config, world, ready, address, sent)
    except CatalogError as error:
        left = [a for a in waiting if a not in sent.sent and a not in sent.failed]
        sent.failed.update(dict.fromkeys(left, f"{error.what}: {error.why}"))
        sent.hint = error.hint
    return sent


def recipients(config: Digest) -> Sequence[str]:
    """List the addresses, each once, in lower case, since mailboxes ignore case.

    Raises:
        CatalogError: one of them is no mail address.

    """
    mailbox(config.from_)
    return list(dict.fromkeys(mailbox(to).addr_spec.lower() for to in config.to))


def _had(engine: Engine, issue: Issue, address: str) -> bool:
    rows = table("deliveries")
    with engine.begin() as connection:
        found = connection.execute(
            select(rows.c.id).where(rows.c.subject == issue.subject, rows.c.address == address)
        )
        return found.first() is not None


def _send(
    engine: Engine,
    issue: Issue,
    config: Digest,
    world: World,
    ready: Mailer,
    address: str,
    sent: Sent,
) -> None:
    rows = table("deliveries")
    mine = (rows.c.subject == issue.subject) & (rows.c.address == address)
    message = compose(issue, sender=config.from_, to=address, now=world.now())
    try:
        with engine.begin() as connection:
            connection.execute(
                insert(rows).values(
                    subject=issue.subject,
                    address=address,
                    state="sending",
                    message_id=message_id(issue, address, mailbox(config.from_).domain),
                    sent_at=world.now(),
                )
            )
    except IntegrityError:  # Another run was quicker.
        sent.already.append(address)
        return
    try:
        ready.send(message, address)
    except UncertainError as error:
        sent.failed[address], sent.hint = f"{error.what}: {error.why}", error.hint
        return
    except CatalogError as error:
        with engine.begin() as connection:
            connection.execute(delete(rows).where(mine))
        sent.failed[address], sent.hint = f"{error.what}: {error.why}", error.hint
        return
    with engine.begin() as connection:
        connection.execute(update(rows).where(mine).values(state="sent", sent_at=world.now()))
    sent.sent.append(address)
