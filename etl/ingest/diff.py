"""Compare stored rows with wanted rows, without touching the database."""

from collections.abc import Iterable

from catalog.models import table
from etl.ingest.lookup_tables import KINDS, REPOSITORIES, Key, Names
from etl.ingest.paper_rows import CHILDREN, key_of
from etl.ingest.sql_helpers import Row

NAMING = {column: kind for kind in KINDS for _, column in kind.referrers}
"""Column -> kind of the thing that it names."""


class Changes:
    """The rows to insert, update and delete, table by table."""

    def __init__(self, names: Names, stored_papers: Iterable[Row]) -> None:
        self.names = names
        self.stored = {row["id"]: row for row in stored_papers}
        self.new_papers: list[Row] = []
        self.changed_papers: list[Row] = []
        self.renamed: set[int] = set()
        """Papers whose unique names change."""
        self.touched: set[int] = set()
        self.added: set[int] = set()
        self.inserts: dict[str, list[Row]] = {name: [] for name in CHILDREN}
        self.updates: dict[str, list[Row]] = {name: [] for name in CHILDREN}
        self.deletes: dict[str, list[Row]] = {name: [] for name in CHILDREN}

    def paper(self, row: Row) -> None:
        """Compare a paper's own columns."""
        paper = row["id"]
        now = self.stored.get(paper)
        if now is None:
            self.new_papers.append(row)
            self.added.add(paper)
        elif any(now[column] != value for column, value in row.items()):
            self.changed_papers.append(row)
            self.touched.add(paper)
            if (now["key"], now["arxiv_id"]) != (row["key"], row["arxiv_id"]):
                self.renamed.add(paper)

    def children(self, name: str, wanted: Iterable[Row], stored: Iterable[Row]) -> None:
        """Compare the rows of one table that belong to papers already compared by `paper`."""
        missing: dict[tuple[int, Key], Row] = {}
        inserts = self.inserts[name]
        if not self.stored:  # all papers are new
            inserts += wanted
            wanted = ()
        for new in wanted:
            if new["paper_id"] in self.added:
                inserts.append(new)
            else:
                missing[new["paper_id"], key_of(name, new)] = new
        primary = [column.name for column in table(name).primary_key]
        naming = [column.name for column in table(name).c if column.name in NAMING]
        for now in stored:
            row = missing.pop((now["paper_id"], key_of(name, now)), None)
            if row is None:
                self.deletes[name].append({column: now[column] for column in primary})
            elif any(now[column] != value for column, value in row.items()):
                self.updates[name].append({**now, **row})
            else:
                continue
            self.touched.add(now["paper_id"])
            self._lost(now, naming)
        inserts += missing.values()
        self.touched.update(paper for paper, _ in missing)
        if name == "links":
            for row in (*inserts, *self.updates[name]):
                if row["stars"] is not None and row["repository_id"] is not None:
                    self.names.respelt[REPOSITORIES.table].add(row["repository_id"])

    def _lost(self, row: Row, naming: list[str]) -> None:
        """Note which rows of other tables a changed or deleted row referred to."""
        for column in naming:
            if (named := row[column]) is not None:
                kind = NAMING[column]
                self.names.lost[kind.table].add(named)
                if kind.spelling:
                    self.names.respelt[kind.table].add(named)
