"""Score a language model as second reader, or a person, on labelled abstracts.

    python -m benchmarks.extraction.reader --model MODEL --answers DIR  # ask it, and score it
    python -m benchmarks.extraction.reader --write DIR                # write the prompts as files
    python -m benchmarks.extraction.reader --answers DIR              # score answers from files

The answer key and the set of 2026 put aside are scored, or what `--on` names. `--write` writes
system.txt, which is the same for all, and ID.txt for each abstract; an answer to it is expected in
ID.json. Three readings are scored beside each other: the built-in one, the model's alone, and both
merged as the catalog merges them. Of the set put aside only figures are ever printed.
"""

import argparse
import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from benchmarks.extraction import score
from benchmarks.extraction.corpus import (
    ASIDE,
    Paper,
    position,
    read_extra,
    read_held_out,
    read_key,
    read_tex,
)
from benchmarks.extraction.evaluate import Outcome, figures
from benchmarks.extraction.tables import board_rows, checks, share
from catalog.domain.records import Extraction, ResultRecord
from etl.extract import language_model
from etl.extract.json_output import as_object
from etl.extract.language_model.answer import Answer, UnusableError, parse_answer
from etl.extract.language_model.inquiry import LanguageModelInquiry
from etl.extract.language_model.prompt import system_prompt
from etl.extract.language_model.question import Question
from etl.extract.language_model.reading import Asked, ask, measured, second_reading
from etl.extract.language_model.verification import Verified, verify
from etl.extract.reader import AnswerKey, Asking, KeptAnswer, ReaderSettings, Way
from etl.extract.two_readings import SecondReading, Shares, merge_readings
from etl.fetch.language_models import connect

SETS = ("key", "aside", "labels")
"""The answer key, the set put aside, and the careful training labels."""

AGREEMENT = Path(language_model.__file__).with_name("agreement.toml")
PRIOR = 20
"""So many records the old share weighs when it is measured anew."""


@dataclass(frozen=True, slots=True)
class Read:
    """One paper as both readers read it."""

    paper: Paper
    builtin: Extraction
    question: Question | None
    verified: Verified | None
    """None where nothing was asked, or the answer is of no use."""

    @property
    def second(self) -> SecondReading | None:
        """The second reading, where there is one."""
        return second_reading(self.verified) if self.verified else None

    @property
    def merged(self) -> Extraction:
        """Both readings, merged."""
        return (
            merge_readings(self.builtin, self.second, measured()) if self.second else self.builtin
        )


def papers_of(name: str, sample: int | None) -> list[Paper]:
    """Return the papers of a set, or a sample of it that is always the same."""
    if name == "key":
        found = read_key()
    elif name == "aside":
        found = [paper for paper in read_held_out() if paper.part == ASIDE]
    else:
        found = [*read_tex(), *(p for p in read_extra() if p.part.startswith("read-"))]
    return sorted(found, key=lambda paper: position(paper.id, "reader"))[:sample]


