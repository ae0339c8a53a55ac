"""Tests that documents are forgotten by steps, each of which leaves a whole catalog."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from catalog.database.engine import opened
from catalog.domain.records import PaperRecord, ResultRecord
from catalog.models import table
from etl.ingest import document_plan
from tests.conftest import Fresh
from tests.load_invented import Doc, forget, load, writer_on
from tests.snapshot import snapshot

NAMES = ("authors", "datasets", "metrics", "repositories")
STEPS = 4
"""One for the state of the document, and one for each of its papers."""


def about(number: int) -> PaperRecord:
    return PaperRecord(
        title=f"A Paper of Number {number}",
        abstract=f"It has 9{number}% accuracy on Set{number}. https://github.com/a/b{number}",
        authors=(f"Author {number}",),
    )


FIRST = Doc("first", (about(1), about(2), about(3)))
SECOND = Doc("second", (about(4),))


class KilledError(BaseException):
    """The power went: nothing after this is done."""


def killed_after(begin: Callable[[], Any], steps: int) -> Callable[[], Any]:
    """Return what begins a transaction, but only so many times."""
    left = iter(range(steps))

    def next_step() -> Any:
        if next(left, None) is None:
            raise KilledError
        return begin()

    return next_step


@pytest.mark.parametrize("steps", range(STEPS))
def test_forgetting_leaves_no_names_wherever_it_is_killed(
    fresh: Fresh, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_plan, "BATCH", 1)
    with opened(fresh("killed")) as killed, opened(fresh("rest")) as rest:
        load(rest, SECOND)
        load(killed, FIRST, SECOND)
        documents = table("documents")
        wanted = select(documents.c.id).where(documents.c.name == FIRST.name)
        with killed.connect() as connection:
            with connection.begin():
                number = connection.execute(wanted).scalar_one()
            step = killed_after(connection.begin, steps)
            with pytest.raises(KilledError):
                document_plan.forget_document(writer_on(connection), number, transaction=step)
        found = snapshot(killed)
        left = {row[0] for row in found["papers"]}
        assert len(left) == STEPS - max(0, steps - 1)
        assert [len(found[name]) for name in NAMES] == [len(left), len(left), 1, len(left)]
        forget(killed, [FIRST.name])
        assert snapshot(killed) == snapshot(rest)


def spelling(dataset: str, task: str) -> PaperRecord:
    """A record of one number, whose dataset's text is more than its name."""
    stated = ResultRecord(
        text="91", metric="accuracy", dataset=dataset, dataset_text="Set-B, test", task=task
    )
    return PaperRecord(title="A Paper of One Number", results=(stated,))


@pytest.mark.parametrize("gone", ["SETB", "Set-B"])
def test_a_spelling_goes_with_the_last_record_that_has_it(fresh: Fresh, gone: str) -> None:
    other = "Set-B" if gone == "SETB" else "SETB"
    left = Doc("left", (spelling(other, "Parsing"),))
    with opened(fresh("forgot")) as forgot, opened(fresh("rest")) as rest:
        load(rest, left)
        load(forgot, Doc("goes", (spelling(gone, "parsing"),), format="publisher"), left)
        forget(forgot, ["goes"])
        assert snapshot(forgot)["datasets"] == snapshot(rest)["datasets"]
        load(forgot, Doc("goes", (spelling(gone, "parsing"),), format="list"))
        load(forgot, Doc("goes", (), format="list"))
        assert snapshot(forgot)["datasets"] == snapshot(rest)["datasets"]
