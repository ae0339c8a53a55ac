"""Fetch and load one paper by any identifier or address of it."""

from urllib.parse import quote

from msgspec import Struct

from catalog.domain.errors import CatalogError
from catalog.domain.identifiers import parse
from etl.fetch import Answer, Pace
from etl.sync.response_archive import Receipt
from etl.sync.source_run import SourceRun

ARXIV = "https://export.arxiv.org/api/query"
OPENALEX = "https://api.openalex.org/works"


FETCHED = (
    "give an arXiv identifier, a DOI, an OpenAlex number, or an address that contains one, "
    "e.g. 2503.00001, 10.1000/xyz, https://openalex.org/W2741809807"
)
NOT_FETCHED = {
    "openreview": "papers on OpenReview cannot be fetched one by one",
    "pwc": "Papers with Code has shut down; its dumps can still be loaded",
    "key": "it is a key of this catalog, which no publisher knows",
}
"""Scheme -> why nobody is asked for its papers."""


class Question(Struct, frozen=True):
    """The address to ask for a paper, the format of the answer, and the pace."""

    address: str
    format: str
    pace: Pace


def question(name: str, *, arxiv: str = ARXIV, openalex: str = OPENALEX) -> Question:
    """Find out where to ask for a paper.

    >>> question("https://arxiv.org/pdf/2503.00001v2.pdf").address
    'https://export.arxiv.org/api/query?id_list=2503.00001&max_results=1'
    >>> question("https://publisher.example/doi/10.1000/182").address
    'https://api.openalex.org/works/doi:10.1000/182'

    Raises:
        CatalogError: it is no identifier, or one of a scheme that nobody can be asked for.

    """
    try:
        found = parse(name)
    except ValueError as error:
        raise CatalogError(f"cannot add {name}", why=str(error), hint=FETCHED) from error
    if found is None:
        raise CatalogError(
            f"cannot add {name}", why="it neither is nor contains an identifier", hint=FETCHED
        )
    if found.scheme == "arxiv":
        address = f"{arxiv}?id_list={quote(found.value, safe='/')}&max_results=1"
        return Question(address, "arxiv-atom", Pace("arxiv", 3.0))
    if found.scheme in {"doi", "openalex"}:
        work = found.value if found.scheme == "openalex" else f"doi:{quote(found.value)}"
        return Question(f"{openalex}/{work}", "openalex", Pace("openalex", 0.1))
    raise CatalogError(f"cannot add {name}", why=NOT_FETCHED[found.scheme], hint=FETCHED)


def add(source_run: SourceRun, asked: Question, name: str) -> None:
    """Fetch and load one paper.

    Raises:
        CatalogError: the publisher does not know it, or cannot be asked.

    """
    answer: Answer = source_run.ask(asked.address, pace=asked.pace, accept=frozenset({200, 404}))
    if answer.status == 404:
        raise _nobody(name)
    kept = source_run.keep(
        Receipt(
            source="add",
            address=asked.address,
            document=asked.address,
            format=asked.format,
            day=answer.received_at.date(),
            body=answer.body,
            received_at=answer.received_at,
        )
    )
    if asked.format == "arxiv-atom" and b"<entry" not in answer.body:
        raise _nobody(name)
    source_run.load([kept])


def _nobody(name: str) -> CatalogError:
    return CatalogError(
        f"cannot add {name}",
        why="the publisher does not know this paper",
        hint="check the identifier; a paper that appeared today may be known tomorrow",
    )
