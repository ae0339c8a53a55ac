"""A small invented catalog with everything that pages show, some of it hostile."""

import datetime as dt
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from catalog.models import (
    Base,
    Dataset,
    DatasetAlias,
    Digest,
    DigestEntry,
    Document,
    Identifier,
    Link,
    Mark,
    MarkName,
    MarkTag,
    Metric,
    Paper,
    PaperSource,
    PaperTask,
    Repository,
    Result,
    Run,
    Task,
)

NOW = dt.datetime(2025, 3, 13, 6, tzinfo=dt.UTC)
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
ABSTRACT = (
    "Our detector reaches 54.3 mAP on COCO, 2.1 points over Baseline, and is 3.7x faster than "
    "the 52.2 mAP of Baseline. Code: https://github.com/Lee/Detector"
)


def fill(session: Session) -> None:
    """Fill an empty catalog."""
    sets = [
        Dataset(name="COCO", slug="coco", key="coco"),
        Dataset(name="ImageNet-1K", slug="imagenet-1k", key="imagenet1k"),
        Dataset(name=f"Bad {EVIL}", slug="bad", key="bad"),
    ]
    metrics = [
        Metric(name="mAP", slug="map", key="mAP", family="quality", higher_is_better=True),
        Metric(name="latency", slug="latency", key="latency", family="efficiency",
               higher_is_better=False),
        Metric(name="parameters", slug="parameters", key="parameters", family="efficiency"),
        Metric(name="speedup", slug="speedup", key="speedup", higher_is_better=True),
        Metric(name="accuracy", slug="accuracy", key="accuracy", higher_is_better=True),
    ]  # fmt: skip
    save(session, *sets, *metrics)
    save(session, DatasetAlias(dataset_id=sets[0].id, alias="MS-COCO"))
    papers = [
        detector(session, sets[0], metrics),
        hostile(session, sets[2], metrics[4]),
        untitled(session),
        *(classifier(session, place, sets[1], metrics) for place in range(8)),
    ]
    digests(session, papers)
    provenance(session, papers)
    marks(session, papers)


def connected(engine: Engine, fill: Callable[[Session], object]) -> Iterator[Connection]:
    """Fill a catalog; yield a connection to it."""
    with Session(engine) as session:
        fill(session)
        session.commit()
    with engine.connect() as connection:
        yield connection


def save(session: Session, *rows: Base) -> None:
    """Write rows, which gives them their ids."""
    session.add_all(rows)
    session.flush()


def marks(session: Session, papers: list[Paper]) -> None:
    """Two marks: one of everything on the detector, a star on what has not been read."""
    one = Mark(paper_id=papers[0].id, label=papers[0].label, starred_at=NOW, read_at=NOW,
               note=f"Try it. {EVIL}", made_at=NOW, changed_at=NOW)  # fmt: skip
    two = Mark(paper_id=papers[4].id, label=papers[4].label, starred_at=NOW, made_at=NOW,
               changed_at=NOW)  # fmt: skip
    save(session, one, two)
    for mark, place, tags in ((one, 0, ("idea", "to-reproduce")), (two, 4, ("idea",))):
        name = MarkName(mark_id=mark.id, scheme="arxiv", value=papers[place].arxiv_id, rank=0)
        save(session, name, *(MarkTag(mark_id=mark.id, tag=tag) for tag in tags))


def paper(
    session: Session,
    key: str,
    title: str | None,
    abstract: str | None,
    day: dt.date | None,
    **more: Any,
) -> Paper:
    """Write one paper, its derived columns filled in."""
    found = Paper(
        key=key,
        label=title or (abstract or "")[:60],
        title=title,
        abstract=abstract,
        first_seen_on=day,
        year=day and day.year,
        month=day and f"{day:%Y-%m}",
        **{"has_code": False, "has_results": False, **more},
    )
    save(session, found)
    return found


def result(
    paper: Paper, text: str, *, metric: Metric, dataset: Dataset | None = None, **more: Any
) -> Result:
    """One result whose text stands once in the paper's abstract."""
    abstract = str(paper.abstract)
    start = abstract.index(text)
    known = {
        "paper_id": paper.id,
        "metric_id": metric.id,
        "dataset_id": dataset and dataset.id,
        "text": text,
        "span_start": start,
        "span_end": start + len(text),
        "sentence": abstract.split(". ")[0],
        "kind": "absolute",
        "role": "own",
        "rule": "invented",
        "confidence": 0.9,
        "origin": "abstract",
        "state": "machine",
    }
    return Result(**{**known, **more})


