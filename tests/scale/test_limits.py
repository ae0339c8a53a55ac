"""Tests that values beyond a server's limits are treated alike on SQLite and PostgreSQL."""

import json
import random
from typing import Any

import pytest

from catalog.database.engine import opened
from etl.ingest.limits import LARGEST, LONGEST_EVIDENCE, LONGEST_NAME, LONGEST_TEXTS
from tests import postgres_databases
from tests.snapshot import plain, rows, snapshot

CHANCE = random.Random(8)
FILLER = "and so this invented abstract goes on for long enough to be told apart from a title. "


def letters(size):
    """A word that does not compress: the limits are those of what is left after compressing."""
    return "".join(CHANCE.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=size))


def words(size):
    """So many characters of different words."""
    return " ".join(letters(7) for _ in range(size // 8 + 1))[:size].strip()


LONG = letters(5_000)
WIDE = "".join(chr(CHANCE.randrange(0x4E00, 0x9FFF)) for _ in range(900))
LONGEST = LONGEST_TEXTS["abstract"]
NUMBERS = {"text": "9", "value": 9.0}
FINE = {"title": "A Paper That Stands Beside It", "identifiers": [["arxiv", "2401.00002"]]}


def record(**fields):
    """A line of the catalog's own format."""
    fields = {"title": "An Invented Paper of Some Sort", **fields}
    names = [{"scheme": s, "value": v} for s, v in fields.pop("identifiers", [])]
    return json.dumps({**fields, "identifiers": names})


KEPT_WITHOUT: dict[str, tuple[dict[str, Any], str]] = {
    "an author": ({"authors": ["Ada", LONG]}, "authors: a name of 5,000 characters"),
    "an author of wide letters": ({"authors": ["Ada", WIDE]}, "authors: a name of 900 char"),
    "an author of folded phrases": ({"authors": ["Ada", "\ufdfa" * 100]}, "authors: a name of 100"),
    "a class": ({"categories": ["cs.CV", LONG]}, "categories: a name"),
    "a task": ({"tasks": ["Detection", LONG]}, "tasks: a name"),
    "a framework": (
        {"links": [{"url": "https://a.org/b", "kind": "other", "framework": LONG}]},
        "links: a name",
    ),
    "where a link stood": (
        {"links": [{"url": "https://a.org/b", "kind": "other", "found_in": LONG}]},
        "links: a name",
    ),
    "a link of wide letters": (
        {"links": [{"url": f"https://a.org/{WIDE}", "kind": "other"}]},
        "links: a name",
    ),
    "stars": (
        {"links": [{"url": "https://a.org/b", "kind": "other", "stars": LARGEST + 1}]},
        "links: 2147483648 is out of range",
    ),
    "a metric": ({"results": [{**NUMBERS, "metric": LONG}]}, "results: a name"),
    "a dataset": ({"results": [{**NUMBERS, "dataset": LONG}]}, "results: a name"),
    "a task of a result": ({"results": [{**NUMBERS, "task": LONG}]}, "results: a name"),
    "a sentence": (
        {"results": [{**NUMBERS, "sentence": words(LONGEST_EVIDENCE) + "!!"}]},
        "results: a text of 20,00",
    ),
    "the text of a link": (
        {
            "links": [
                {"url": "https://a.org/b", "kind": "other", "text": "a" * (LONGEST_EVIDENCE + 1)}
            ]
        },
        "links: a text of 20,001 characters: expected at most 20,000",
    ),
    "a title": (
        {"title": words(3_000), "abstract": f"It has a long title. {FILLER}"},
        "title: a text of ",
    ),
    "an abstract": (
        {"abstract": "a" * (LONGEST + 1)},
        "abstract: a text of 200,001 characters: expected at most 200,000",
    ),
    "a remark": ({"comment": LONG * 5}, "comment: a text of 25,000 characters"),
    "a unit": ({"results": [{**NUMBERS, "unit": LONG}]}, "results: a name"),
    "upvotes": (
        {"digest": {"source": "page", "day": "2025-03-11", "upvotes": LARGEST + 1}},
        "digest.upvotes: 2147483648 is out of range",
    ),
    "a number beyond 64 bits": (
        {"digest": {"source": "page", "day": "2025-03-11", "rank": 2**63}},
        "digest.rank: 9223372036854775808 is out of range",
    ),
}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a DOI": ({"identifiers": [["doi", f"10.1000/{LONG}"]]}, "a DOI of"),
    "an identifier": ({"identifiers": [["openreview", LONG]]}, "an identifier of openreview"),
    "a title, and nothing else": ({"title": LONG}, "title: a text of 5,000 characters"),
    "a digest": ({"digest": {"source": LONG, "day": "2025-03-11"}}, "digest.source: a name"),
}
TAKEN: dict[str, dict[str, Any]] = {
    "half a pair": {"abstract": f"Half \ud83d of it {FILLER}"},
    "a title as long as it may be": {"title": letters(LONGEST_TEXTS["title"])},
    "an abstract as long as it may be": {"abstract": words(LONGEST)},
    "an abstract of long words": {"abstract": " ".join(letters(3_000) for _ in range(30))},
    "an abstract of wide words": {
        "abstract": " ".join(WIDE[i % 900] + WIDE[i // 900] for i in range(LONGEST // 3))
    },
    "an abstract of addresses": {
        "abstract": " ".join(
            f"https://{letters(9)}.org/{letters(9)}/{letters(9)}-{i}" for i in range(LONGEST // 50)
        )
    },
    "an abstract with an endless address": {"abstract": f"See https://a.org/{LONG} for {FILLER}"},
    "an abstract with an endless repository": {
        "abstract": f"See https://github.com/ada/{LONG} for {FILLER}"
    },
    "NUL": {"title": "An Invented\0Paper", "abstract": f"It has a \0 within, {FILLER}"},
    "letters beyond 16 bits": {"title": "An Invented 😀 Paper", "authors": ["Ada 𝒳"]},
    "a name as long as it may be": {"authors": [letters(LONGEST_NAME)]},
    "numbers as large as they may be": {
        "digest": {"source": "page", "day": "2025-03-11", "upvotes": LARGEST, "rank": LARGEST}
    },
    "numbers near nothing and beyond": {
        "results": [{"text": "a", "value": 5e-324}, {"text": "b", "value": 1.7e308}]
    },
}


def load(catalog, url, tmp_path, *lines, code):
    file = tmp_path / "papers.jsonl"
    file.write_text("\n".join(lines) + "\n")
    return catalog(url, "load", str(file), "--format", "catalog-jsonl", code=code)


@pytest.mark.parametrize("name", KEPT_WITHOUT)
def test_what_no_row_holds_is_kept_as_a_problem_and_its_paper_without_it(
    name, catalog, url, tmp_path
):
    fields, why = KEPT_WITHOUT[name]
    told = load(catalog, url, tmp_path, record(**fields), record(**FINE), code=3).stderr
    assert why in told
    assert rows(url, "SELECT count(*) FROM papers") == [(2,)]
    ((kept,),) = rows(url, "SELECT why FROM problems")
    assert kept.startswith(why)
    assert "the paper was kept without it" in kept
    assert "FAILED" not in catalog(url, "db", "check").stdout


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_named_is_a_problem_and_the_rest_is_loaded(name, catalog, url, tmp_path):
    fields, why = REFUSED[name]
    assert why in load(catalog, url, tmp_path, record(**fields), record(**FINE), code=3).stderr
    assert rows(url, "SELECT key FROM papers") == [("2401.00002",)]
    assert len(rows(url, "SELECT why FROM problems")) == 1


@pytest.mark.parametrize("name", TAKEN)
def test_what_both_hold_is_held(name, catalog, url, tmp_path):
    load(catalog, url, tmp_path, record(**TAKEN[name]), record(**FINE), code=0)
    assert rows(url, "SELECT count(*) FROM papers") == [(2,)]
    assert "FAILED" not in catalog(url, "db", "check").stdout
    catalog(url, "search", "invented")


@postgres_databases.WANTED
def test_all_of_it_is_the_same_on_both(catalog, sqlite_url, tmp_path):
    lines = []
    for number, fields in enumerate(
        [fields for fields, _ in (*KEPT_WITHOUT.values(), *REFUSED.values())] + [*TAKEN.values()]
    ):
        numbered = [["arxiv", f"2402.{number:05d}"], *fields.get("identifiers", [])]
        lines.append(record(**{**fields, "identifiers": numbered}))
    told = []
    for url in (sqlite_url, postgres_databases.fresh()):
        load(catalog, url, tmp_path, *lines, code=3)
        with opened(url) as engine:
            said = snapshot(engine)
            told.append({n: sorted(repr(tuple(map(plain, row))) for row in said[n]) for n in said})
    assert told[0] == told[1]
