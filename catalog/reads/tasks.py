"""Read tasks: those with leaderboards, and one of them with its boards and newest papers."""

from msgspec import Struct

from catalog.reads.asking import Read, column, first, rows
from catalog.reads.board_cards import BoardCard, cards_of_pairs
from catalog.reads.board_records import Pair
from catalog.reads.boards import BoardSummary, boards
from catalog.reads.cards import Card, cards
from catalog.reads.datasets import MANY
from catalog.reads.standing import IS_PAPER, PAPERS_OF, RANKED

BOARDS_SHOWN = 12
LOOKED_AT = 20_000
"""Results of a task that are looked at to find its boards."""


class Task(Struct):
    """A task that papers work on."""

    id: int
    name: str
    slug: str


class TaskSummary(Struct):
    """A task in a list."""

    name: str
    slug: str
    numbers: int
    """Numbers that name it."""


class TaskDataset(Struct):
    """A dataset of a task."""

    name: str
    slug: str
    numbers: int


class TaskPage(Struct, kw_only=True):
    """A task with its datasets, leaderboards and newest papers."""

    task: Task
    papers_in_all: int
    datasets: list[TaskDataset]
    boards: list[BoardCard]
    """Those of most numbers first."""
    papers: list[Card]
    """The newest ones."""


TASK = "SELECT id, name, slug FROM tasks WHERE slug = :name OR lower(name) = :name LIMIT 1"

# An index counts them all; another one has the few of which people decided.
MEASURED = """
WITH rejected AS MATERIALIZED (
    SELECT x.task_id, count(*) AS numbers FROM results x
     WHERE x.state <> 'machine' AND x.state = 'rejected' GROUP BY x.task_id)
SELECT t.name, t.slug, b.numbers
  FROM (SELECT a.task_id, a.numbers - coalesce(x.numbers, 0) AS numbers
          FROM (SELECT r.task_id, count(*) AS numbers FROM results r
                 WHERE r.task_id IS NOT NULL GROUP BY r.task_id) AS a
          LEFT JOIN rejected x ON x.task_id = a.task_id
         ORDER BY 2 DESC, a.task_id LIMIT :most) AS b
  JOIN tasks t ON t.id = b.task_id WHERE b.numbers > 0 ORDER BY b.numbers DESC, t.name
"""

_OF_TASK = f"""
SELECT r.dataset_id, r.metric_id FROM results r
 WHERE r.task_id = :task AND r.dataset_id IS NOT NULL AND {RANKED} LIMIT {LOOKED_AT}"""

DATASETS = f"""
SELECT d.name, d.slug, count(*) AS numbers FROM ({_OF_TASK}) AS b
  JOIN datasets d ON d.id = b.dataset_id
 GROUP BY d.id, d.name, d.slug ORDER BY numbers DESC, d.name LIMIT 60
"""

BOARDS = f"""
SELECT d.id AS dataset_id, d.name AS dataset, d.slug AS dataset_slug, m.id AS metric_id,
       m.name AS metric, m.slug AS metric_slug, m.higher_is_better
  FROM ({_OF_TASK}) AS b
  JOIN datasets d ON d.id = b.dataset_id JOIN metrics m ON m.id = b.metric_id
 GROUP BY d.id, d.name, d.slug, m.id, m.name, m.slug, m.higher_is_better
 ORDER BY count(*) DESC, d.name, m.name LIMIT {BOARDS_SHOWN}
"""

RANKED_BOARDS = f"""
SELECT d.name AS dataset, d.slug AS dataset_slug, m.name AS metric, m.slug AS metric_slug,
       b.papers, b.results
  FROM (SELECT r.dataset_id, r.metric_id, {PAPERS_OF} AS papers, count(*) AS results
          FROM (SELECT DISTINCT a.dataset_id, a.metric_id FROM ({_OF_TASK}) AS a) AS o
          JOIN results r ON r.dataset_id = o.dataset_id AND r.metric_id = o.metric_id
         WHERE {RANKED} GROUP BY r.dataset_id, r.metric_id) AS b
  JOIN datasets d ON d.id = b.dataset_id JOIN metrics m ON m.id = b.metric_id
 ORDER BY b.papers DESC, b.results DESC, d.name, m.name LIMIT 100
"""

PAPERS = """
SELECT count(*) FROM paper_tasks s
 WHERE s.task_id = :task AND s.paper_id NOT IN (SELECT w.id FROM papers w WHERE w.is_row)
"""

NEWEST = f"""
SELECT p.id FROM papers p
 WHERE {IS_PAPER} AND {{plus}}p.id IN (SELECT s.paper_id FROM paper_tasks s WHERE s.task_id = :task)
 ORDER BY p.first_seen_on DESC, p.id DESC LIMIT 12
"""


def measured_tasks(most: int = 12) -> Read[list[TaskSummary]]:
    """List tasks that numbers name, those of most numbers first."""
    return (yield from rows(MEASURED, TaskSummary, most=most))


def listed_boards(dataset: str = "", metric: str = "") -> Read[list[BoardSummary]]:
    """List leaderboards by names or aliases; the name of a task in place of a dataset's will do."""
    found = yield from boards(dataset, metric)
    of_task = None if found else (yield from meant_task(dataset, metric))
    if of_task is None:
        return found
    return (yield from rows(RANKED_BOARDS, BoardSummary, task=of_task.id))


def meant_task(dataset: str, metric: str = "") -> Read[Task | None]:
    """Find the task that is named in place of a dataset; None where a dataset with boards is."""
    if not dataset or metric or (yield from boards(dataset)):
        return None
    return (yield from first(TASK, Task, name=dataset.strip().lower()))


def task(name: str) -> Read[TaskPage | None]:
    """Read a task by its slug, or by its name in any case; None if there is none."""
    found = yield from first(TASK, Task, name=name.strip().lower())
    if found is None:
        return None
    pairs = yield from rows(BOARDS, Pair, task=found.id)
    counted = yield from column(PAPERS, int, task=found.id)
    newest = NEWEST.format(plus="+" if counted[0] > MANY else "")
    return TaskPage(
        task=found,
        papers_in_all=counted[0],
        datasets=(yield from rows(DATASETS, TaskDataset, task=found.id)),
        boards=(yield from cards_of_pairs(pairs)),
        papers=(yield from cards((yield from column(newest, int, task=found.id)))),
    )