def detector(session: Session, coco: Dataset, metrics: list[Metric]) -> Paper:
    """The paper with one of everything."""
    found = paper(
        session, "2503.00001", "A Detector That Is Fast", ABSTRACT, dt.date(2025, 3, 11),
        arxiv_id="2503.00001", published_on=dt.date(2025, 3, 11), has_code=True, has_results=True,
    )  # fmt: skip
    save(
        session,
        Identifier(paper_id=found.id, scheme="arxiv", value="2503.00001"),
        Identifier(paper_id=found.id, scheme="doi", value="10.1000/det(1)<x>"),
        result(found, "54.3", value=54.3, metric=metrics[0], dataset=coco, model="Detector-L"),
        result(found, "2.1 points", value=2.1, metric=metrics[0], dataset=coco, kind="delta",
               baseline="Baseline"),
        result(found, "3.7x", value=3.7, unit="x", metric=metrics[3], kind="ratio",
               baseline="Baseline"),
        result(found, "52.2", value=52.2, metric=metrics[0], dataset=coco, role="other"),
    )  # fmt: skip
    address = "https://github.com/Lee/Detector"
    code = Repository(
        full_name="Lee/Detector", host="github.com", owner="Lee", name="Detector",
        key="github.com/lee/detector", url=address, stars=1234, language="Python",
        licence="MIT", state="alive", checked_at=NOW,
    )  # fmt: skip
    save(session, code)
    start = ABSTRACT.index(address)
    link = Link(
        paper_id=found.id, url=address, kind="github", repository_id=code.id, found_in="abstract",
        text=address, span_start=start, span_end=start + len(address), is_official=True,
    )  # fmt: skip
    save(session, link)
    return found


def hostile(session: Session, dataset: Dataset, metric: Metric) -> Paper:
    """A paper whose every text tries to become markup."""
    abstract = f"We reach 99% accuracy {EVIL} on everything."
    found = paper(session, "t-0123456789ab", f"Hostile {EVIL}", abstract, dt.date(2025, 3, 12),
                  has_results=True)  # fmt: skip
    save(
        session,
        result(found, "99%", value=99, unit="%", metric=metric, dataset=dataset, model=EVIL,
               baseline=EVIL, rule=EVIL, sentence=abstract, dataset_text=EVIL),
        Link(paper_id=found.id, url="javascript:alert(3)", kind="other", found_in="abstract"),
    )  # fmt: skip
    return found


def untitled(session: Session) -> Paper:
    """A paper of which only an abstract is known: no title, no day, no number."""
    abstract = "Nothing is measured here, and nobody knows when."
    return paper(session, "a-00000000000a", None, abstract, None)


def classifier(session: Session, place: int, dataset: Dataset, metrics: list[Metric]) -> Paper:
    """One of several papers that compete on one board."""
    abstract = f"Classifier {place} has 9{place}M parameters and {80 + place}.5% accuracy."
    day = dt.date(2024, 12 - place, 3) if place != 6 else None
    key = f"24{12 - place:02}.1234{place}"
    dates = {"published_on": day, "has_results": True}
    found = paper(session, key, f"Classifier Number {place}", abstract, day, arxiv_id=key, **dates)
    value: dict[str, Any] = {"value": 80.5 + place, "unit": "%", "error": 0.3}
    if place == 7:
        value = {"value": 0.879, "unit": None}
    named = "Classifier-0" if place == 0 else None
    save(
        session,
        result(found, f"9{place}M", value=(90 + place) * 1e6, metric=metrics[2], model=named),
        result(found, f"{80 + place}.5%", metric=metrics[4], dataset=dataset, **value),
    )
    return found


def digests(session: Session, papers: list[Paper]) -> None:
    """Two days of one digest, and one of another that shares a paper."""
    for source, day, entries in (
        ("digest-page", dt.date(2025, 3, 11), papers[3:6]),
        ("digest-page", dt.date(2025, 3, 12), [papers[1], papers[0], papers[6]]),
        ("hf-daily", dt.date(2025, 3, 12), [papers[0], papers[7]]),
    ):
        digest = Digest(source=source, day=day)
        save(session, digest)
        session.add_all(
            DigestEntry(digest_id=digest.id, paper_id=one.id, rank=rank, day_basis="printed",
                        upvotes=50 - rank if source == "hf-daily" else None)
            for rank, one in enumerate(entries, start=1)
        )  # fmt: skip


def tasks(session: Session) -> None:
    """A task that two papers work on, and that the numbers of two boards name."""
    task = Task(name="image recognition", slug="image-recognition", key="imagerecognition")
    save(session, task)
    named = session.query(Result).filter(Result.text.in_(["54.3", "80.5%", "81.5%"])).all()
    for one in named:
        one.task_id = task.id
    papers = sorted({one.paper_id for one in named})
    save(session, *(PaperTask(paper_id=paper, task_id=task.id) for paper in papers))


def provenance(session: Session, papers: list[Paper]) -> None:
    """One document that supplied everything, in one run."""
    document = Document(
        name="/somewhere/private/digest.txt", format="digest-page", sha256="0" * 64, bytes=1000,
        read_at=NOW, records_done=len(papers), state="complete",
    )  # fmt: skip
    save(session, document)
    for position, one in enumerate(papers):
        digest = sha256(one.key.encode()).digest()
        session.add(
            PaperSource(
                document_id=document.id,
                position=position,
                paper_id=one.id,
                record="{}",
                is_named=one.arxiv_id is not None,
                record_hash=int.from_bytes(digest[:8], signed=True, byteorder="big"),
            )
        )
    session.add(
        Run(command="load", version="0", started_at=NOW, finished_at=NOW, state="done", documents=1,
            skipped=0, records=11, papers_added=11, papers_changed=0, papers_removed=0,
            entries_added=8, results_added=21, links_added=2, problems=0)
    )  # fmt: skip
