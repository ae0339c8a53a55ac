"""Extract again from abstracts that older rules or another reader read."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, select

from catalog.domain.merge import RULES
from catalog.domain.plain_text import plain_abstract, plain_or_none
from catalog.models import table
from etl.extract.reader import ChosenReader
from etl.ingest.document_plan import BATCH
from etl.ingest.problem_rows import close_read
from etl.ingest.run import Run
from etl.ingest.sql_helpers import chunks


def reextract(
    run: Run,
    *,
    everything: bool,
    jobs: int | None,
    executor: str | None = None,
    reader: ChosenReader | None = None,
) -> Iterator[int]:
    """Recompute papers that older rules made or another extractor read, or all of them.

    Yields the papers done so far. Each batch is a transaction, so a run that was cut off goes on
    where it was. The next one is extracted while one is written.
    """
    done = 0
    with run.writer(jobs=jobs, executor=executor, reader=reader) as (writer, transaction):
        done_by = None if everything else writer.version
        with transaction():
            batch = _next_papers(writer.connection, 0, but=done_by)
        while batch:
            writer.extract.ask(_texts(batch))
            with transaction():
                following = _next_papers(writer.connection, max(batch), but=done_by)
                writer.extract.prefetch(_texts(following))
                writer.recompute(list(batch))
                writer.tidy()
            writer.extract.forget()
            done += len(batch)
            batch = following
            run.total.add(writer.take_counts())
            yield done
        with transaction():
            close_read(writer.connection, run.run_id)


def count_questions(run: Run, reader: ChosenReader, *, everything: bool) -> None:
    """Count what rereading would ask elsewhere, without asking."""
    with run.writer(reader=reader) as (writer, transaction):
        done_by = None if everything else writer.version
        last = 0
        while True:
            with transaction():
                batch = _next_papers(writer.connection, last, but=done_by)
            if not batch:
                return
            writer.extract.ask(_texts(batch))
            last = max(batch)


def _texts(
    papers: Mapping[int, tuple[str | None, str | None]],
) -> Iterator[tuple[str, str | None]]:
    """Yield the abstracts and titles that extraction will probably need."""
    for abstract, title in papers.values():
        if abstract:
            yield plain_abstract(abstract), plain_or_none(title)


def _next_papers(
    connection: Connection, last: int, *, but: str | None
) -> dict[int, tuple[str | None, str | None]]:
    """Return the next papers, but those that version `but` has read by today's rules."""
    papers = table("papers")
    query = select(papers.c.id).where(papers.c.id > last)
    if but is not None:
        by_other_rules = papers.c.merge_rules.is_distinct_from(RULES)
        read_otherwise = papers.c.extractor_version.is_distinct_from(but)
        query = query.where(by_other_rules | (papers.c.abstract.is_not(None) & read_otherwise))
    ids = connection.scalars(query.order_by(papers.c.id).limit(BATCH)).all()
    return {
        row.id: (row.abstract, row.title)
        for chunk in chunks(ids)
        for row in connection.execute(
            select(papers.c.id, papers.c.abstract, papers.c.title)
            .where(papers.c.id.in_(chunk))
            .order_by(papers.c.id)
        )
    }