def write_prompts(folder: Path, papers: Iterable[Paper], way: Way, below: float) -> int:
    """Write the prompts as files; return their number."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "system.txt").write_text(system_prompt(way), encoding="utf-8")
    written = 0
    for paper in papers:
        question = ask(paper.abstract, paper.title, way, below).question
        if question is not None:
            (folder / f"{file_name(paper.id)}.txt").write_text(question.message, encoding="utf-8")
            written += 1
    return written


class AnswerFiles:
    """A store of answers as files, one for each paper; those that are there are not asked for."""

    def __init__(self, folder: Path, papers: Iterable[Paper], settings: ReaderSettings) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        asked = {p.id: ask(p.abstract, p.title, settings.way, settings.below) for p in papers}
        self.files = {
            one.question.sha256: folder / f"{file_name(paper_id)}.json"
            for paper_id, one in asked.items()
            if one.question
        }

    def find(self, keys: Iterable[AnswerKey]) -> dict[AnswerKey, KeptAnswer]:
        """Return the answers that are there, whatever they are worth."""
        return {key: self._kept(key) for key in keys if self.files[key.question].exists()}

    def keep(self, answers: Sequence[KeptAnswer]) -> None:
        """Write answers."""
        for answer in answers:
            self.files[answer.key.question].write_text(answer.answer, encoding="utf-8")

    def _kept(self, key: AnswerKey) -> KeptAnswer:
        return KeptAnswer(
            key=key, abstract="", answer=self.files[key.question].read_text(encoding="utf-8"),
            problem=None, attempts=1, input_tokens=None, output_tokens=None,
            asked_at=dt.datetime.now(dt.UTC),
        )  # fmt: skip


def ask_model(name: str, settings: ReaderSettings, folder: Path, papers: Sequence[Paper]) -> None:
    """Ask a model about papers, and write its answers as files."""
    asking = Asking()
    inquiry = LanguageModelInquiry(connect, name, settings)
    texts = [(paper.abstract, paper.title) for paper in papers]
    inquiry.ask(texts, AnswerFiles(folder, papers, settings), asking)
    tally = asking.tally
    print(f"{tally.requests} requests, {tally.input_tokens} tokens sent, "
          f"{tally.output_tokens} received; {tally.unanswered} without an answer")  # fmt: skip


def file_name(paper_id: str) -> str:
    """Return an identifier as the name of a file."""
    return "".join(sign if sign.isalnum() or sign in "-._" else "_" for sign in paper_id)


def read_answers(
    folder: Path, papers: Iterable[Paper], way: Way, below: float, trouble: Counter[str]
) -> Iterator[Read]:
    """Read every paper with the answer that its file holds; count what cannot be used."""
    for paper in papers:
        file = folder / f"{file_name(paper.id)}.json"
        text = file.read_text(encoding="utf-8") if file.exists() else None
        yield read_with(paper, ask(paper.abstract, paper.title, way, below), text, trouble)


def read_with(paper: Paper, asked: Asked, text: str | None, trouble: Counter[str]) -> Read:
    """Read a paper with the text of an answer."""
    question, verified = asked.question, None
    if question is not None and text is None:
        trouble["no answer"] += 1
    if question is not None and text is not None and (answer := _parsed(text, trouble)):
        verified = verify(question, answer)
        trouble.update(verified.dropped)
    return Read(paper, asked.builtin, question, verified)


def _parsed(text: str, trouble: Counter[str]) -> Answer | None:
    try:
        return parse_answer(text)
    except UnusableError as error:
        trouble[str(error).partition(":")[0]] += 1
        return None


def outcome(paper: Paper, results: Sequence[ResultRecord]) -> Outcome:
    """Pair a paper's results with its labels."""
    found = as_object(paper.id, Extraction(results=tuple(results)))["metrics"]
    for record in found:
        if record["row_confidence"] is None:
            record["confidence"] = record["row_confidence"] = 1.0
    pairs, _, _ = score.pair(paper.metrics, found)
    return Outcome(paper, found, pairs)


def table(reads: Sequence[Read], way: Way) -> str:
    """Tabulate the figures of the built-in reading, the model's, and both merged."""
    rows = {"built-in": [outcome(read.paper, read.builtin.results) for read in reads]}
    if way == "all":
        rows["model alone"] = [
            outcome(r.paper, r.second.results if r.second else ()) for r in reads
        ]
    rows["both, merged"] = [outcome(read.paper, read.merged.results) for read in reads]
    names = ("", *score.LEVELS, "sign", "model", "baseline", "board rows", "right", "found")
    lines = [f"| {' | '.join(names)} |", "|" + " --- |" * len(names)]
    return "\n".join([*lines, *(_row(name, outcomes) for name, outcomes in rows.items())])


def _row(name: str, outcomes: Sequence[Outcome]) -> str:
    found = figures(outcomes)
    shown, right, wanted = board_rows(outcomes)
    cells = [
        name,
        *(f"{found[level]['f1']:.3f}" for level in score.LEVELS),
        *(share(checks(outcomes, field)) for field in ("sign", "model", "baseline")),
        str(shown),
        f"{right / max(shown, 1):.2f}",
        f"{right / max(wanted, 1):.2f}",
    ]
    return f"| {' | '.join(cells)} |"


def errors(reads: Iterable[Read], level: str) -> Iterator[str]:
    """Yield what the model alone reads otherwise than the labels."""
    at = score.LEVELS.index(level)
    for read in reads:
        if read.second is None:
            continue
        held = outcome(read.paper, read.second.results)
        pairs, missed, extra = score.pair(read.paper.metrics, held.found)
        wrong = [(g, f) for g, f, levels in pairs if not levels[at]]
        for g, f in wrong:
            want, got = score.show(read.paper.metrics[g]), score.show(held.found[f])
            yield f"{read.paper.id}: want {want}\n{' ' * len(read.paper.id)}  got  {got}"
        yield from (f"{read.paper.id}: missed {score.show(read.paper.metrics[g])}" for g in missed)
        yield from (f"{read.paper.id}: extra {score.show(held.found[f])}" for f in extra)


def measure_shares(reads: Iterable[Read]) -> Shares:
    """Measure how far the model is to be believed beside the built-in reader."""
    marks: dict[str, list[bool]] = {name: [] for name in Shares.__struct_fields__}
    for read in reads:
        if read.second is not None:
            _mark(read, read.second, marks)
    old = measured()
    return Shares(**{name: _mixed(marks[name], getattr(old, name)) for name in marks})


