"""Parse Papers with Code's evaluation-tables: leaderboards by task and dataset."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import BinaryIO

import msgspec
from msgspec import Raw, Struct

from catalog.domain.late_patterns import late_pattern
from catalog.domain.records import LinkRecord, PaperRecord, ResultRecord
from etl.formats.contract import Format, Head, Piece, Reading
from etl.formats.toolkit.decoding import folded, kept, title
from etl.formats.toolkit.json_items import Doubts, ItemConverter, Outcome, problem
from etl.formats.toolkit.json_stream import json_items, json_shape
from etl.formats.toolkit.printed_days import iso_day
from etl.formats.toolkit.printed_names import from_address
from etl.formats.toolkit.stated_links import link
from etl.formats.toolkit.table_cells import BLANK, metric_name, read_cell

IGNORED = {
    "description": "of tasks and datasets, by the site's members", "categories": "areas of tasks",
    "synonyms": "of tasks", "source_link": "where a task's tables were read",
    "dataset_links": "pages about a dataset", "dataset_citations": "of the dataset's own paper",
    "Sota.metrics": "the columns of a table, which its rows repeat",
    "Row.uses_additional_data": "of how a model was trained", "Address.title": "a link's text",
}  # fmt: skip


class Address(Struct):
    """A link of a row."""

    url: str | None = None


class Row(Struct):
    """One model's numbers; whether it used additional data is not read."""

    metrics: Mapping[str, str | float | None]
    model_name: str | None = None
    paper_title: str | None = None
    paper_url: str | None = None
    paper_date: str | None = None
    code_links: Sequence[Address] | None = ()
    model_links: Sequence[Address] | None = ()


_ADDRESS = late_pattern(r"https?://\S+")
_ROW = msgspec.json.Decoder(Row)


class Sota(Struct):
    """A leaderboard; its rows are decoded one by one, so that a broken one costs only itself."""

    rows: Sequence[Raw] | None = ()


class Dataset(Struct):
    """A dataset with its leaderboard and its parts."""

    dataset: str | None = None
    subdataset: str | None = None
    """What older tables call the name of a part."""
    sota: Sota | None = None
    subdatasets: Sequence["Dataset"] | None = ()

    @property
    def name(self) -> str:
        """The name in whichever field holds it, without markup and spaces around it."""
        return folded(self.dataset or self.subdataset or "").strip("_*` ")


class Task(Struct):
    """A task with its datasets and the tasks below it."""

    task: str
    datasets: Sequence[Dataset] | None = ()
    subtasks: Sequence["Task"] | None = ()


class TableContext(Struct, frozen=True):
    """The dataset and task of a row, and its location in the document."""

    where: str
    task: str
    dataset: str = ""

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.where, self.task, self.dataset)))


def recognises(head: Head) -> bool:
    """Return true if the first object is a task, whose name may follow its tables."""
    shape = json_shape(head)
    if shape is None or not shape.keys & {"datasets", "subtasks"}:
        return False
    return "task" in shape.keys or (b'"sota"' in head.data and b'"model_name"' in head.data)


def parse(stream: BinaryIO, reading: Reading) -> Iterator[Piece]:
    """Yield a record with its numbers for each row of each table.

    https://github.com/paperswithcode/sota-extractor#evaluation-tables-json-format, kept at
    https://huggingface.co/datasets/pwc-archive/evaluation-tables. A row that names no paper, by
    title or address, is kept for the results of its model; a cell that is no number keeps its text.

    Raises:
        FormatError: it is no JSON array or lines, or breaks before its first record.

    """
    yield from ITEMS.read_new(json_items(stream, longest=reading.longest), reading)


def outcomes(task: Task, where: str) -> Iterator[Outcome]:
    """Yield the records of a task's tables, and of those below it."""
    name = folded(task.task)
    for dataset in task.datasets or ():
        yield from _dataset(dataset, TableContext(where, name, dataset.name))
    for below in task.subtasks or ():
        yield from outcomes(below, where)


def _dataset(dataset: Dataset, context: TableContext) -> Iterator[Outcome]:
    rows = (dataset.sota.rows if dataset.sota else None) or ()
    for number, row in enumerate(rows, start=1):
        where = f"{context}, row {number}"
        try:
            yield from _row(_ROW.decode(row), context, where)
        except Exception as error:  # whatever one row holds, the others are read
            yield problem(where, error, bytes(row))
    for part in dataset.subdatasets or ():
        # "CoNLL-2014 Shared Task" has the parts "Restricted" and "Unrestricted".
        name = part.name if context.dataset in part.name else f"{context.dataset} / {part.name}"
        yield from _dataset(part, TableContext(context.where, context.task, name))


def _row(row: Row, context: TableContext, where: str) -> Iterator[Outcome]:
    doubts = Doubts(where)
    # Some tables put the paper's address where its title belongs.
    is_address = _ADDRESS.fullmatch((row.paper_title or "").strip()) is not None
    address = row.paper_url or (row.paper_title if is_address else None)
    named = doubts.value("paper_url", from_address, address)
    name = None if is_address else title(row.paper_title)
    # Where nothing else leads to the paper, its address does.
    is_lost = not (name or named)
    elsewhere = doubts.value("paper_url", _page, address) if is_lost else None
    record = PaperRecord(
        title=name,
        identifiers=(named,) if named else (),
        published_on=doubts.value("paper_date", iso_day, row.paper_date),
        tasks=(context.task,) if context.task else (),
        links=tuple(filter(None, (elsewhere, *_links(row, doubts)))),
        results=tuple(_results(row, context)),
    )
    if not (record.title or record.identifiers or record.results):
        msg = "it names no paper, by title or address, and states no number"
        raise ValueError(msg)
    yield record
    yield from doubts


def _page(address: str) -> LinkRecord:
    return link(address, "paper_url")


def _links(row: Row, doubts: Doubts) -> Iterator[LinkRecord]:
    for name, held in (("code_links", row.code_links), ("model_links", row.model_links)):
        for address in held or ():
            found = doubts.value(name, partial(link, found_in=name), address.url)
            if found:
                yield found


def _results(row: Row, context: TableContext) -> Iterator[ResultRecord]:
    for metric, held in row.metrics.items():
        text = kept(f"{held:.15g}" if isinstance(held, float) else held) or ""
        if text in BLANK:
            continue
        cell = read_cell(text, metric)
        yield ResultRecord(
            text=text,
            value=cell.value,
            error=cell.error,
            unit=cell.unit,
            metric=metric_name(metric),
            metric_text=kept(metric),
            dataset=context.dataset or None,
            dataset_text=context.dataset or None,
            task=context.task or None,
            model=title(row.model_name),
        )


ITEMS = ItemConverter(Task, outcomes, IGNORED, {"Sota.rows": Row})

FORMAT = Format(
    name="pwc-tables",
    title="Papers with Code: evaluation tables",
    homepage="https://huggingface.co/datasets/pwc-archive/evaluation-tables",
    licence="CC-BY-SA-4.0",
    rank=20,
    recognises=recognises,
    parse=parse,
)
