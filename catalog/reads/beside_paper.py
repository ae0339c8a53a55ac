"""Read what stands beside a paper: the places of its claims on leaderboards, and similar papers."""

from msgspec import Struct

from catalog.reads.asking import Read
from catalog.reads.paper import Paper
from catalog.reads.places import Claim, claims_of
from catalog.reads.similar import SimilarPaper, similar


class BesidePaper(Struct):
    """The claims of a paper with their places, and the papers like it."""

    claims: list[Claim]
    similar: list[SimilarPaper]


def beside(paper: Paper) -> Read[BesidePaper]:
    """Find a paper's places and its like; a withdrawn paper and a table's row claim nothing."""
    claims: list[Claim] = []
    if not paper.withdrawn:
        claims = yield from claims_of(paper.id, paper.results)
    return BesidePaper(claims, [] if paper.is_row else (yield from similar(paper.id)))
