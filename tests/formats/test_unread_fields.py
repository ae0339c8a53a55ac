"""Tests that unknown fields are counted in every format, and reported once."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from io import BytesIO

import msgspec
import pytest
from msgspec import Raw, Struct

from etl.formats import Reading
from etl.formats.toolkit.unread_fields import LONGEST_NAME, MOST_NAMES, elements_of, shape_of, tally
from etl.formats.toolkit.xml_stream import elements
from etl.plugins import formats


class Row(Struct):
    value: int


class Table(Struct, rename="camel"):
    sub_tables: Sequence["Table"] | None = ()
    rows: Sequence[Raw] = ()
    first: Row | None = None


IGNORED = {"note": "anywhere", "Row.colour": "of a row only"}
SHAPE = shape_of(Table, IGNORED, {"Table.rows": Row})


@pytest.mark.parametrize(
    ("value", "unread"),
    [
        ({"subTables": None, "rows": [], "first": {"value": 1}}, {}),
        ({"sub_tables": []}, {"sub_tables": 1}),
        ({"note": 1, "first": {"value": 1, "note": 2, "colour": 3}}, {}),
        ({"colour": 1}, {"colour": 1}),
        ({"rows": [{"x": 1}, {"x": 2, "value": 3}, {"y": {"z": 1}}]}, {"rows.x": 2, "rows.y": 1}),
        ({"subTables": [{"subTables": [{"x": 1, "rows": [{"y": 2}]}]}]},
         {"subTables.subTables.x": 1, "subTables.subTables.rows.y": 1}),
        ({"rows": ["text", 3, None, [{"x": 1}]]}, {"rows.x": 1}),
    ],
    ids=["known", "renamed", "ignored", "of another", "later", "below itself", "other types"],
)  # fmt: skip
def test_fields_are_counted_by_their_path(value: object, unread: dict[str, int]) -> None:
    found: Counter[str] = Counter()
    SHAPE.count(msgspec.json.encode(value), found)
    assert found == unread


class Page(Struct, rename="camel"):
    main_row: Row
    rows: Sequence[Row] | None = None
    later: Raw | None = None


PAGE = shape_of(Page, IGNORED, {"Page.later": Row})


@pytest.mark.parametrize(
    ("value", "unread"),
    [
        ({"mainRow": {"value": 1, "colour": {"x": 1}}, "rows": [{"value": 2}], "later": {}}, {}),
        ({"mainRow": {"value": 1}, "rows": None, "note": {"x": 1}, "later": "text"}, {}),
        ({"mainRow": {"value": 1, "x": 1}, "rows": [{}, {"y": 2}], "later": [{"z": 1}]},
         {"mainRow.x": 1, "rows.y": 1, "later.z": 1}),
        ({"mainRow": {"value": "of another type"}, "rows": [[{"x": 1}]]}, {"rows.x": 1}),
        ({"main_row": 1}, {"main_row": 1}),
    ],
    ids=["known", "no objects", "unknown", "other types", "renamed"],
)  # fmt: skip
def test_objects_that_hold_none_of_their_like_are_checked_at_once(
    value: object, unread: dict[str, int]
) -> None:
    found: Counter[str] = Counter()
    PAGE.count(msgspec.json.encode(value), found)
    assert found == unread
    SHAPE.count(b"{}", found)
    assert callable(PAGE.check)
    assert SHAPE.check is None


def test_a_hostile_document_is_counted_in_bounded_memory() -> None:
    found: Counter[str] = Counter()
    tally((f"{number}{'x' * 10_000}" for number in range(3 * MOST_NAMES)), found)
    assert len(found) == MOST_NAMES
    assert max(map(len, found)) == LONGEST_NAME


def test_elements_and_attributes_are_counted_down_to_the_first_unknown() -> None:
    text = b'<entry new="1"><a href="x" rel="y"><b/><c><d/></c></a><e><f/></e></entry>'
    (node,) = elements(BytesIO(text), {"entry"})
    found: Counter[str] = Counter()
    elements_of(["a@href", "a/b", "e/*"]).count(node, found)
    assert found == {"@new": 1, "a@rel": 1, "a/c": 1}


@pytest.mark.parametrize("name", ["Subject", "Funding"])
def test_a_new_head_line_of_the_mail_is_counted(name: str) -> None:
    mail = (
        "\\\\\narXiv:2303.00808\nDate: Wed, 1 Mar 2023 20:12:09 GMT   (829kb,D)\n\n"
        f"Title: Quills\nAuthors: Ada Example\nCategories: cs.LG\n{name}: x\n\\\\\n"
        "  Words.\n\\\\ ( https://arxiv.org/abs/2303.00808 ,  829kb)\n"
    )
    reading = Reading(name="-", read_on=dt.date(2026, 1, 1))
    list(formats()["arxiv-email"].parse(BytesIO(mail.encode()), reading))
    assert reading.unread == {name: 1}
