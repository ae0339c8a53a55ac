"""Tests that time grows at most linearly with the size of any text."""

import datetime as dt
from io import BytesIO

import pytest

from catalog.domain.keys import fold
from catalog.domain.safe_text import one_line, printable
from etl.extract import extract
from etl.extract.long_texts import LONGEST_TEXT, WINDOW
from etl.extract.sentences import LONGEST, spans
from etl.formats import FormatError, Head, Reading
from etl.plugins import formats, recognise
from tests.growth import LIMIT, growth_of_text

PIECES = {
    "sentences": "We get 91.2% accuracy on ImageNet. ",
    "one endless sentence": "91.2% accuracy on ImageNet and ",
    "numbers": "91.2% ",
    "enumerations": "1, 2, 3, ",
    "ranges": "from 1 to ",
    "comparisons": "10% better than ",
    "brackets": "F1 of 91.2 on MNLI-m/mm (vs. 90.1), ",
    "one letter": "a",
    "one digit": "1",
    "opening brackets": "(",
    "full stops": ".",
    "dollars": "$\\times ",
    "backslashes": "\\",
    "capitals": "A ",
    "hyphens": "a-",
    "addresses begun": "https://",
    "addresses": "https://github.com/a/b ",
    "spaces": " ",
    "marks": "\u0301",
    "digits": "1" * 9,
    "commas": "1,",
    "points": "1.2.",
    "powers": "10^",
    "percent": "9% ",
    "sums of money": "$1 ",
    "words with capitals": "Aa ",
    "names": "GPT-4/",
    "lists": "84.3%, ",
    "from to": "from 1% to ",
    "accuracy": "accuracy 9% ",
    "quotes": "'s",
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_extraction_is_linear(piece: str):
    size = 3_000  # more than one window, in the end
    assert growth_of_text(lambda text: extract("1% " + text, "A Title"), piece, size) < LIMIT


@pytest.mark.parametrize("piece", ["mAP 50.1 AP 40.2 ", "COCO 50.1 MNIST 40.2 ", "AP 9, "])
def test_a_sentence_full_of_names_and_numbers_takes_time_as_its_length(piece: str):
    size = LONGEST // 4  # all of it is one sentence, in the end
    assert growth_of_text(lambda text: extract(text, "A Title"), piece, size) < LIMIT


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_folding_and_printing_are_linear(piece: str):
    def work(text: str) -> object:
        return fold(text), printable(text), spans(text)

    assert growth_of_text(work, piece, 30_000) < LIMIT


@pytest.mark.parametrize("piece", ["a", "\x1b", " ", "\u202e", "a\n"], ids=repr)
def test_one_line_of_a_huge_text_looks_at_its_beginning_only(piece: str):
    def shorten(text: str) -> None:
        assert len(one_line(text, 80)) <= 80

    assert growth_of_text(shorten, piece, 5_000_000, limit=2) < 2


DOCUMENTS = {
    "lines": "x\n",
    "empty lines": "\n",
    "days": "Mar 11\n\n",
    "abstracts": "Abstract: a b c.\n",
    "open brackets": "[",
    "objects": '{"a":',
    "strings": '"\\"',
    "commas": ",",
    "records": '{"title": "a", "abstract": "b"}\n',
    "tags": "<a>",
    "entities": "&amp;",
    "comments": "<!-- ",
    "dashes": "-" * 78 + "\n",
    "backslashes": "\\",
    "keys": "Title: a\n",
}
BEGUN = {
    "digest-page": "Mar 11\n\n",
    "abstract-listing": "Abstract: ",
    "arxiv-atom": '<feed xmlns="http://www.w3.org/2005/Atom">',
    "arxiv-oai": '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">',
    "arxiv-rss": '<rss version="2.0"><channel>',
    "arxiv-email": "-" * 78 + "\n\\\\\narXiv:2401.00001\n",
    "bibtex": "@article{a, title = {",
    "ris": "TY  - JOUR\nTI  - ",
    "csv": "title,abstract\n",
    "awesome-list": "# Quills\n- [a](https://arxiv.org/abs/2405.15738) ",
}
OWN = {
    "bibtex": ("@article{", "{", "{a}", "a and ", "\\'{e}", "a # ", "@a{b,c={d}}\n", "$x$", "\""),
    "ris": ("TI  - a\n", "N1  - arXiv:2405.15738\n", "ER  - \n", "TY  - JOUR\n"),
    "csv": ('"', 'a,"', '"\n', "a,b\n", '""', "a;b,"),
    "awesome-list": (
        "[a](https://arxiv.org/abs/2405.15738) ", "[a]", "[a](b", "**", "| a ", "- \n", "\n  a",
        "<a href='b'>", "# paper 2024\n", "link ", "(a) ",
    ),
}  # fmt: skip
"""Pieces that only this format gives a meaning."""


@pytest.mark.parametrize("piece", DOCUMENTS.values(), ids=DOCUMENTS)
@pytest.mark.parametrize("format_name", sorted(set(formats()) - {"pwc-parquet"}))
def test_parsing_is_linear(format_name: str, piece: str):
    assert growth_of_parsing(format_name, piece) < LIMIT


@pytest.mark.parametrize(
    ("format_name", "piece"), [(name, piece) for name in OWN for piece in OWN[name]]
)
def test_parsing_its_own_pieces_is_linear(format_name: str, piece: str):
    assert growth_of_parsing(format_name, piece) < LIMIT


def growth_of_parsing(format_name: str, piece: str) -> float:
    def parse(text: str) -> None:
        data = (BEGUN.get(format_name, "[") + text).encode()
        reading = Reading(name="2025-03-11.json", read_on=dt.date(2026, 1, 2))
        try:
            for _ in formats()[format_name].parse(BytesIO(data), reading):
                pass
        except FormatError:
            pass

    return growth_of_text(parse, piece, 30_000)


@pytest.mark.parametrize("piece", [*DOCUMENTS.values(), '\\"'], ids=[*DOCUMENTS, "quotes"])
@pytest.mark.parametrize("begun", [*BEGUN.values(), "", "[{", '{"', '{"a":"'])
def test_recognising_is_linear(begun: str, piece: str):
    def look(text: str) -> None:
        recognise(Head(name="-", data=(begun + text).encode()))

    assert growth_of_text(look, piece, 30_000) < LIMIT


def test_long_text_is_read_in_windows_that_know_their_place():
    line = "We get {:.1f}% accuracy on ImageNet, and more words follow here. "
    text = "".join(line.format(i / 10) for i in range(1, 300))
    assert WINDOW < len(text) < LONGEST_TEXT
    found = extract(text).results
    assert (found[-1].start or 0) > WINDOW
    assert all(text[result.start : result.end] == result.text for result in found)
    values = [result.value or 0 for result in found]
    assert values == sorted(set(values))
    assert len(found) > 250


def test_sentences_cover_a_text_however_long_they_are():
    text = "word " * 2_000 + "x" * 5_000 + ". The End."
    parts = spans(text)
    assert "".join(text[begin:end] for begin, end in parts) == text
    assert max(end - begin for begin, end in parts) <= LONGEST
