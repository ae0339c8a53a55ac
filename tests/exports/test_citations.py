"""Tests of BibTeX, RIS and CSL-JSON, read again by the libraries that others use."""

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pybtex.database as pybtex
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.person_names import split_name
from catalog.domain.plain_text import plain
from catalog.domain.unicode_to_tex import abstract_tex, tex, title_tex
from catalog.publish.bibtex import bibtex
from catalog.publish.citation import citation_key
from catalog.publish.csl_json import csl_json
from catalog.publish.ris import ris
from catalog.reads.paper import Paper, PaperIdentifier
from tests.exports.conftest import Run

TITLES = {
    "BERT Meets ImageNet: A Study of GPT-4": "{BERT} Meets {ImageNet}: A Study of {GPT}-4",
    "Fast detection of edges after Gauss": "Fast detection of edges after {Gauss}",
    "An overview. The rest of the story in Zürich": (
        "An overview. The rest of the story in {Zürich}"
    ),
    "O(n²) α-GAN with 50% of A_B & C#": "O(n$^{2}$) $\\alpha$-{GAN} with 50\\% of A\\_B \\& C\\#",
    "D²LoRA": "{D}$^{2}${LoRA}",
    "an open { brace": "an open $\\lbrace$ brace",
    "sets {0, 1}": "sets $\\lbrace$0, 1$\\rbrace$",
    "Iñaki’s naïve “façade” — fünf": "Iñaki’s naïve “façade” — fünf",
}


@pytest.mark.parametrize(("title", "written"), TITLES.items())
def test_capitals_and_signs_of_titles(title: str, written: str) -> None:
    assert title_tex(title) == written
    assert plain(written) == title


@given(st.text(st.sampled_from("aB1 {}$%&_#~^\\αβ≤×²³₁ÄéΩ-:.'\""), max_size=30))
def test_braces_of_bibtex_always_match(text: str) -> None:
    for written in (tex(text), title_tex(text), abstract_tex(text)):
        depth = 0
        for sign in written:
            depth += (sign == "{") - (sign == "}")
            assert depth >= 0
        assert depth == 0


def test_real_titles_are_neither_changed_nor_lost(shared: Path) -> None:
    import gzip

    file = shared / "data" / "abstracts-arxiv" / "arxiv-2025-tex.jsonl.gz"
    with gzip.open(file, "rt") as stream:
        titles = {plain(json.loads(line)["title"]) for line in stream}
    assert len(titles) > 10_000
    assert [title for title in titles if plain(title_tex(title)) != title] == []


NAMES = {
    "Ada Lovelace": "Lovelace, Ada",
    "W. Rodrigues Jr.": "Rodrigues, Jr., W.",
    "W. Rodrigues, Jr.": "Rodrigues, Jr., W.",
    "Jan van der Berg": "van der Berg, Jan",
    "María de la Cruz Pérez": "de la Cruz Pérez, María",
    "Gemini Team": "{Gemini Team}",
    "The ABC Collaboration": "{The ABC Collaboration}",
    "Smith and Sons": "{Smith and Sons}",
    "OpenAI": "{OpenAI}",
    "Li, Wei": "Li, Wei",
    "Ai Sun": "Sun, Ai",
}


def paper(**values: Any) -> Paper:
    kept = {"id": 1, "key": "2503.00001", "label": "A title", "arxiv_id": "2503.00001", **values}
    return Paper(**kept)


def field(entry: str, name: str) -> str:
    """The value of a field of our entries, which stand one a line."""
    lines = [line.split(" = ", 1) for line in entry.splitlines() if " = " in line]
    found = {key.strip(): value.rstrip(",") for key, value in lines}
    return found[name].removeprefix("{").removesuffix("}")


@pytest.mark.parametrize(("printed", "written"), NAMES.items())
def test_an_author_is_one_person_or_one_team(printed: str, written: str) -> None:
    entry = bibtex(paper(authors=[printed, "Bo Second"]))
    assert field(entry, "author") == f"{written} and Second, Bo"


@pytest.mark.parametrize("printed", NAMES)
def test_another_parser_reads_as_many_authors(printed: str) -> None:
    entry = bibtex(paper(authors=[printed, "Bo Second"]))
    (read,) = pybtex.parse_string(entry, "bibtex").entries.values()
    people = read.persons["author"]
    name = split_name(printed)
    assert len(people) == 2
    assert " ".join(people[0].lineage_names) == name.suffix
    assert [str(people[0].last_names[-1]).strip("{}")] == (
        [name.family] if name.is_team or not name.given else [name.family.split()[-1]]
    )


