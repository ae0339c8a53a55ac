"""Remarks of authors on arXiv: venues that they name, and withdrawals."""

import pytest

from catalog.domain.withdrawals import marked_withdrawn, said_withdrawn
from etl.formats.toolkit.arxiv_remarks import venue_of, withdrawn_by

VENUES = [
    ("Accepted at NeurIPS 2025", "NeurIPS 2025"),
    ("9 pages, 3 figures. ICLR 2026 (oral)", "ICLR 2026"),
    ("Published as a conference paper at ICML'24", "ICML 2024"),
    ("CVPR2023 camera-ready", "CVPR 2023"),
    ("Findings of EMNLP 2022, long paper", "Findings of EMNLP 2022"),
    ("Presented at the ICML 2024 Workshop on Quills", "ICML Workshop 2024"),
    ("Accepted by TMLR", "TMLR"),
    ("To appear in the Annals of Inkwells; 40 pages", "Annals of Inkwells"),
    ("accepted for publication in IEEE Transactions on Quills", "IEEE Transactions on Quills"),
    ("Submitted to NeurIPS 2025", None),
    ("Rejected by ICML 2023. Accepted at AISTATS 2024", "AISTATS 2024"),
    ("Under review at ACL 2025, code is there", None),
    ("12 pages, 5 figures", None),
    ("We compare with NeurIPSum, a data set", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("comment", "venue"), VENUES)
def test_where_a_paper_was_accepted(comment: str | None, venue: str | None) -> None:
    assert venue_of(comment) == venue


@pytest.mark.parametrize(
    "text",
    [
        "This paper has been withdrawn by the author(s) because of an error in equation 3",
        "This submission has been withdrawn by arXiv administrators",
        "Withdrawn",
        "Paper withdrawn due to a flaw in the proof.",
        "12 pages. This article was retracted",
        "The present manuscript is withdrawn, a new one will follow",
        "The authors have withdrawn this paper",
        "Authors withdrew the paper after review",
        "This is a withdrawn submission",
        "Our work has been temporarily withdrawn",
        "This submission has been removed by arXiv administrators",
        "Removed by arXiv admins due to an unresolved dispute",
        "We withdraw this article because of a mistake in Section 4",
    ],
)
def test_texts_that_tell_of_a_withdrawal(text: str) -> None:
    assert said_withdrawn(text)
    assert withdrawn_by(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "We study drugs that were withdrawn by their makers",
        "Users withdraw money; 30% of the sums were withdrawn within a day",
        "A corpus of retracted papers: 5 figures",
        "Withdrawal of quills from inkwells",
        "We show that troops had been withdrawn. This paper has figures",
        "",
    ],
)
def test_texts_that_do_not(text: str) -> None:
    assert not said_withdrawn(text)
    assert withdrawn_by(text) is None


@pytest.mark.parametrize(
    ("title", "is_marked"),
    [
        ("[Withdrawn] On Quills", True),
        ("WITHDRAWN: On Quills", True),
        ("Retraction of: On Quills", True),
        ("Retracted article: On Quills", True),
        ("On Quills [retracted]", True),
        ("Withdrawn Consent: On Unlearning", False),
        ("Retracted: Why Quills Are Taken Back", False),
        ("Finding Retracted (and Withdrawn) Quills", False),
    ],
)
def test_titles_that_are_marked(title: str, is_marked: bool) -> None:
    assert marked_withdrawn(title) is is_marked
