"""Tests of bibliographies and tables: BibTeX, RIS, CSL-JSON, CSV, lists in Markdown."""

from collections.abc import Callable
from typing import Any

import pytest

from catalog.domain.plain_text import plain
from catalog.domain.records import PaperRecord, Problem
from etl.formats import FormatError

Papers = Callable[..., list[PaperRecord]]
Parse = Callable[..., list[Any]]


def bib(fields: str) -> str:
    return f"@article{{key, title = {{Quills}}, {fields}}}\n"


@pytest.mark.parametrize(
    "fields",
    [
        "eprint = {2405.15738}, archivePrefix = {arXiv}",
        "eprint = {2405.15738v2}, eprinttype = {arxiv}, eprintclass = {cs.CL}",
        "eprint = {arXiv:2405.15738}",
        "url = {http://arxiv.org/abs/2405.15738}",
        "url = {https://arxiv.org/pdf/2405.15738v2.pdf}",
        "ee = {https://arxiv.org/abs/2405.15738}",
        "doi = {10.48550/arXiv.2405.15738}",
        r"doi = {10.48550/ARXIV.2405.15738}",
        "note = {arXiv:2405.15738 [cs]}",
        "note = {arXiv: 2405.15738}",
        "note = {arXiv preprint arXiv:2405.15738, 2024}",
        "journal = {arXiv preprint arXiv:2405.15738}",
        "journal = {CoRR}, volume = {abs/2405.15738}",
        "publisher = {arXiv}, number = {arXiv:2405.15738}",
        "howpublished = {\\url{https://arxiv.org/abs/2405.15738}}",
        "arxivId = {2405.15738}",
    ],
)
def test_arxiv_number_is_found_in_every_field_that_holds_it(papers: Papers, fields: str) -> None:
    found = papers("bibtex", bib(fields))
    assert [one.value for paper in found for one in paper.identifiers] == ["2405.15738"]
    assert found[0].venue is None, "a preprint has no venue"


@pytest.mark.parametrize(
    ("printed", "plainly"),
    [
        (
            r"{{BERT}}: {Pre-training} of {D}eep {{B}}i{{LSTM}}s",
            "BERT: Pre-training of Deep BiLSTMs",
        ),
        (r"{{An {Entire} Title in Braces}}", "An Entire Title in Braces"),
        (r"Erd{\H o}s and {\v S}o{\'e} in na{\"\i}ve {\O}re", "Erdős and Šoé in naïve Øre"),
        (r"95\% of {\$}5 \& {\textless}mask{\textgreater} \_x", "95% of $5 & <mask> _x"),
        (r"\emph{Without} $\alpha$-{R}ényi in $O(n^2)$", "Without α-Rényi in O(n²)"),
        (r"O(\$n{\textasciicircum}2\$) at C\#", "O(n²) at C#"),
        ("A Title\n\tover  Lines", "A Title over Lines"),
    ],
)
def test_titles_lose_braces_and_escapes_once(papers: Papers, printed: str, plainly: str) -> None:
    (found,) = papers("bibtex", f"@misc{{a, title = {{{printed}}}, year = 2024}}")
    assert plain(found.title or "") == plainly


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("Doe, Jane and John Q. Roe", ("Jane Doe", "John Q. Roe")),
        ("Rodrigues, Jr., Waldyr A. and others", ("Waldyr A. Rodrigues Jr.",)),
        (
            "{Research and Development Team} and Doe, J.",
            ("Research and Development Team", "J. Doe"),
        ),
        ("{{Gemma Team}}", ("Gemma Team",)),
        (
            r"Bal{\'a}zs, Csaba and van den {\"O}rd, A{\"a}ron",
            ("Csaba Balázs", "Aäron van den Örd"),
        ),
        ("Ludwig van\n  Beethoven", ("Ludwig van Beethoven",)),
        ("Jane Doe 0001 and\nJohn Roe", ("Jane Doe", "John Roe")),
    ],
)
def test_names_are_split_as_bibtex_does(
    papers: Papers, printed: str, names: tuple[str, ...]
) -> None:
    assert papers("bibtex", bib(f"author = {{{printed}}}"))[0].authors == names


def test_a_broken_entry_costs_itself_and_says_where(parse: Parse) -> None:
    good = bib("year = 2024")
    found = parse("bibtex", f"{good}\n@article{{broken, title = {{Never ends\n{good}")
    assert [type(one) for one in found] == [PaperRecord, Problem, PaperRecord]
    assert found[1].where == "line 3"


