"""Find leaderboards and tasks by words of their names."""

from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from catalog.reads.asking import Read, Value, column, rows
from catalog.reads.board_cards import BoardCard, cards_of_pairs
from catalog.reads.board_records import Pair
from catalog.reads.standing import RANKED
from catalog.reads.tasks import TaskSummary

MOST = 20
"""Leaderboards that are shown."""

WORDS = 6
"""Words that are looked for; further ones are left out."""


class BoardSearch(Struct, kw_only=True):
    """The leaderboards and tasks that the words of a search lead to."""

    boards: list[BoardCard]
    """Those of most numbers first."""
    tasks: list[TaskSummary]


class _Alias(Struct):
    id: int
    name: str


_HOLDS = "lower({column}) LIKE {word} ESCAPE '!'"

DATASETS = """
SELECT d.id FROM datasets d
 WHERE {name} OR d.id IN (SELECT a.dataset_id FROM dataset_aliases a WHERE {alias})
 ORDER BY d.id LIMIT 300
"""

METRICS = """
SELECT m.id FROM metrics m
 WHERE {name} OR m.id IN (SELECT a.metric_id FROM metric_aliases a WHERE {alias})
 ORDER BY m.id LIMIT 300
"""

ALIASES = "SELECT a.{of}_id AS id, a.alias AS name FROM {of}_aliases a WHERE a.{of}_id IN :ids"

# An index counts them all; another one has the few of which people decided.
TASKS = """
SELECT t.name, t.slug, (SELECT count(*) FROM results r WHERE r.task_id = t.id)
       - (SELECT count(*) FROM results r
           WHERE r.task_id = t.id AND r.state <> 'machine' AND r.state = 'rejected') AS numbers
  FROM tasks t WHERE {name} ORDER BY numbers DESC, t.name LIMIT 12
"""

BOARDS = f"""
SELECT d.id AS dataset_id, d.name AS dataset, d.slug AS dataset_slug, m.id AS metric_id,
       m.name AS metric, m.slug AS metric_slug, m.higher_is_better
  FROM (SELECT b.dataset_id, b.metric_id, count(*) AS results
          FROM (SELECT r.dataset_id, r.metric_id FROM results r
                 WHERE r.{{by}} IN :ids AND r.dataset_id IS NOT NULL
                   AND r.metric_id IS NOT NULL AND {RANKED}
                 LIMIT 50000) AS b
         GROUP BY b.dataset_id, b.metric_id ORDER BY results DESC LIMIT 400) AS c
  JOIN datasets d ON d.id = c.dataset_id JOIN metrics m ON m.id = c.metric_id
 ORDER BY c.results DESC, d.name, m.name
"""


def search_boards(typed: str) -> Read[BoardSearch]:
    """Find boards whose dataset and metric hold every word between them, and tasks that do."""
    words = typed.lower().split()[:WORDS]
    if not words:
        return BoardSearch(boards=[], tasks=[])
    pairs = yield from _pairs("dataset_id", (yield from _ids(DATASETS, words, "d.name")), words)
    if not pairs:
        pairs = yield from _pairs("metric_id", (yield from _ids(METRICS, words, "m.name")), words)
    return BoardSearch(
        boards=(yield from cards_of_pairs(pairs[:MOST])),
        tasks=(yield from _tasks(words)),
    )


def _tasks(words: Sequence[str]) -> Read[list[TaskSummary]]:
    condition = _condition("t.name", words, " AND ")
    return (yield from rows(TASKS.format(name=condition), TaskSummary, **_patterns(words)))


def _ids(sql: str, words: Sequence[str], name: str) -> Read[list[int]]:
    """Find datasets or metrics whose name or alias holds one of the words."""
    holds = {"name": _condition(name, words, " OR "), "alias": _condition("a.alias", words, " OR ")}
    asked = sql.format(**holds)
    return (yield from column(asked, int, **_patterns(words)))


def _condition(name: str, words: Sequence[str], join: str) -> str:
    holds = [_HOLDS.format(column=name, word=f":word{place}") for place in range(len(words))]
    return f"({join.join(holds)})"


def _patterns(words: Sequence[str]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for place, word in enumerate(words):
        escaped = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        found[f"word{place}"] = f"%{escaped}%"
    return found


def _pairs(by: str, ids: Sequence[int], words: Sequence[str]) -> Read[list[Pair]]:
    """Find the boards of datasets or metrics that hold every word in a name or an alias."""
    pairs = (yield from rows(BOARDS.format(by=by), Pair, ids=ids)) if ids else []
    datasets = yield from _aliases("dataset", [one.dataset_id for one in pairs])
    metrics = yield from _aliases("metric", [one.metric_id for one in pairs])
    return [
        one
        for one in pairs
        if _holds(
            [one.dataset, one.metric, *datasets[one.dataset_id], *metrics[one.metric_id]], words
        )
    ]


def _aliases(of: str, ids: Sequence[int]) -> Read[dict[int, list[str]]]:
    found: dict[int, list[str]] = defaultdict(list)
    for one in (yield from rows(ALIASES.format(of=of), _Alias, ids=ids)):
        found[one.id].append(one.name)
    return found


def _holds(names: Sequence[str], words: Sequence[str]) -> bool:
    text = "\n".join(names).lower()
    return all(word in text for word in words)
