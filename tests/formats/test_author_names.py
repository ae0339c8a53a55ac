"""Lists of authors become names, and names plain text."""

import pytest

from catalog.domain.merge import plain_names
from etl.formats.toolkit.author_names import split_authors


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        pytest.param("A. Quill, B. Inkwell and C. Marsh", ("A. Quill", "B. Inkwell", "C. Marsh"),
                     id="commas and a word"),
        pytest.param("A. Quill, B. Marsh et al.", ("A. Quill", "B. Marsh"), id="et al."),
        pytest.param("A. Quill, et al. (Reed Collaboration)", ("A. Quill",), id="et al. of a team"),
        pytest.param("A. Quill and others", ("A. Quill",), id="others"),
        pytest.param("A. Al, B. Etal", ("A. Al", "B. Etal"), id="names like these"),
        pytest.param("W. Quill, Jr., X. Marsh, III and Y. Reed Sr.",
                     ("W. Quill Jr.", "X. Marsh III", "Y. Reed Sr."), id="suffixes"),
        pytest.param("Research and Development Team", ("Research and Development Team",),
                     id="a team with a word between"),
        pytest.param("A. Quill and the Reed Collaboration", ("A. Quill", "the Reed Collaboration"),
                     id="a person and a team"),
        pytest.param("the Inkwell Collaboration: A. Quill, B. Marsh",
                     ("the Inkwell Collaboration", "A. Quill", "B. Marsh"), id="a team's members"),
        pytest.param("A. Quill (1, 2) and B. Marsh ((1) Here, (2) There and Elsewhere)",
                     ("A. Quill", "B. Marsh"), id="affiliations"),
        pytest.param(r"Ng\~{\^o} V\u{a}n, \DJ{}u\'c T., {\"O}mer {\c C}elik",
                     ("Ngỗ Văn", "Đuć T.", "Ömer Çelik"), id="TeX"),
        pytest.param(r"Jos\'e Mar\'\i a Q.\ Reed \& Zo\"e~Marsh",
                     ("José María Q. Reed", "Zoë Marsh"), id="TeX with spaces"),
        pytest.param("Bj&ouml;rn &Aring;s; Zo&#235; Marsh", ("Björn Ås", "Zoë Marsh"),
                     id="entities"),
        pytest.param("{Quill, Reed and Partners}, B. Marsh",
                     ("Quill, Reed and Partners", "B. Marsh"), id="braces"),
        pytest.param("M. D'Angelo, S. O'Neil, Li Wei", ("M. D'Angelo", "S. O'Neil", "Li Wei"),
                     id="apostrophes"),
        pytest.param(" , and ", (), id="nobody"),
    ],
)  # fmt: skip
def test_a_list_of_authors(printed: str, names: tuple[str, ...]) -> None:
    assert plain_names(split_authors(printed)) == names
