"""Apply a batch of records: find affected papers, recompute them, write the differences."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Protocol

import msgspec
from sqlalchemy import Connection, select

from catalog.database.bulk_insert import next_id
from catalog.database.long_lists import is_among
from catalog.domain.correction_rules import NONE_MADE, PaperDecisions, corrected_paper
from catalog.domain.identity import Anchor, cluster
from catalog.domain.keys import shortened
from catalog.domain.merge import MergedPaper, Supplied, merge
from catalog.domain.records import Extraction
from catalog.marks.assign import assign_marks
from catalog.models import table
from etl.extract.reader import Texts
from etl.formats.toolkit.decoding import excerpt
from etl.ingest.abstract_problems import second_failed, unread_abstract
from etl.ingest.affected_records import Resolver
from etl.ingest.affected_records import Row as SourceRow
from etl.ingest.decisions import NO_DECISIONS, read_decisions
from etl.ingest.diff import Changes
from etl.ingest.limits import sound
from etl.ingest.lookup_rows import doubt_spellings, tidy
from etl.ingest.lookup_tables import Names
from etl.ingest.paper_rows import CHILDREN, PaperRows
from etl.ingest.problem_rows import (
    UnreadAbstract,
    close_second,
    has_second_problems,
    keep_unread,
)
from etl.ingest.sql_helpers import (
    LISTED,
    Row,
    chunks,
    delete_ids,
    delete_rows,
    insert_rows,
    update_rows,
)


class Extract(Protocol):
    """A function that reads abstracts, perhaps in other processes."""

    @property
    def asks(self) -> bool:
        """Whether it asks elsewhere."""
        ...

    def __call__(self, texts: Texts) -> list[Extraction]:
        """Extract from each abstract, in order."""
        ...

    def prefetch(self, coming: Iterable[tuple[str, str | None]]) -> None:
        """Begin to extract from abstracts that will be requested next."""

    def forget(self) -> None:
        """Drop what was prefetched before the last call of `prefetch`."""

    def ask(self, texts: Iterable[tuple[str, str | None]]) -> None:
        """Ask elsewhere what reading these abstracts needs; call it outside of transactions."""


class Counts(msgspec.Struct):
    """The counts of a load so far."""

    documents: int = 0
    skipped: int = 0
    records: int = 0
    papers_added: int = 0
    papers_changed: int = 0
    papers_removed: int = 0
    entries_added: int = 0
    results_added: int = 0
    links_added: int = 0
    problems: int = 0

    def add(self, other: "Counts") -> None:
        """Add the counts of another load."""
        for field in self.__struct_fields__:
            setattr(self, field, getattr(self, field) + getattr(other, field))


class Writer:
    """Keeps papers consistent with their records, on one connection within its transaction."""

    def __init__(
        self,
        connection: Connection,
        *,
        extract: Extract,
        version: str | None,
        ranks: dict[str, int],
        run_id: int | None = None,
    ) -> None:
        self.connection = connection
        self.extract = extract
        self.version = version
        """Of the extractor; None where it does not read."""
        self.run_id = run_id
        """Run that problems are kept for."""
        self.unread: list[UnreadAbstract] = []
        """Abstracts that the reader stumbled over, since somebody last took them."""
        self.resolver = Resolver(connection, ranks)
        self.names = Names(connection)
        self.decided = NO_DECISIONS
        self.counts = Counts()
        self._next_paper = 0

    def take_counts(self) -> Counts:
        """Return the counts since the last call, and begin new ones."""
        taken, self.counts = self.counts, Counts()
        return taken

    def apply(
        self,
        coming: Sequence[SourceRow],
        going: Iterable[int] = (),
        anchors: Iterable[Anchor] = (),
        papers: Iterable[int] = (),
    ) -> None:
        """Add records, delete others (by key in paper_sources), and recompute affected papers.

        `papers` are recomputed too, and those that are held by `anchors`: people have decided about
        them.
        Afterwards every table is as if the records that are left had come in any other order.
        """
        self.decided = read_decisions(self.connection)
        decisions = self.resolver.decisions = self.decided.identity
        leaving = self.resolver.rows(going)
        gone_ids = {row.id for row in leaving}
        staying = [
            row
            for row in self.resolver.touched(coming, leaving, anchors, papers)
            if row.id not in gone_ids
        ]
        rows = [*staying, *coming]
        old_papers = {row.paper_id for row in (*staying, *leaving) if row.paper_id is not None}
        clusters = cluster([row.trace for row in rows], decisions)
        for row, names in zip(rows, clusters.names, strict=True):
            if names is not row.record.identifiers:
                row.keep_names(names)
        groups = [[rows[i] for i in group] for group in clusters.groups]
        assigned = self._assign(groups)
        before = len(self.unread)
        wanted = self._compute(groups)
        delete_ids(self.connection, "paper_sources", (i for i in gone_ids if i is not None))
        self._write_papers(assigned, groups, wanted, old_papers)
        kept = (found.result for paper in wanted for found, *_ in paper.results)
        gone = (row.record for row in leaving)
        doubt_spellings(self.names, gone, kept, self.decided.names.dataset)
        keep_unread(self.connection, self.run_id, self.unread[before:])
        self.counts.records += len(coming)

    def recompute(self, papers: Sequence[int]) -> None:
        """Recompute papers from the records they have, by the rules of this version.

        Keys are made anew first: what was not one title by older rules may be one now.
        """
        rows = [row for row in self.resolver.rows_of(set(papers)) if row.rekey()]
        changed = [
            {
                "id": row.id,
                "title_hash": row.title_hash,
                "abstract_hash": row.abstract_hash,
            }
            for row in rows
        ]
        update_rows(self.connection, "paper_sources", changed)
        self.apply([], papers=papers)

    def tidy(self) -> None:
        """Update the lookup rows that have gained or lost references since the last call."""
        tidy(self.names, self.decided.dataset_names, self.decided.names.dataset)

    def _assign(self, groups: list[list[SourceRow]]) -> list[int]:
        """Choose a paper's id for each group: its oldest one if still free, else a new one.

        Where a paper falls apart, the part with identifiers keeps its id.
        """
        old_groups = [
            i for i, rows in enumerate(groups) if len(rows) > 1 or rows[0].paper_id is not None
        ]
        order = sorted(
            (i for i in old_groups if any(row.paper_id is not None for row in groups[i])),
            key=lambda i: (
                min((r.paper_id for r in groups[i] if r.paper_id is not None), default=2**62),
                not any(row.is_named for row in groups[i]),
                min(row.sha256 for row in groups[i]),
            ),
        )
        taken: set[int] = set()
        papers = [-1] * len(groups)
        for i in order:
            old = sorted({r.paper_id for r in groups[i] if r.paper_id is not None} - taken)
            papers[i] = old[0] if old else -1
            taken.add(papers[i])
        for i, paper in enumerate(papers):
            if paper == -1:
                papers[i] = self._new_paper_id()
        return papers

    def _new_paper_id(self) -> int:
        if not self._next_paper:
            self._next_paper = next_id(self.connection, table("papers"))
        self._next_paper += 1
        return self._next_paper - 1

    def _compute(self, groups: list[list[SourceRow]]) -> list[PaperRows]:
        papers = [merge(map(_supplied, group)) for group in groups]
        decisions = self._decisions(papers, groups)
        merged = [
            corrected_paper(paper, made.paper)
            for paper, made in zip(papers, decisions, strict=True)
        ]
        texts = [(paper.abstract, paper.title) for paper in merged if paper.abstract]
        extracted = iter(self.extract(texts))
        return [
            self._rows(
                paper, group, sound(next(extracted)) if paper.abstract else Extraction(), made
            )
            for paper, group, made in zip(merged, groups, decisions, strict=True)
        ]

    def _decisions(
        self, papers: list[MergedPaper], groups: list[list[SourceRow]]
    ) -> list[PaperDecisions]:
        """Return what people have decided on each paper; mostly nothing on any."""
        if not self.decided.by_target:
            return [NONE_MADE] * len(papers)
        held = map(_held_by, papers, groups)
        return list(map(self.decided.of, held))

    def _rows(
        self,
        paper: MergedPaper,
        group: list[SourceRow],
        extraction: Extraction,
        decisions: PaperDecisions,
    ) -> PaperRows:
        """Return the rows of a paper; one whose abstract could not be read waits for a reader."""
        rules = self.decided.names
        if extraction.failure is not None:
            self.unread.append(unread_abstract(paper, group, extraction.failure))
            self.counts.problems += 1
            return PaperRows(paper, Extraction(), None, self.names, decisions, rules)
        self._note_second_reading(paper, group, extraction.problem)
        version = extraction.version or self.version
        return PaperRows(paper, extraction, version, self.names, decisions, rules)

    def _note_second_reading(
        self, paper: MergedPaper, group: list[SourceRow], why: str | None
    ) -> None:
        """Keep the problem of a second reader, or close those that the paper had."""
        if why is not None:
            self.unread.append(second_failed(paper, group, why))
            self.counts.problems += 1
        elif self._has_second_problems and paper.abstract:
            documents = {row.document_id for row in group}
            close_second(self.connection, self.run_id, documents, excerpt(paper.abstract))

    @cached_property
    def _has_second_problems(self) -> bool:
        """Whether problems of a second reader were open when this writer first looked."""
        return has_second_problems(self.connection)

    def _write_papers(
        self,
        papers: list[int],
        groups: list[list[SourceRow]],
        wanted: list[PaperRows],
        old_papers: set[int],
    ) -> None:
        """Bring the tables to the wanted state, writing only differences."""
        self.names.flush()
        children: dict[str, list[Row]] = {name: [] for name in CHILDREN}
        changes = Changes(self.names, self._stored("papers", "id", old_papers))
        for paper, rows in zip(papers, wanted, strict=True):
            changes.paper(rows.paper_row(paper))
            rows.add_children(paper, self.names, children)
        gone = old_papers - set(papers)
        for name, found in children.items():
            changes.children(name, found, self._stored(name, "paper_id", old_papers))
        self._write(changes, papers, groups, gone)
        assign_marks(self.connection)
        self.counts.papers_added += len(changes.new_papers)
        self.counts.papers_removed += len(gone)
        self.counts.papers_changed += len(changes.touched - gone - changes.added)
        self.counts.entries_added += len(changes.inserts["digest_entries"])
        self.counts.results_added += len(changes.inserts["results"])
        self.counts.links_added += len(changes.inserts["links"])

    def _stored(self, name: str, column: str, papers: set[int]) -> list[Row]:
        target = table(name)
        return [
            dict(row)
            for chunk in chunks(sorted(papers), LISTED)
            for row in self.connection.execute(
                select(target).where(is_among(self.connection, target.c[column], chunk))
            ).mappings()
        ]

    def _write(
        self, changes: Changes, papers: list[int], groups: list[list[SourceRow]], gone: set[int]
    ) -> None:
        """Write rows in the order that uniqueness and foreign keys require."""
        connection = self.connection
        for name in CHILDREN:
            delete_rows(connection, name, changes.deletes[name])
        # Names may move from one paper to another: free them first.
        freed = sorted(gone | changes.renamed)
        update_rows(
            connection,
            "papers",
            [{"id": paper, "key": f"~{paper}", "arxiv_id": None} for paper in freed],
        )
        update_rows(connection, "papers", changes.changed_papers)
        insert_rows(connection, "papers", changes.new_papers)
        self._write_sources(papers, groups)
        delete_ids(connection, "papers", gone)
        for name in CHILDREN:
            self._update(name, changes.updates[name])
            self._number(name, changes.inserts[name])
            insert_rows(connection, name, changes.inserts[name])

    def _update(self, name: str, rows: list[Row]) -> None:
        """Update rows by id; where the key has no id, delete and insert them."""
        if rows and "id" in rows[0]:
            update_rows(self.connection, name, rows)
        else:
            primary = [column.name for column in table(name).primary_key]
            keys = [{column: row[column] for column in primary} for row in rows]
            delete_rows(self.connection, name, keys)
            insert_rows(self.connection, name, rows)

    def _number(self, name: str, rows: list[Row]) -> None:
        """Assign ids to rows, which is cheaper than asking the database for each."""
        target = table(name)
        if rows and "id" in target.c:
            for number, row in enumerate(rows, start=next_id(self.connection, target)):
                row["id"] = number

    def _write_sources(self, papers: list[int], groups: list[list[SourceRow]]) -> None:
        moved: list[Row] = []
        new: list[Row] = []
        for paper, group in zip(papers, groups, strict=True):
            for row in group:
                if row.id is None:
                    new.append(
                        {
                            "document_id": row.document_id,
                            "position": row.position,
                            "paper_id": paper,
                            "is_named": row.is_named,
                            "record_hash": shortened(row.sha256),
                            "title_hash": row.title_hash,
                            "abstract_hash": row.abstract_hash,
                            "item_hash": row.item,
                            "record": row.json,
                        }
                    )
                elif row.paper_id != paper:
                    moved.append({"id": row.id, "paper_id": paper})
        update_rows(self.connection, "paper_sources", moved)
        new.sort(key=lambda row: row["position"])
        insert_rows(self.connection, "paper_sources", new)


def _held_by(paper: MergedPaper, group: list[SourceRow]) -> list[Anchor]:
    """List what decisions on a paper and its numbers are held by.

    That is its identifiers; title and abstract of records that have none; and for numbers the
    abstract of any of its records, so that a decision on a list's paper outlives the list.
    """
    held = [f"{name.scheme}:{name.value}" for name in paper.identifiers]
    for row in group:
        if not row.is_named and row.title_hash is not None:
            held.append(f"title:{row.title_hash}")
        if row.abstract_hash is not None:
            held.append(f"abstract:{row.abstract_hash}")
    return list(dict.fromkeys(held))


def _supplied(row: SourceRow) -> Supplied:
    return Supplied(
        record=row.record,
        rank=row.rank,
        sha256=row.sha256,
        abstract_key=row.abstract_key,
        disputed=row.disputed,
    )
