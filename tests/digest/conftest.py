"""Fixtures: a catalog with a digest, and a configuration of its mail."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from catalog.database.engine import opened
from catalog.domain.records import DigestMention, Identifier, LinkRecord, PaperRecord
from etl.sync.config import Digest
from tests.digest.mailhost import Mailbox, mailhost
from tests.load_invented import Doc, load

DAY = dt.date(2025, 3, 11)
EVIL = '<script>alert("x")</script> & [a](javascript:alert(1)) `b` \x1b[31m\u202e'


def paper(number: int, title: str, **more: object) -> PaperRecord:
    mention = DigestMention(
        source="hf-daily",
        day=DAY,
        rank=number,
        upvotes=more.pop("upvotes", None),  # type: ignore[arg-type]
    )
    fields = {
        "title": title,
        "identifiers": (Identifier(scheme="arxiv", value=f"2503.{number:05d}"),),
        "authors": ("Ada Invented", "Bob Invented"),
        "digest": mention,
        **more,
    }
    return PaperRecord(**fields)  # type: ignore[arg-type]


@pytest.fixture
def filled(url: str) -> Iterator[Engine]:
    """A catalog with a day of four papers."""
    code = LinkRecord(url="https://github.com/ada/nets", kind="github", found_in="githubRepo")
    doc = Doc(
        name="day",
        pieces=(
            paper(1, "A Quiet Paper That Nobody Voted For"),
            paper(2, "A Loved Paper", upvotes=50, abstract="We get 91% accuracy on SetA. Fine."),
            paper(3, "A Paper With Code", upvotes=7, links=(code,)),
            paper(4, EVIL, upvotes=9, abstract=f"We get 12% recall on SetB {EVIL}."),
        ),
    )
    with opened(url) as engine:
        load(engine, doc)
        with engine.begin() as connection:
            for day, stars in (("2025-03-05", 100), ("2025-03-10", 150)):
                connection.execute(
                    text("INSERT INTO repository_stars VALUES ('github.com/ada/nets', :d, :s)"),
                    {"d": day, "s": stars},
                )
            connection.execute(
                text(
                    "UPDATE results SET sentence = 'We get 91% accuracy on SetA.'"
                    " WHERE text = '91%'"
                )
            )
            connection.execute(
                text("UPDATE results SET sentence = :evil WHERE text = '12%'"),
                {"evil": f"We get 12% recall on SetB {EVIL}."},
            )
        yield engine


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Mailbox]:
    with mailhost(tmp_path) as found:
        yield found


@pytest.fixture
def config(host: Mailbox) -> Callable[..., Digest]:
    def call(**changes: object) -> Digest:
        fields = {
            "to": ("Ada <ada@example.org>", "bob@example.org"),
            "from_": "Papers <papers@example.org>",
            "host": "127.0.0.1",
            "port": host.port,
            "security": "none",
            **changes,
        }
        return Digest(**fields)  # type: ignore[arg-type]

    return call
