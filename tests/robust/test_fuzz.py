"""Fuzz the extractor with any text, and whole loads with spoilt documents."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from etl.cli import main
from etl.extract import extract
from etl.extract.explain import explanations
from etl.plugins import formats
from tests.conftest import Fresh

DATA = Path(__file__).parents[1] / "data"
WORDS = st.sampled_from(
    [
        *(
            "We achieve",
            "91.2%",
            "accuracy",
            "on ImageNet",
            "top-1",
            "F1",
            "by",
            "from",
            "to",
            "and",
        ),
        *("respectively", ",", ".", "(", ")", "[", "$", "\\times", "±", "43times", "sim3.5AP", "×"),
        *(
            "https://github.com/a/b",
            "this https URL",
            "http://",
            "www.",
            "10.5B parameters",
            "-",
            "–",
        ),
        *("state-of-the-art", "outperforms", "GPT-4", "%", "1e999", "1,000,000", "0.", ".5", "2x"),
        *("\u202e", "\x00", "\n\n", "\u00a0", "x2014", "\U0001f600", "ﬁ", "e\u0301", "\ud800"),
    ]
)
ABSTRACTS = st.lists(WORDS | st.text(max_size=6), max_size=60).map(" ".join) | st.text(max_size=300)


@settings(max_examples=150)
@given(abstract=ABSTRACTS, title=st.none() | ABSTRACTS)
@example(abstract="91.2%" * 3_000, title=None)
@example(abstract="9" * 5_000 + "%", title="9" * 5_000)
def test_extractor_bears_any_text_and_shows_where_it_read(abstract: str, title: str | None):
    found = extract(abstract, title)
    for result in found.results:
        assert result.start is not None
        assert abstract[result.start : result.end] == result.text
        assert result.value == result.value, "a number"
        assert abs(result.value or 0) != float("inf")
        assert 0 <= (result.confidence or 0) <= 1
    for link in found.links:
        assert re.match("https?://", link.url)
        assert link.start is None or abstract[link.start : link.end] == link.text
    assert extract(abstract, title) == found


@settings(max_examples=40)
@given(abstract=ABSTRACTS)
def test_explanations_bear_any_text(abstract: str):
    for explanation in explanations(abstract):
        assert explanation.headline


CASES = sorted(
    path
    for source in formats()
    for path in (DATA / source).glob("*")
    if not path.name.endswith(".expected.json")
)
SPOILING = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from(["cut", "drop", "twice", "put"]),
        st.binary(min_size=1, max_size=8) | st.sampled_from([b'"', b"\0", b"\xff", b"\n", b"]}"]),
    ),
    min_size=1,
    max_size=4,
)


def spoilt(data: bytes, spoiling: list[tuple[float, str, bytes]]) -> bytes:
    """The bytes with pieces cut out, doubled, or others put in."""
    for place, how, piece in spoiling:
        at = int(place * len(data))
        if how == "cut":
            data = data[:at]
        elif how == "drop":
            data = data[:at] + data[at + 40 :]
        elif how == "twice":
            data = data[:at] + data[at : at + 200] + data[at:]
        else:
            data = data[:at] + piece + data[at:]
    return data


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(case=st.sampled_from(CASES), spoiling=SPOILING)
def test_spoilt_documents_leave_a_sound_catalog(
    case: Path, spoiling: list[tuple[float, str, bytes]], fresh: Fresh, tmp_path: Path
):
    url = fresh("spoilt")
    document = tmp_path / case.name
    for data in (case.read_bytes(), spoilt(case.read_bytes(), spoiling)):
        document.write_bytes(data)
        words = ["--db", url, "load", "--format", case.parent.name, str(document)]
        loaded = CliRunner().invoke(main, [*words, "--jobs", "1"], catch_exceptions=False)
        assert loaded.exit_code in {0, 1, 3}, loaded.output
    checked = CliRunner().invoke(main, ["--db", url, "db", "check"])
    troubles = [line for line in checked.stdout.splitlines() if line.startswith("FAILED")]
    assert not [line for line in troubles if "loaded completely" not in line], loaded.output


def test_there_are_cases_of_every_source():
    assert {case.parent.name for case in CASES} == set(formats())


@pytest.mark.parametrize("words", [["status"], ["search", "a"], ["query", "SELECT 1"]])
def test_reading_bears_any_of_it(words: list[str], url: str):
    known = [str(case) for case in CASES if case.suffix != ".parquet"]
    loaded = CliRunner().invoke(main, ["--db", url, "load", *known, "--jobs", "1"])
    assert loaded.exit_code in {0, 3}, loaded.output
    result = CliRunner().invoke(main, ["--db", url, *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
