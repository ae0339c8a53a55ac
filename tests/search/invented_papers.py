"""Invented papers with everything that a search has to handle."""

import datetime as dt

from sqlalchemy.orm import Session

from catalog.domain.keys import fold
from catalog.domain.search_words import name_key, search_words
from catalog.models import (
    Author,
    Authorship,
    Base,
    Category,
    Dataset,
    DatasetAlias,
    Digest,
    DigestEntry,
    Identifier,
    Mark,
    MarkTag,
    Metric,
    Paper,
    PaperCategory,
    PaperTask,
    Result,
    Task,
)

DAY = dt.date(2025, 3, 11)
NOW = dt.datetime(2025, 3, 12, 6, tzinfo=dt.UTC)

PAPERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "2503.00001": (
        "Latent Diffusion of Quills",
        "We paint quills with a diffusion model in a latent space.",
        ("Kaiming He", "Zoë Müller"),
    ),
    "2503.00002": (
        "Video Diffusion without Ink",
        "Diffusion models paint films; a scale-aware transformer helps.",
        ("Łukasz Kaiser", "Li He"),
    ),
    "2402.00003": (
        "A Survey of Parsers Written in C++ and C#",
        "Transformers and parsers of the University of Łódź, for naïve readers.",
        ("Jürgen Schmidhuber",),
    ),
    "2402.00004": (
        "中文模型 for Birds",
        "We train 大型语言模型 on songs of birds; GAN网络 do less well.",
        ("Wei Wang", "O'Neil Smith"),
    ),
    "2402.00005": (
        "An Operator of Space and Latent Trees",
        "The space is latent in the other order. Convolutional trees generate k-means++.",
        (),
    ),
    "t-0123456789ab": ("Nothing Measured", "C is a letter, and naive is a word.", ()),
}
"""Key -> title, abstract, authors."""


def fill(session: Session) -> None:
    """Fill an empty catalog."""
    papers = [add_paper(session, key) for key in PAPERS]
    people = {name for _, _, names in PAPERS.values() for name in names}
    authors = {name: Author(name=name, key=name_key(name)) for name in sorted(people)}
    save(session, *authors.values())
    for paper in papers:
        save(session, *(
            Authorship(paper_id=paper.id, position=place, author_id=authors[name].id)
            for place, name in enumerate(PAPERS[paper.key][2], start=1)
        ))  # fmt: skip
    add_subjects(session, papers)
    add_numbers(session, papers)
    add_marks(session, papers)


def save(session: Session, *rows: Base) -> None:
    """Write rows, which gives them their ids."""
    session.add_all(rows)
    session.flush()


def add_paper(session: Session, key: str) -> Paper:
    """Write one paper with its identifiers; the later in the list, the older."""
    title, abstract, _ = PAPERS[key]
    place = list(PAPERS).index(key)
    day = DAY - dt.timedelta(days=100 * place)
    paper = Paper(
        key=key, label=title, title=title, abstract=abstract, title_key=fold(title),
        search_words=search_words(title, abstract), first_seen_on=day, year=day.year,
        month=f"{day:%Y-%m}", arxiv_id=None if key.startswith("t-") else key,
        has_code=place % 2 == 0, has_results=place < 4,
    )  # fmt: skip
    save(session, paper)
    if paper.arxiv_id:
        save(session, Identifier(paper_id=paper.id, scheme="arxiv", value=key))
    save(session, Identifier(paper_id=paper.id, scheme="doi", value=f"10.1000/p{place}"))
    return paper


def add_subjects(session: Session, papers: list[Paper]) -> None:
    """File the first two papers under a task and a class, and put the second into a digest."""
    task = Task(name="image painting", slug="image-painting", key="image painting")
    category, digest = Category(code="cs.CV"), Digest(source="digest-page", day=DAY)
    save(session, task, category, digest)
    for paper in papers[:2]:
        save(
            session,
            PaperTask(paper_id=paper.id, task_id=task.id),
            PaperCategory(paper_id=paper.id, category_id=category.id, is_primary=True),
        )
    save(session, DigestEntry(digest_id=digest.id, paper_id=papers[1].id, rank=1, upvotes=3,
                              day_basis="printed"))  # fmt: skip


def add_numbers(session: Session, papers: list[Paper]) -> None:
    """Give the first four papers numbers on two datasets by three metrics."""
    imagenet = Dataset(name="ImageNet-1K", slug="imagenet-1k", key="imagenet1k")
    coco = Dataset(name="MS COCO", slug="ms-coco", key="mscoco")
    top1 = Metric(name="top-1 accuracy", slug="top-1-accuracy", key="top-1 accuracy",
                  family="quality", higher_is_better=True)  # fmt: skip
    speedup = Metric(name="speedup", slug="speedup", key="speedup", family="efficiency")
    size = Metric(name="parameters", slug="parameters", key="parameters", family="efficiency")
    save(session, imagenet, coco, top1, speedup, size)
    save(session, DatasetAlias(dataset_id=coco.id, alias="Common Objects"))
    for place, (paper, dataset, metric, value, more) in enumerate([
        (papers[0], imagenet, top1, 84.0, {"unit": "%"}),
        (papers[0], None, size, 86e6, {}),
        (papers[1], imagenet, top1, 0.79, {}),
        (papers[1], None, size, 300e6, {}),
        (papers[2], coco, top1, 90.0, {"unit": "%"}),
        (papers[2], None, speedup, 3.5, {"unit": "x", "kind": "ratio"}),
        (papers[3], None, speedup, 1.5, {"unit": "x", "kind": "ratio"}),
        (papers[3], None, speedup, 9.0, {"unit": "x", "kind": "ratio", "role": "other"}),
        (papers[3], coco, top1, 99.0, {"unit": "%", "state": "rejected"}),
    ]):  # fmt: skip
        known = {"kind": "absolute", "role": "own", "state": "machine", "origin": "abstract"}
        save(session, Result(
            paper_id=paper.id, dataset_id=dataset and dataset.id, metric_id=metric.id, value=value,
            text=str(value), sentence="It is so.", rule="invented", span_start=place,
            span_end=place + 1, confidence=0.9, **{**known, **more},
        ))  # fmt: skip


def add_marks(session: Session, papers: list[Paper]) -> None:
    """Star, read and tag the first paper."""
    mark = Mark(paper_id=papers[0].id, label=papers[0].label, starred_at=NOW, read_at=NOW,
                made_at=NOW, changed_at=NOW)  # fmt: skip
    save(session, mark)
    save(session, MarkTag(mark_id=mark.id, tag="to-reproduce"))