def _mark(read: Read, second: SecondReading, marks: dict[str, list[bool]]) -> None:
    """Enter which of the model's statements about one paper are right."""
    theirs, ours = outcome(read.paper, second.results), read.builtin.results
    levels = {f: found for _, f, found in theirs.pairs}
    wrong = outcome(read.paper, ours)
    right_ours = {f for _, f, found in wrong.pairs if found[score.LEVELS.index("kind")]}
    for at, result in enumerate(second.results):
        found = levels.get(at, [False] * len(score.LEVELS))
        kind, row = found[score.LEVELS.index("kind")], found[-1]
        twin = next((i for i, one in enumerate(ours) if _meets(one, result)), None)
        prefix = "added_" if twin is None else ""
        marks[f"{prefix}kind"].append(kind)
        marks[f"{prefix}row"].append(row)
        if twin is not None and not kind and twin not in right_ours:
            same = (ours[twin].metric, ours[twin].kind) == (result.metric, result.kind)
            marks["same_error"].append(same)
    found_values = {f for _, f, _ in wrong.pairs}
    for at, one in enumerate(ours):
        if any(one.start is not None and one.start < end and start < (one.end or 0)
               for start, end in second.others):  # fmt: skip
            marks["none"].append(at not in found_values)


def _meets(one: ResultRecord, other: ResultRecord) -> bool:
    return (one.start or 0) < (other.end or 0) and (other.start or 0) < (one.end or 0)


def _mixed(marks: Sequence[bool], old: float) -> float:
    """Return the share that was measured, mixed with the old one where it is of few."""
    return round((sum(marks) + PRIOR * old) / (len(marks) + PRIOR), 3)


def write_shares(shares: Shares) -> None:
    """Put the shares into their file; the comments stay."""
    lines = AGREEMENT.read_text(encoding="utf-8").splitlines()
    for at, line in enumerate(lines):
        name = line.partition(" = ")[0]
        if name in Shares.__struct_fields__:
            lines[at] = f"{name} = {getattr(shares, name)}"
    AGREEMENT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    doing = parser.add_mutually_exclusive_group(required=True)
    doing.add_argument("--write", type=Path, metavar="DIR", help="write the prompts as files")
    doing.add_argument("--answers", type=Path, metavar="DIR", help="score answers from files")
    parser.add_argument("--model", help="ask this model of llm first; its answers go to --answers")
    parser.add_argument("--on", default="key,aside", help=f"sets, of {', '.join(SETS)}")
    parser.add_argument("--way", choices=get_args(Way), default="all")
    parser.add_argument("--below", type=float, default=0.8, help="bound of the way unsure")
    parser.add_argument("--sample", type=int, metavar="N", help="so many papers of each set")
    parser.add_argument("--calibrate", action="store_true", help=f"write {AGREEMENT.name}")
    parser.add_argument("--errors", choices=score.LEVELS, help="list errors; never of aside")
    return parser


def main() -> None:
    """Write prompts, or score answers."""
    asked = _parser().parse_args()
    sets = asked.on.split(",")
    if unknown := set(sets) - set(SETS):
        sys.exit(f"reader: there is no set {min(unknown)}; the sets are {', '.join(SETS)}")
    if asked.errors and "aside" in sets:
        sys.exit("reader: nobody reads errors on the set put aside; use --on key or --on labels")
    if asked.model and not asked.answers:
        sys.exit("reader: --model needs --answers, where the answers are kept")
    everything: list[Read] = []
    for name in sets:
        papers = papers_of(name, asked.sample)
        if asked.write:
            count = write_prompts(asked.write / name, papers, asked.way, asked.below)
            print(f"{name}: {count} prompts in {asked.write / name}")
            continue
        if asked.model:
            settings = ReaderSettings(way=asked.way, below=asked.below)
            ask_model(asked.model, settings, asked.answers / name, papers)
        trouble: Counter[str] = Counter()
        reads = list(read_answers(asked.answers / name, papers, asked.way, asked.below, trouble))
        print(f"## {name}: {len(papers)} papers\n\n{table(reads, asked.way)}\n")
        _tell(trouble)
        if asked.errors:
            print("\n".join(errors(reads, asked.errors)))
        everything += reads
    if asked.calibrate and everything:
        write_shares(measure_shares(everything))


def _tell(trouble: Mapping[str, int]) -> None:
    for why, count in sorted(trouble.items(), key=lambda item: -item[1]):
        print(f"{count} x {why}")


if __name__ == "__main__":
    main()
