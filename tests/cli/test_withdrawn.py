"""Withdrawn and deleted papers, versions, venues, organizations and keywords, at every door."""

import json

import pytest

from tests.cli.pages import count

RECORD = (
    "<record><header{status}><identifier>oai:arXiv.org:{id}</identifier><datestamp>2024-06-02"
    "</datestamp></header>{metadata}</record>"
)
METADATA = (
    "<metadata><arXivRaw><id>{id}</id>{versions}<title>{title}</title><authors>A. Quill</authors>"
    "<categories>cs.LG</categories><comments>{comments}</comments><abstract>{abstract}</abstract>"
    "</arXivRaw></metadata>"
)
VERSION = (
    '<version version="v{number}"><date>{date} 10:00:00 GMT</date><size>1kb</size>{source}'
    "</version>"
)
FIRST = VERSION.format(number=1, date="Wed, 01 May 2024", source="")
SECOND = VERSION.format(number=2, date="Wed, 08 May 2024", source="")
GONE = VERSION.format(number=2, date="Wed, 08 May 2024", source="<source_type>I</source_type>")
ABSTRACT = "We reach {number}.5% accuracy on ImageNet, as nobody who tried it did before us."


def oai(*papers):
    records = []
    for number, paper in enumerate(papers, start=1):
        held = {
            "id": f"2405.0000{number}",
            "versions": FIRST,
            "title": f"Quill {number} of Several Quills",
            "comments": "",
            "abstract": ABSTRACT.format(number=90 + number),
            **paper,
        }
        status = ' status="deleted"' if paper.get("deleted") else ""
        metadata = "" if status else METADATA.format(**held)
        records.append(RECORD.format(status=status, metadata=metadata, id=held["id"]))
    return (
        "<OAI-PMH><responseDate>x</responseDate><request>http://oaipmh.arxiv.org/oai</request>"
        f"<ListRecords>{''.join(records)}</ListRecords></OAI-PMH>"
    )


def loaded(catalog, folder, *papers, name="records.xml"):
    (folder / name).write_text(oai(*papers))
    catalog("load", name)


WITHDRAWN = [
    pytest.param({"versions": FIRST + GONE}, "no source", id="by the type of its source"),
    pytest.param({"comments": "Withdrawn: Table 2 is wrong"}, "Table 2", id="by its comment"),
    pytest.param(
        {"abstract": "This paper has been withdrawn due to 3 errors; 40% of the data were wrong."},
        "due to 3 errors",
        id="by its abstract",
    ),
]


@pytest.mark.parametrize(("paper", "reason"), WITHDRAWN)
def test_a_withdrawn_paper_is_known_shown_and_on_no_board(catalog, tmp_path, paper, reason):
    loaded(catalog, tmp_path, paper, {}, {}, {})
    assert f"{reason}" in catalog("show", "2405.00001").stdout.split("WITHDRAWN: ")[1]
    assert "WITHDRAWN" not in catalog("show", "2405.00002").stdout
    board = json.loads(
        catalog("leaderboard", "ImageNet", "top-1 accuracy", "--confidence", "0", "--json").stdout
    )
    assert "2405.00001" not in json.dumps(board)
    assert "2405.00002" in json.dumps(board)
    found = json.loads(catalog("search", "withdrawn:yes", "--json").stdout)
    assert [one["key"] for one in found] == ["2405.00001"]
    assert "2405.00001" not in catalog("search", "withdrawn:no quill", "--json").stdout
    assert count(catalog, "SELECT count(*) AS n FROM v_results WHERE withdrawn") <= 2
    assert count(catalog, "SELECT count(*) AS n FROM v_papers WHERE withdrawn") == 1
    catalog("db", "check")


def test_a_deletion_marks_what_it_names(catalog, tmp_path):
    loaded(catalog, tmp_path, {}, {})
    loaded(catalog, tmp_path, {"deleted": True}, name="later.xml")
    assert "deleted by arXiv on 2024-06-02" in catalog("show", "2405.00001").stdout
    assert count(catalog, "SELECT count(*) AS n FROM papers") == 2
    catalog("forget", "later.xml")
    assert "WITHDRAWN" not in catalog("show", "2405.00001").stdout


def test_what_was_withdrawn_may_come_anew(catalog, tmp_path):
    third = VERSION.format(number=3, date="Fri, 10 May 2024", source="")
    loaded(catalog, tmp_path, {"versions": FIRST + GONE})
    loaded(catalog, tmp_path, {"versions": third + GONE + FIRST}, name="later.xml")
    told = catalog("show", "2405.00001").stdout
    assert "WITHDRAWN" not in told
    assert "v3 of 2024-05-10; numbers read from v3" in told
    assert "published 2024-05-01" in told


def test_numbers_of_an_older_version_say_so(catalog, tmp_path):
    loaded(catalog, tmp_path, {"versions": FIRST})
    newer = {"id": "2405.00001", "versions": SECOND + FIRST, "abstract": ""}
    loaded(catalog, tmp_path, newer, name="later.xml")
    assert "v2 of 2024-05-08; numbers read from v1" in catalog("show", "2405.00001").stdout


def test_people_filter_by_venue_organization_and_keyword(catalog, tmp_path):
    loaded(catalog, tmp_path, {"comments": "12 pages, accepted at NeurIPS 2025"}, {})
    daily = {
        "paper": {
            "id": "2405.00002", "title": "Quill 2", "summary": "Of quills.", "authors": [],
            "upvotes": 1, "ai_keywords": ["Marsh Trees", "quills"],
            "organization": {"name": "quillco", "fullname": "Quill & Co."},
        },
        "title": "Quill 2", "publishedAt": "2024-05-01T00:00:00.000Z",
    }  # fmt: skip
    (tmp_path / "2024-05-02.json").write_text(json.dumps([daily]))
    catalog("load", "2024-05-02.json")

    def keys(query):
        return [one["key"] for one in json.loads(catalog("search", query, "--json").stdout)]

    assert keys('venue:"neurips 2025"') == keys("venue:NeurIPS") == ["2405.00001"]
    assert keys('organization:"Quill & Co."') == ["2405.00002"]
    assert keys('keyword:"marsh trees"') == ["2405.00002"]
    told = catalog("show", "2405.00002").stdout
    assert "Organization: Quill & Co." in told
    assert "Keywords: marsh trees, quills" in told
    assert "Venue: NeurIPS 2025" in catalog("show", "2405.00001").stdout
    catalog("forget", "2024-05-02.json")
    assert count(catalog, "SELECT count(*) AS n FROM keywords") == 0