def everything() -> Paper:
    return paper(
        label="50% faster: α-GAN on ImageNet",
        abstract="We reach 95% in $O(n^2)$,\n\n3\\% more.",
        published_on=dt.date(2025, 3, 1),
        authors=["Ann Lee Jr.", "Gemini Team"],
        categories=["cs.CV", "cs.LG"],
        keywords=["speed", "R&D"],
        identifiers=[
            PaperIdentifier("arxiv", "2503.00001", "https://arxiv.org/abs/2503.00001"),
            PaperIdentifier("doi", "10.1000/a_b", "https://doi.org/10.1000/a_b"),
        ],
        withdrawn=True,
        withdrawn_reason="an error in {Section} 3",
    )


def test_an_entry_of_bibtex_has_everything() -> None:
    (key,) = found = pybtex.parse_string(bibtex(everything()), "bibtex").entries
    entry = found[key]
    assert (key, entry.type) == ("arxiv-2503.00001", "misc")
    assert dict(entry.fields) == {
        "title": "50\\% faster: $\\alpha$-{GAN} on {ImageNet}",
        "year": "2025",
        "month": "March",
        "eprint": "2503.00001",
        "archiveprefix": "arXiv",
        "primaryclass": "cs.CV",
        "doi": "10.1000/a_b",
        "url": "https://arxiv.org/abs/2503.00001",
        "keywords": "speed, R\\&D",
        "abstract": "We reach 95\\% in $O(n^2)$, 3\\% more.",
        "note": "Withdrawn: an error in $\\lbrace$Section$\\rbrace$ 3",
    }


def test_a_venue_makes_it_a_paper_of_that_year() -> None:
    day = dt.date(2024, 11, 1)
    entry = bibtex(paper(venue="NeurIPS 2025", published_on=day))
    assert entry.startswith("@inproceedings{arxiv-2503.00001,")
    assert field(entry, "booktitle") == "NeurIPS 2025"
    assert field(entry, "year") == "2025"
    assert "month" not in entry
    assert bibtex(paper(venue="Journal of Invented Results")).startswith("@article{")


def test_ris_is_read_again_by_its_library() -> None:
    (read,) = rispy.loads(ris(everything()))
    assert read == {
        "type_of_reference": "UNPB",
        "id": "arxiv-2503.00001",
        "title": "50% faster: α-GAN on ImageNet",
        "authors": ["Lee, Ann, Jr.", "Gemini Team"],
        "year": "2025",
        "date": "2025/03/01",
        "publisher": "arXiv",
        "accession_number": "arXiv:2503.00001",
        "doi": "10.1000/a_b",
        "urls": ["https://arxiv.org/abs/2503.00001"],
        "file_attachments1": "https://arxiv.org/pdf/2503.00001",
        "keywords": ["speed", "R&D"],
        "abstract": "We reach 95% in $O(n^2)$, 3\\% more.",
        "notes": ["Withdrawn: an error in {Section} 3"],
    }


def test_csl_json_has_the_parts_of_names_and_days() -> None:
    item = csl_json(everything())
    assert item["author"] == [
        {"family": "Lee", "given": "Ann", "suffix": "Jr."},
        {"literal": "Gemini Team"},
    ]
    assert item["issued"] == {"date-parts": [[2025, 3, 1]]}
    assert (item["type"], item["DOI"], item["number"]) == (
        "article",
        "10.1000/a_b",
        "arXiv:2503.00001",
    )


@pytest.mark.parametrize(
    ("key", "arxiv", "cited"),
    [
        ("2503.00001", "2503.00001", "arxiv-2503.00001"),
        ("cs/0112017", "cs/0112017", "arxiv-cs-0112017"),
        ("10.1000/182", None, "doi-10.1000-182"),
        ("10.1000/a_b", None, "doi-10.1000-a-b-a1b94d"),
        ("10.1000/a(b", None, "doi-10.1000-a-b-fe0b7a"),
        ("t-0123456789ab", None, "t-0123456789ab"),
    ],
)
def test_keys_are_made_of_the_papers_key_alone(key: str, arxiv: str | None, cited: str) -> None:
    assert citation_key(paper(key=key, arxiv_id=arxiv, label="Any", venue="X 2025")) == cited


def test_every_paper_is_exported_once_and_read_again(
    sampled: str, run: Run, tmp_path: Path
) -> None:
    for name, file in (("bibtex", "p.bib"), ("ris", "p.ris"), ("csl-json", "p.json")):
        run(sampled, "export", name, tmp_path / file)
    keys = list(pybtex.parse_file(str(tmp_path / "p.bib")).entries)
    with io.StringIO((tmp_path / "p.ris").read_text("utf-8")) as stream:
        assert [one["id"] for one in rispy.load(stream)] == keys
    items = json.loads((tmp_path / "p.json").read_text())
    assert [one["id"] for one in items] == keys
    papers = run(
        sampled, "query", "SELECT count(*) AS n FROM papers WHERE NOT is_row", "--json"
    ).stdout
    assert len(keys) == len(set(keys)) == json.loads(papers)[0]["n"] > 20