def test_a_volume_gives_its_papers_venue_and_day_from_before_or_behind(papers: Papers) -> None:
    volume = "@proceedings{v, title = {Proc. of Quills}, year = 2024, month = may, day = 17}\n"
    child = "@inproceedings{c, title = {Ink}, crossref = {V}, url = {https://example.org/x}}\n"
    (before,), (behind,) = papers("bibtex", volume + child), papers("bibtex", child + volume)
    assert before == behind
    assert before.venue == "Proc. of Quills 2024"


def test_bibliography_without_an_entry_is_refused(parse: Parse) -> None:
    with pytest.raises(FormatError, match="no entry"):
        parse("bibtex", "Some notes.\n")


def test_mapped_columns_are_read_whatever_their_names(papers: Papers) -> None:
    table = "Name;Summary;Where\nQuills;It gains 3.5 AP.;2405.15738v3\n"
    columns = {"title": "name", "abstract": "Summary", "arxiv": "Where"}
    (found,) = papers("csv", table, columns=columns)
    assert (found.title, found.abstract, found.version) == ("Quills", "It gains 3.5 AP.", 3)


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("When", "2024-13-40", "When: '2024-13-40' is no date: expected e.g. 2024-05-17"),
        ("When", "1024-05-17", "When: '1024-05-17' is no date"),
        ("When", "in press", "When: 'in press' is no date"),
        ("Year", "soon", "Year: 'soon' is no date"),
        ("Liked", "abc", "Liked: 'abc' is no number of stars: expected e.g. 1234"),
        ("Liked", "1.2k", "Liked: '1.2k' is no number of stars"),
    ],
)
def test_a_cell_that_cannot_be_read_is_a_problem_and_keeps_the_paper(
    parse: Parse, column: str, cell: str, says: str
) -> None:
    columns = {"date": "When", "stars": "Liked"}
    cells = {"When": "2024-05-17", "Year": "2024", "Liked": "46", column: cell}
    row = f"Quills,{','.join(cells.values())},https://github.com/example/quills\n"
    paper, *problems = parse("csv", f"Title,{','.join(cells)},Code\n{row}", columns=columns)
    assert isinstance(paper, PaperRecord)
    assert paper.title == "Quills"
    assert [one.url for one in paper.links] == ["https://github.com/example/quills"]
    (problem,) = problems
    assert problem.where == "line 2"
    assert problem.why.startswith(says)
    assert problem.why.endswith("; the paper was kept without it")


@pytest.mark.parametrize("date", ["2024", "2024-05", "May 2024", "2024-00-00", "-", ""])
def test_a_date_without_a_day_is_no_problem(papers: Papers, date: str) -> None:
    (found,) = papers("csv", f"Title,Date,Stars,Code\nQuills,{date},46.0,https://github.com/a/b\n")
    assert (found.published_on, found.links[0].stars) == (None, 46)


def test_a_table_that_names_no_paper_says_what_can_be_mapped(parse: Parse) -> None:
    with pytest.raises(FormatError, match="its columns are Price, Colour") as caught:
        parse("csv", "Price,Colour\n1,blue\n")
    assert "--map title=" in caught.value.hint
    with pytest.raises(FormatError, match="no column 'Nme'"):
        parse("csv", "Name,Colour\nx,blue\n", columns={"title": "Nme"})


def test_a_stray_quotation_mark_costs_one_row_of_a_table(parse: Parse) -> None:
    rows = [f'Title {n},"An abstract, of words"' for n in range(40)]
    rows[5] = 'Broken,"An abstract'
    found = parse("csv", "\n".join(["title,abstract", *rows, ""]))
    assert sum(isinstance(one, PaperRecord) for one in found) >= 39
    assert [one.title for one in found if isinstance(one, PaperRecord)][-1] == "Title 39"


def test_the_first_line_of_a_joined_table_is_no_paper(papers: Papers) -> None:
    table = "Title,Abstract\n{},Woods of words.\n"
    found = papers("csv", table.format("Quills") + table.format("Reeds"))
    assert [paper.title for paper in found] == ["Quills", "Reeds"]


def test_heading_that_says_only_papers_or_a_year_is_no_task(papers: Papers) -> None:
    page = (
        "# Awesome Quills\n## Detection\n### 2024\n- [A First Paper](https://arxiv.org/abs/2405.15738)\n"
        "## Papers\n- [A Second Paper](https://arxiv.org/abs/2405.15739)\n"
    )
    assert [one.tasks for one in papers("awesome-list", page)] == [("Detection",), ()]
