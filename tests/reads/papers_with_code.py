"""An invented catalog of papers with several repositories, and the right one of each."""

import datetime as dt

from msgspec import Struct
from sqlalchemy.orm import Session

from catalog.models import (
    Dataset,
    Digest,
    DigestEntry,
    Identifier,
    Link,
    Metric,
    Paper,
    Repository,
    Result,
)

DAY = dt.date(2025, 3, 11)


class Named(Struct, frozen=True):
    """A repository that a paper names, and whether a source calls it official."""

    name: str
    stars: int | None = None
    official: bool | None = None
    path: str = ""


CASES: dict[str, list[Named]] = {
    "2503.00001": [Named("zeta/own", 10, official=True), Named("alpha/famous", 500)],
    "2503.00002": [Named("alpha/few", 3), Named("beta/many", 40), Named("gamma/unknown")],
    "2503.00003": [Named("beta/Same", 7), Named("alpha/same", 7, official=False)],
    "2503.00004": [Named("Zeta/unknown"), Named("alpha/unknown"), Named("beta/unknown")],
    "2503.00005": [
        Named("alpha/own", official=True),
        Named("beta/own", 2, official=True),
        Named("gamma/other", 900, official=False),
    ],
    "2503.00006": [Named("alpha/few", 3, path="/tree/main"), Named("alpha/few", 3)],
    "2503.00007": [],
}
"""Key of a paper -> what it names, in the order of its links."""

EXPECTED: dict[str, tuple[str, int | None] | None] = {
    "2503.00001": ("zeta/own", 10),
    "2503.00002": ("beta/many", 40),
    "2503.00003": ("alpha/same", 7),
    "2503.00004": ("alpha/unknown", None),
    "2503.00005": ("beta/own", 2),
    "2503.00006": ("alpha/few", 3),
    "2503.00007": None,
}
"""Key of a paper -> its repository with its stars: official, then stars, then name."""


def fill(session: Session) -> None:
    """Fill an empty catalog: every paper has one result, and stands in one digest."""
    metric = Metric(name="accuracy", slug="accuracy", key="accuracy", higher_is_better=True)
    dataset = Dataset(name="COCO", slug="coco", key="coco")
    digest = Digest(source="digest-page", day=DAY)
    repositories = {named.name: _repository(named) for names in CASES.values() for named in names}
    save(session, metric, dataset, digest, *repositories.values())
    for rank, (key, names) in enumerate(CASES.items(), start=1):
        paper = _paper(key, f"Quills Number {rank}", bool(names))
        save(session, paper)
        save(
            session,
            Identifier(paper_id=paper.id, scheme="arxiv", value=key),
            DigestEntry(digest_id=digest.id, paper_id=paper.id, rank=rank, day_basis="printed"),
            Result(
                paper_id=paper.id, metric_id=metric.id, dataset_id=dataset.id, value=90.0 + rank,
                unit="%", text=f"{90 + rank}%", kind="absolute", role="own",
                origin="papers-with-code", state="machine",
            ),
            *(_link(paper.id, repositories[named.name].id, named) for named in names),
        )  # fmt: skip


def save(session: Session, *rows: object) -> None:
    """Add rows in this order, so that they have ids."""
    for row in rows:
        session.add(row)
        session.flush()


def _paper(key: str, title: str, has_code: bool) -> Paper:
    return Paper(
        key=key, label=title, title=title, abstract="We write with quills.", arxiv_id=key,
        published_on=DAY, first_seen_on=DAY, year=2025, month="2025-03", has_code=has_code,
        has_results=True,
    )  # fmt: skip


def _repository(named: Named) -> Repository:
    owner, _, name = named.name.partition("/")
    return Repository(
        full_name=named.name, host="github.com", owner=owner, name=name,
        key=f"github.com/{named.name}".lower(), url=f"https://github.com/{named.name}",
        stars=named.stars, state="alive",
    )  # fmt: skip


def _link(paper_id: int, repository_id: int, named: Named) -> Link:
    return Link(
        paper_id=paper_id, url=f"https://github.com/{named.name}{named.path}", kind="github",
        found_in="repo_url", repository_id=repository_id, is_official=named.official,
    )  # fmt: skip
