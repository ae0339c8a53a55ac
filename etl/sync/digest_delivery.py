"""Mail digests: each issue once to each address, even after an interruption.

A row is written directly before the last byte of the mail, without which no server delivers it. If
the server refuses, the row goes and the next run tries again; if the run is cut off between that
byte and the server's answer, it stays: the mail may have arrived, and is not sent a second time
unless somebody asks for it.
"""

import datetime as dt
import os
import shlex
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager

from msgspec import Struct
from sqlalchemy import Engine, Executable, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from catalog.domain.errors import CatalogError
from catalog.models import table
from catalog.publish.mail import compose, mailbox, message_id
from catalog.reads.digest import Issue, newest_day, of_day, of_search
from catalog.reads.drivers import run
from etl.fetch import World
from etl.fetch.errors import UncertainError
from etl.fetch.mail import ClaimedError, Mailer, MailServer, mailer
from etl.sync.config import Digest

UNCERTAIN = "another run was cut off, or is still waiting for the server"
"""Why nobody knows whether an address has an issue."""

Opens = Callable[[MailServer], AbstractContextManager[Mailer]]


class Sent(Struct, kw_only=True):
    """The addresses that an issue was sent to, had reached before, or failed to reach."""

    issue: Issue
    sent: list[str] = []
    already: list[str] = []
    """Addresses that had it before."""
    uncertain: list[str] = []
    """Addresses that may have it: another run did not hear whether the server took it."""
    failed: dict[str, CatalogError] = {}
    """Address -> why it did not go, and what to do."""

    @property
    def subject(self) -> str:
        """The subject of the issue."""
        return self.issue.subject

    def failures(self) -> list[tuple[CatalogError, list[str]]]:
        """List what went wrong, each with all addresses that it kept from having the issue."""
        errors = {id(error): error for error in self.failed.values()}
        return [
            (error, [address for address, why in self.failed.items() if why is error])
            for error in errors.values()
        ]


def hint_of(issue: Issue, address: str) -> str:
    """Write what to do about an issue that an address may have: look, then send that very issue."""
    return f"look into the mailbox; if it is not there: {command_again(issue, address)}"


def command_again(issue: Issue, address: str) -> str:
    """Write the command that sends an issue to one address again, whatever is due by then."""
    query = ["--query", issue.query] if issue.query else []
    when = [issue.period] if issue.period else []
    return shlex.join(["catalog", "digest", *when, *query, "--send", "--again", address])


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
    """Send an issue to the configured addresses that have not received it yet."""
    sent = Sent(issue=issue)
    waiting: list[str] = []
    states = _states(engine, issue)
    places = {None: waiting, "sent": sent.already, "sending": sent.uncertain}
    for address in recipients(config):
        places[states.get(address)].append(address)
    if not waiting:
        return sent
    try:
        with opens(server_of(config)) as ready:
            for address in waiting:
                _send(engine, issue, config, world, ready, address, sent)
    except CatalogError as error:
        left = [a for a in waiting if a not in sent.sent and a not in sent.failed]
        sent.failed.update(dict.fromkeys(left, error))
    return sent


def recipients(config: Digest) -> Sequence[str]:
    """List the addresses, each once, in lower case, since mailboxes ignore case.

    Raises:
        CatalogError: one of them is no mail address.

    """
    mailbox(config.from_)
    return list(dict.fromkeys(mailbox(to).addr_spec.lower() for to in config.to))


def forget(engine: Engine, issue: Issue, addresses: Collection[str]) -> None:
    """Forget that an issue was sent to these addresses, so that it goes to them again."""
    rows = table("deliveries")
    mine = rows.c.address.in_([address.lower() for address in addresses])
    with engine.begin() as connection:
        connection.execute(delete(rows).where(rows.c.subject == issue.subject, mine))


def _states(engine: Engine, issue: Issue) -> dict[str, str]:
    """Return the states of an issue's deliveries by address."""
    rows = table("deliveries")
    asked = select(rows.c.address, rows.c.state).where(rows.c.subject == issue.subject)
    with engine.begin() as connection:
        return {str(address): str(state) for address, state in connection.execute(asked)}


def _send(
    engine: Engine,
    issue: Issue,
    config: Digest,
    world: World,
    ready: Mailer,
    address: str,
    sent: Sent,
) -> None:
    message = compose(issue, sender=config.from_, to=address, now=world.now())
    row = _Row(engine, issue, address, config, world)
    try:
        ready.send(message, address, row.claim)
    except ClaimedError:
        is_done = _states(engine, issue).get(address) == "sent"
        (sent.already if is_done else sent.uncertain).append(address)
    except UncertainError as error:
        error.hint = hint_of(issue, address)
        sent.failed[address] = error
    except CatalogError as error:
        row.take_back()
        sent.failed[address] = error
    else:
        row.close()
        sent.sent.append(address)


class _Row:
    """The row that says that one address has an issue, or may have it."""

    def __init__(
        self, engine: Engine, issue: Issue, address: str, config: Digest, world: World
    ) -> None:
        self.engine, self.world, self.is_mine = engine, world, False
        self.rows = table("deliveries")
        self.values = {"subject": issue.subject, "address": address, "state": "sending"}
        self.values["message_id"] = message_id(issue, address, mailbox(config.from_).domain)
        self.mine = (self.rows.c.subject == issue.subject) & (self.rows.c.address == address)

    def claim(self) -> bool:
        """Write the row; false if another run was quicker."""
        if not self.is_mine:
            try:
                self._run(insert(self.rows).values(**self.values, sent_at=self.world.now()))
            except IntegrityError:
                return False
            self.is_mine = True
        return True

    def take_back(self) -> None:
        """Delete the row of a mail that the server refused."""
        if self.is_mine:
            self._run(delete(self.rows).where(self.mine))

    def close(self) -> None:
        """Write that the server accepted the mail."""
        done = {"state": "sent", "sent_at": self.world.now()}
        self._run(update(self.rows).where(self.mine).values(**done))

    def _run(self, statement: Executable) -> None:
        with self.engine.begin() as connection:
            connection.execute(statement)
