"""Apply people's decisions on names of metrics and datasets: two are one, or one is two."""

from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct, field

from catalog.domain.correction_rules import Subject, spelt
from catalog.domain.keys import fold, sha256_of
from catalog.domain.records import ResultRecord
from etl.extract import lexicon
from etl.ingest.lookup_rows import dataset_as_spelt, dataset_named, metric_named, slugify
from etl.ingest.sql_helpers import Row

Named = tuple[Subject, str]
"""What is named, and its key or its spelling."""


class NameDecision(Struct, frozen=True):
    """One decision on two names."""

    kind: str
    """same: the first goes under the second; apart: the first is a thing of its own."""
    subject: Subject
    name: str
    other: str


class NameRules(Struct, kw_only=True):
    """The rules that all decisions on names in force make together."""

    own: dict[Named, str] = field(default_factory=dict)
    """Spelling -> the name, where a person says that it is a thing of its own."""
    leads: dict[Named, str] = field(default_factory=dict)
    """Key -> the key under which it goes."""
    rows: dict[Named, Row] = field(default_factory=dict)
    """Key -> its row, where decisions change name or aliases."""

    def metric(self, result: ResultRecord) -> Row | None:
        """Return the row of a number's metric."""
        if not result.metric:
            return None
        own = self._own("metric", result.metric_text, result.metric)
        printed = lexicon.board_metric(result.metric, result.dataset)
        return self._leading("metric", own_row("metric", own) if own else metric_named(printed))

    def dataset(self, result: ResultRecord) -> Row | None:
        """Return the row of a number's dataset."""
        if not result.dataset:
            return None
        own = self._own("dataset", result.dataset_text, result.dataset)
        row = own_row("dataset", own) if own else dataset_named(dataset_as_spelt(result))
        return self._leading("dataset", row)

    def row(self, subject: Subject, name: str) -> Row:
        """Return the row of a name that a person typed."""
        own = self.own.get((subject, spelt(name)))
        return self._leading(subject, own_row(subject, own) if own else plain_row(subject, name))

    def stored_row(self, subject: Subject, key: str, name: str) -> Row:
        """Return the row of a key that is in the catalog under this name."""
        return self.rows.get((subject, key)) or {**plain_row(subject, name), "key": key}

    def _own(self, subject: Subject, printed: str | None, name: str) -> str | None:
        if not self.own:
            return None
        by_name = self.own.get((subject, spelt(name)))
        return self.own.get((subject, spelt(printed or name)), by_name)

    def _leading(self, subject: Subject, row: Row) -> Row:
        if not self.rows:
            return row
        own = str(row["key"])
        key = self.leads.get((subject, own), own)
        return self.rows.get((subject, key), row)


NO_RULES = NameRules()


def rules_of(decisions: Iterable[NameDecision]) -> NameRules:
    """Combine decisions on names, in the order in which they were made."""
    found = NameRules()
    decisions = list(decisions)
    for one in decisions:
        if one.kind == "apart":
            found.own[one.subject, spelt(one.name)] = one.name
    for one in decisions:
        if one.kind == "apart":
            _part(found, one)
    for one in decisions:
        if one.kind == "same":
            _join(found, one)
    return found


def _part(rules: NameRules, one: NameDecision) -> None:
    """Take a name from the aliases of another, and give it a row of its own."""
    left = plain_row(one.subject, one.other)
    left = rules.rows.get((one.subject, left["key"]), left)
    aliases = [alias for alias in left["aliases"] if spelt(alias) != spelt(one.name)]
    rules.rows[one.subject, left["key"]] = {**left, "aliases": aliases}
    row = own_row(one.subject, one.name)
    rules.rows.setdefault((one.subject, row["key"]), row)


def _join(rules: NameRules, one: NameDecision) -> None:
    """Put a name under another one, with all that went under it."""
    row, into = rules.row(one.subject, one.name), rules.row(one.subject, one.other)
    if row["key"] == into["key"]:
        return
    aliases = {*into["aliases"], *row["aliases"], row["name"], one.name} - {into["name"]}
    rules.rows[one.subject, into["key"]] = {**into, "aliases": sorted(aliases)}
    for key, leading in list(rules.leads.items()):
        if key[0] == one.subject and leading == row["key"]:
            rules.leads[key] = into["key"]
    rules.leads[one.subject, row["key"]] = into["key"]


def plain_row(subject: Subject, name: str) -> Row:
    """Return the row of a name as the lexicon has it."""
    return metric_named(name) if subject == "metric" else dataset_named(name)


@lru_cache(maxsize=10_000)
def own_row(subject: Subject, name: str) -> Row:
    """Return the row of a name that is a thing of its own, whatever the lexicon says."""
    row = plain_row(subject, name)
    known = lexicon.metric(name) if subject == "metric" else lexicon.dataset(name)
    if known is None and fold(row["name"]) == fold(name) and subject == "metric":
        return row
    key = f"={spelt(name)}"
    # Other digits than those that tell equal slugs apart: this one is no row's second choice.
    slug = f"{slugify(name)}-{sha256_of(key)[-6:]}".strip("-")
    return {**row, "name": name, "key": key, "slug": slug, "aliases": ()}
