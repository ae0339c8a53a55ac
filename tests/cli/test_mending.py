"""Tests that `catalog reextract` updates catalogs made by older rules."""

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from catalog.database.engine import opened
from catalog.domain.merge import Supplied, merge
from catalog.domain.records import PaperRecord
from etl.extract import extract
from tests.cli.pages import count
from tests.snapshot import snapshot

LONG = "and this goes on for long enough to be told from whatever else is in the catalog"
WRITTEN = [
    {
        "title": r"G\"{o}del's Nets for $\alpha$-Trees",
        "abstract": f"We get 91.5%\naccuracy on R&amp;D, {LONG}.",
        "identifiers": [{"scheme": "openalex", "value": "W7"}],
        "authors": [r"Ng\~{\^o} B\'{a}"],
    },
    {"title": "Gödel's Nets for α-Trees", "abstract": f"A page prints it, {LONG}."},
    {
        "title": "First of a Volume",
        "identifiers": [
            {"scheme": "arxiv", "value": "2401.00001"},
            {"scheme": "doi", "value": "10.1000/volume"},
        ],
    },
    {
        "title": "Second of a Volume",
        "identifiers": [
            {"scheme": "arxiv", "value": "2401.00002"},
            {"scheme": "doi", "value": "10.1000/volume"},
        ],
    },
]

OLDER = [
    # What older rules had made of these records: raw texts, hashes of raw titles, one paper of two.
    "UPDATE paper_sources SET title_hash = position * 1000 + 17",
    "UPDATE papers SET merge_rules = NULL",
    "UPDATE papers SET title = 'G\\\"{o}del', label = 'G\\\"{o}del', title_key = 'odel' "
    "WHERE key LIKE 't-%'",
    "UPDATE paper_sources SET paper_id = (SELECT id FROM papers WHERE key = '2401.00001') "
    "WHERE paper_id = (SELECT id FROM papers WHERE key = '2401.00002')",
    "DELETE FROM disputed_identifiers",
    "UPDATE identifiers SET paper_id = (SELECT id FROM papers WHERE key = '2401.00001') "
    "WHERE value = '2401.00002'",
    "INSERT INTO identifiers (scheme, value, paper_id) "
    "SELECT 'doi', '10.1000/volume', id FROM papers WHERE key = '2401.00001'",
    "DELETE FROM papers WHERE key = '2401.00002'",
]


def content(url):
    with opened(url) as engine:
        return snapshot(engine)


def test_what_older_rules_made_is_computed_anew(catalog, tmp_path, monkeypatch, fresh):
    url = fresh("older")
    monkeypatch.setenv("CATALOG_URL", url)
    lines = (json.dumps(record) for record in WRITTEN)
    (tmp_path / "papers.jsonl").write_text("\n".join(lines))
    catalog("load", "papers.jsonl")
    new = content(url)
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 3

    with opened(url) as engine, engine.begin() as connection:
        for statement in OLDER:
            connection.execute(text(statement))
    assert content(url) != new
    assert "2 papers were computed by older rules" in catalog("status").stdout

    assert "papers +1" in catalog("reextract").stdout
    assert content(url) == new
    assert "another version" not in catalog("status").stdout
    assert "Reread 0 papers: nothing changed" in catalog("reextract").stdout
    catalog("db", "check")


def test_a_shared_doi_is_flagged_wherever_papers_are_shown(catalog, tmp_path):
    (tmp_path / "papers.jsonl").write_text("\n".join(map(json.dumps, WRITTEN[2:])))
    catalog("load", "papers.jsonl")
    shown = catalog("show", "2401.00001").stdout
    assert "doi:10.1000/volume  2401.00002  Second of a Volume" in shown
    told = json.loads(catalog("show", "2401.00002", "--json").stdout)
    assert [one["key"] for one in told["shared"]] == ["2401.00001"]
    sql = "SELECT paper_key, other_key, value FROM v_shared_identifiers ORDER BY 1"
    assert json.loads(catalog("query", sql, "--json").stdout) == [
        {"paper_key": "2401.00001", "other_key": "2401.00002", "value": "10.1000/volume"},
        {"paper_key": "2401.00002", "other_key": "2401.00001", "value": "10.1000/volume"},
    ]


def test_evidence_stands_where_it_says_whatever_the_source_wrote(catalog, tmp_path):
    abstracts = [
        "<jats:p>We reach&nbsp;91.5% accuracy on\n  R&amp;amp;D-Set &lt; all.</jats:p>",
        "Of  84.3%\r\naccuracy on <i>MNIST</i>, code: https://github.com/a/b?x=1&amp;y=2.",
        "Scho\u0308n: 77.7%\n\naccuracy on CIFAR-10, state-\nof-the-art.",
        r"A $3.5\times$ speedup and $81.2\%$ accuracy on ImageNet \& others\\ here.",
    ]
    records = [{"title": f"Paper {n} of some", "abstract": a} for n, a in enumerate(abstracts)]
    (tmp_path / "papers.jsonl").write_text("\n".join(map(json.dumps, records)))
    catalog("load", "papers.jsonl")
    assert count(catalog, "SELECT count(DISTINCT paper_id) AS n FROM results") == 4
    wrong = """SELECT count(*) AS n FROM results r JOIN papers p ON p.id = r.paper_id
        WHERE substr(p.abstract, r.span_start + 1, r.span_end - r.span_start) <> r.text"""
    assert count(catalog, wrong) == 0
    catalog("db", "check")


MARKUP = st.sampled_from(
    ["&amp;", "&lt;", "&amp;lt;b&amp;gt;", "<i>", "</i>", "<jats:p>", "<sup>2</sup>", "\n", "\n\n",
     "\u00ad", "e\u0301", "$x_1$", "\\%", " ", "-\n", "\u2003", "\r\n", "91.5% accuracy on MNIST",
     "a 3.5$\\times$ speedup.", "We reach 81.2\\% on R&D, 4", "https://github.com/a/b "]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(MARKUP | st.text("abc .\n", max_size=6), max_size=25).map("".join))
@example("We reach 81.2\\% on R&D, 4<jats:p>\\%")
def test_evidence_is_exact_in_what_is_stored_of_any_text(written):
    record = PaperRecord(title="An Invented Title", abstract=written)
    paper = merge([Supplied(record=record, rank=10, sha256="0")])
    stored = paper.abstract or ""
    extraction = extract(stored, paper.title)
    spans = [(one.start, one.end, str(one.text)) for one in extraction.results]
    spans += [(one.start, one.end, str(one.text)) for one in extraction.links]
    for start, end, found in spans:
        assert stored[start:end] == found
        assert not found or "\n" not in found
