"""Write decisions as result records, each number once, with its evidence."""

from collections.abc import Iterator

from catalog.domain.records import Kind, ResultRecord
from etl.extract.confidence import number_evidence, row_evidence, share
from etl.extract.lexicon.usual import usual_task
from etl.extract.linear_model import Scorer
from etl.extract.metric_mentions import find_tasks
from etl.extract.number_features import Spot
from etl.extract.pipeline import Decision
from etl.extract.quantity import Quantity


def write(abstract: str, decisions: list[Decision], scorer: Scorer) -> Iterator[ResultRecord]:
    """Yield one record for every number; what is stated twice alike is recorded once."""
    return (record for _, record in pairs(abstract, decisions, scorer))


def pairs(
    abstract: str, decisions: list[Decision], scorer: Scorer
) -> Iterator[tuple[Decision, ResultRecord]]:
    """Yield the same records, each with the decision that it was made of."""
    seen: set[tuple[object, ...]] = set()
    ends: set[float | None] = set()
    for decision in decisions:
        record = _record(abstract, decision, scorer)
        if record.metric == "parameters" and record.kind == "absolute":
            key: tuple[object, ...] = ("parameters", record.value, record.value_max)
            if record.value_max is None and record.value in ends:
                continue
            ends |= {record.value, record.value_max} if record.value_max else set()
        else:
            key = (
                record.value, record.value_max, record.unit, record.metric, record.dataset,
                record.kind,
            )  # fmt: skip
        if key not in seen:
            seen.add(key)
            yield decision, record


def _record(abstract: str, decision: Decision, scorer: Scorer) -> ResultRecord:
    spot, quantity = decision.spot, decision.spot.quantity
    sentence = spot.scene.sentence
    metric, dataset = decision.metric[0], decision.dataset[0]
    kind = decision.named_kind
    own = decision.own >= 0.5
    start, value = signed(quantity, kind)
    end = _closed(abstract, start, quantity.end)
    confidence = share(scorer.confidence, number_evidence(decision))
    row = share(scorer.row_confidence, row_evidence(decision, confidence))
    return ResultRecord(
        text=abstract[start:end],
        value=value,
        value_max=quantity.value_max,
        unit=quantity.unit,
        metric=metric.name,
        metric_text=metric.text or None,
        dataset=dataset.name,
        dataset_text=dataset.text or None,
        task=usual_task(dataset.name) or find_task(spot),
        kind=kind,
        role="own" if own else "other",
        sign=decision.sign,
        model=decision.model[0].name,
        baseline=decision.baseline[0].name if decision.baseline else None,
        sentence=abstract[sentence.start : sentence.end].strip(),
        start=start,
        end=end,
        rule=metric.rule,
        confidence=confidence,
        row_confidence=min(confidence, row),
    )


def _closed(abstract: str, start: int, end: int) -> int:
    """Return the end of a number with the brace of TeX that closes behind it: "10^{-6}"."""
    shown = abstract[start:end]
    is_open = shown.count("{") > shown.count("}")
    return end + 1 if is_open and abstract[end : end + 1] == "}" else end


RELATIVE_UNITS = frozenset(("%", "pp", "x"))


def signed(quantity: Quantity, kind: Kind) -> tuple[int, float]:
    """Return where the number begins and its value, with the minus that is a metric's own."""
    own = kind == "absolute" and quantity.unit not in RELATIVE_UNITS and quantity.value_max is None
    if quantity.minus is None or not own:
        return quantity.start, quantity.value
    return quantity.minus, -quantity.value


def find_task(spot: Spot) -> str | None:
    """Find the task that the sentence names nearest to the number."""
    scene = spot.scene
    if scene.tasks is None:
        scene.tasks = find_tasks(scene.sentence)
    found = scene.tasks
    if not found:
        return None
    return min(found, key=lambda mention: abs(mention.first - spot.at)).name
