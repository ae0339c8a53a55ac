"""Tests of the conversion of titles, names and abstracts to plain text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.keys import abstract_key, fold, fold_plain
from catalog.domain.merge import plain_names
from catalog.domain.plain_text import plain, plain_abstract
from catalog.domain.tex_commands import ACCENTS, LETTERS, SYMBOLS
from catalog.domain.tex_to_unicode import tex_to_unicode

TITLES = [
    pytest.param(r"Gr\"{o}bner Bases for {\v Z}i\v{z}ek", "Gröbner Bases for Žižek", id="accents"),
    pytest.param(r"L\~{\^{o}}i và \d{\u a}n", "Lỗi và ặn", id="accents within accents"),
    pytest.param(r"L\^{\~o}i, \'{\.s}", "Lỗi, ṥ", id="accents in the other order"),
    pytest.param(r"\'\i x, \`{\i}y, \u\i{}z", "íx, ìy, ĭz", id="a dotless i under an accent"),
    pytest.param(r"{\AA}ngstr\"om and \O rsted, \DJ oko\'c", "Ångström and Ørsted, Đokoć",
                 id="letters that swallow the space behind them"),
    pytest.param(r"Dr.\ No, Part~2, see Fig.~3", "Dr. No, Part 2, see Fig. 3", id="spaces"),
    pytest.param("Roughly ~40x cheaper", "Roughly ~40x cheaper", id="a tilde that means about"),
    pytest.param(r"\textbf{Bold} {\it Moves} by \textsc{Deep}{N}et", "Bold Moves by DeepNet",
                 id="dress"),
    pytest.param(r"$\epsilon$-Nets in $\mathcal{O}(n^{2}\log n)$ Steps",
                 "ε-Nets in O(n² log n) Steps", id="mathematics"),
    pytest.param(r"Flow on $\mathbb{R}^n$ for CO$_2$, $L_2$ and $\pi_{0.5}$",
                 "Flow on ℝⁿ for CO2, L2 and π0.5", id="indices and exponents"),
    pytest.param(r"$ k $-Means at $ \sigma = 1 $", "k-Means at σ = 1", id="space within dollars"),
    pytest.param("From $5 to $10: Prices", "From $5 to $10: Prices", id="dollars that are money"),
    pytest.param(r"A \$5 Robot and its $\lambda$", "A $5 Robot and its λ", id="both dollars"),
    pytest.param(r"5\% of {BERT} \& {RNN}s \#1 a\_b", "5% of BERT & RNNs #1 a_b", id="escapes"),
    pytest.param("50% Off: AT&T and R&D", "50% Off: AT&T and R&D", id="signs that are no TeX"),
    pytest.param("{{BERT}} and {{{GPT}}-2}s", "BERT and GPT-2s", id="braces within braces"),
    pytest.param("Sets {0, 1} and {a}", "Sets {0, 1} and a", id="braces of sets stay"),
    pytest.param(r"\OurSystem{}: Fast \OurTool", "OurSystem: Fast OurTool", id="own commands"),
    pytest.param(r"\href{http://a.b/c}{Here} \cite{x9}we are", "Here we are", id="arguments"),
    pytest.param("Images &amp;amp; Words &lt; 3", "Images & Words < 3", id="escaped twice"),
    pytest.param("Caf&eacute; &#233; &#xE9; &unheard; &notes;", "Café é é &unheard; &notes;",
                 id="entities"),
    pytest.param("Growth of <i>B. subtilis</i> on H<sub>2</sub>S at 10<sup>-4</sup> m<sup>2</sup>",
                 "Growth of B. subtilis on H2S at 10⁻⁴ m²", id="tags"),
    pytest.param("&lt;scp&gt;DNA&lt;/scp&gt; and &lt;mask&gt; tokens, a < b > c",
                 "DNA and <mask> tokens, a < b > c", id="escaped tags, and no tags"),
    pytest.param("<jats:title>On <jats:italic>p</jats:italic></jats:title>", "On p", id="JATS"),
    pytest.param("Of <inline-formula><alternatives><tex-math>$q^2$</tex-math><mml:math><mml:mi>q"
                 "</mml:mi></mml:math></alternatives></inline-formula> Things", "Of q² Things",
                 id="a formula in two ways"),
    pytest.param("<mml:math><mml:msup><mml:mi>n</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math>!",
                 "n²!", id="MathML"),
    pytest.param("Two\n  lines of\u00adten\u200b", "Two lines often", id="wraps, what is unseen"),
    pytest.param("Scho\u0308n", "Schön", id="marks behind their letters"),
    pytest.param("``Quoted'' Words--and More", "“Quoted” Words–and More", id="quotes, dashes"),
    pytest.param("tool --help -- now", "tool --help – now", id="an option is no dash"),
    pytest.param("\\", "", id="a backslash alone"),
    pytest.param("$", "$", id="a dollar alone"),
    pytest.param(r"\frac", "/", id="a command without its arguments"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "read"), TITLES)
def test_a_title_is_plain_unicode(written, read):
    assert plain(written) == read


@pytest.mark.parametrize(("written", "read"), TITLES)
def test_a_plain_title_stays_as_it_is(written, read):
    assert plain(read) == read.replace("{a}", "a")


SPELLINGS = [
    [r"Erd\H{o}s--R\'enyi Graphs \& Bridges", "Erdős–Rényi Graphs & Bridges",
     "Erd&#337;s-R&eacute;nyi Graphs &amp; Bridges", "Erdős—Rényi <i>Graphs</i> &amp;amp; Bridges"],
    [r"$\alpha$-Fair Sharing of CO$_2$", "α-Fair Sharing of CO₂",
     "&alpha;-Fair Sharing of CO<sub>2</sub>", r"\(\alpha\)-{F}air   Sharing of CO2"],
    [r"Words in $16\times16$ Patches", "Words in 16×16 Patches", "Words in 16x16 Patches"],
]  # fmt: skip


@pytest.mark.parametrize("spellings", SPELLINGS)
def test_one_title_is_one_key_from_every_source(spellings):
    assert len({fold(plain(spelling)) for spelling in spellings}) == 1


def test_every_accent_on_every_letter_is_one_character_where_there_is_one():
    for name, mark in ACCENTS.items():
        for letter in "aeiouncszyAEIOUNCSZ":
            written = f"\\{name}{{{letter}}}"
            read = tex_to_unicode(f"${written}$" if len(name) > 1 else written)
            assert read == unicodedata.normalize("NFC", letter + mark), written


@pytest.mark.parametrize("name", sorted({*LETTERS, *SYMBOLS}))
def test_no_command_leaves_its_backslash(name):
    assert "\\" not in tex_to_unicode(f"a\\{name}{{}}b and $\\{name}{{}}$")


PIECES = st.sampled_from(
    ["\\", "{", "}", "$", "^", "_", "~", "&amp;", "&lt;", "<i>", "</i>", "<sup>", "</sup>", "\n",
     "\\'", "\\frac", "\\emph{", "e", "n2", " ", "-", "é", "\\(", "\\)", "<jats:p>", "&#x1A;"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_nothing_that_a_text_holds_ends_the_reading(text):
    assert "\n" not in plain(text)
    assert plain_abstract(text) == plain_abstract(text).strip()


@given(st.text(alphabet="ab1 ,.;:()+=%#@!?'\"éßж深", max_size=60))
def test_what_holds_no_markup_is_only_folded(text):
    assert plain(text) == " ".join(text.split())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("  We gain\n  3 points.\n", "We gain 3 points.", id="wraps"),
        pytest.param("One.\n \nTwo\nmore.", "One.\n\nTwo more.", id="paragraphs"),
        pytest.param("A state-\nof-the-art pre- \nand post-\nand X-\nY", "A state-of-the-art pre- "
                     "and post- and X-Y", id="words cut at a hyphen"),
        pytest.param(r"Of $x_1$ \emph{and} 3\%", r"Of $x_1$ \emph{and} 3\%", id="TeX stays"),
        pytest.param("<jats:title>Abstract</jats:title><jats:p>In &lt; 5 ms.</jats:p><jats:p>And "
                     "more.</jats:p>", "In < 5 ms.\n\nAnd more.", id="JATS"),
        pytest.param("On 10<sup>5</sup> rows<br/>of R&amp;amp;D", "On 10⁵ rows\n\nof R&D",
                     id="exponents, breaks, entities"),
        pytest.param("a\r\nb\tc\u2003d", "a b c d", id="other spaces"),
        pytest.param("if a<b and c>d, <unk> stays", "if a<b and c>d, <unk> stays", id="no tags"),
    ],
)  # fmt: skip
def test_an_abstract_loses_markup_and_wraps_and_keeps_its_tex(written, read):
    assert plain_abstract(written) == read


WORDS = st.lists(PIECES | st.text(alphabet="abc 1.%\n", max_size=8), max_size=30).map("".join)


@given(WORDS)
def test_an_abstract_as_stored_has_the_key_that_its_source_has(text):
    assert abstract_key(plain_abstract(text)) == abstract_key(text)


@given(WORDS)
def test_a_key_is_that_of_the_plain_text(text):
    assert fold_plain(text) == fold(plain(text))


@given(st.lists(st.sampled_from(["A. One", "", " ", "Zoë", "a-", "-b", "x  y", "{B}", "c\td"])))
def test_names_that_look_plain_are(names):
    assert plain_names(names) == tuple(filter(None, map(plain, names)))


@given(WORDS)
def test_an_abstract_as_stored_is_stored_as_it_is(text):
    stored = plain_abstract(text)
    assert plain_abstract(stored) == stored
