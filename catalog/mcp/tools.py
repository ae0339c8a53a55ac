"""The tools: reads of the catalog, described to a language model."""

from typing import Annotated, Any, Literal

from msgspec import structs
from pydantic import Field
from sqlalchemy import Connection

from catalog.database.engine import reading
from catalog.domain.errors import CatalogError
from catalog.domain.periods import asked_period, of_day
from catalog.mcp import leaderboards, limited_sql
from catalog.mcp.answers import (
    Digest,
    ForYou,
    FoundNumbers,
    FoundPapers,
    Leaderboard,
    Link,
    Model,
    Number,
    Paper,
    Recommended,
    Rows,
    Schema,
    SimilarPaper,
    SimilarPapers,
)
from catalog.mcp.dressed import (
    day_of,
    found_number,
    listed,
    no_digest,
    number_of_model,
    refuse_impossible,
    written,
)
from catalog.reads.boards import Filters
from catalog.reads.digest import address_of, items_of, newest_day, of_period
from catalog.reads.drivers import run
from catalog.reads.finding import find_paper
from catalog.reads.for_you import for_you as read_for_you
from catalog.reads.found_numbers import search_numbers
from catalog.reads.model_numbers import model_named
from catalog.reads.paper import paper as read_paper
from catalog.reads.search import search as read_search
from catalog.reads.similar import similar as read_similar

Most = Annotated[int, Field(ge=1, le=50, description="Most papers in the answer")]


class Tools:
    """The tools over one catalog; `site` is the address where people can view it."""

    def __init__(self, url: str, site: str | None) -> None:
        self.url = url
        self.site = site

    def search(
        self,
        query: Annotated[
            str, Field(description='Words and filters, e.g. diffusion "latent space" code:yes')
        ],
        limit: Most = 10,
    ) -> FoundPapers:
        """Find machine-learning papers by words of title and abstract, the best first.

        Papers with all words are found; where there are none, those with some, and `remarks` says
        so. -word leaves papers out, OR and (brackets) give a choice, "words in quotes" stand next
        to each other, transform* is a beginning. Filters narrow it, several at once: dataset:COCO
        metric:mAP code:yes results:yes year:2025 after:2025-01 before:2025-03 digest:2025-03-11
        category:cs.CL task:parsing author:"Ada Example". Names of several words want double quotes:
        dataset:"MS COCO". "top-1 accuracy">80 finds papers that report such a number. Filters alone
        give the newest papers. An identifier or its address finds that paper. Each paper comes with
        up to three headline numbers and the sentences they were read from; `paper` gives all.
        """
        with reading(self.url) as engine, engine.connect() as connection:
            found = run(connection, read_search(query, size=limit))
            refuse_impossible(found)
            ids = [paper.id for paper in found.papers]
            papers = list(map(listed, run(connection, items_of(ids, None, self.site))))
        for hit, paper in zip(found.papers, papers, strict=True):
            paper.first_seen_on = written(hit.first_seen_on)
        return FoundPapers(
            remarks=found.remarks,
            did_you_mean=found.did_you_mean,
            papers=papers,
            total=found.total,
            is_total_exact=found.is_total_exact,
            truncated=found.more,
        )

    def numbers(
        self,
        query: Annotated[
            str, Field(description="Comparisons, words and filters, e.g. speedup>2 after:2025-05")
        ],
        sort: Annotated[
            Literal["best", "value", "newest", "upvotes", "stars"],
            Field(description="best: by value where all are of one metric, else the newest first"),
        ] = "best",
        include_unsure: Annotated[
            bool, Field(description="Also numbers that were not read surely, and bounds")
        ] = False,
        limit: Annotated[int, Field(ge=1, le=50, description="Most numbers in the answer")] = 20,
    ) -> FoundNumbers:
        """Find numbers that papers report of their own, with their sentences and papers.

        The query is that of `search`: comparisons (speedup>2, latency<20ms, "top-1 accuracy">80,
        params<100M), dataset: and metric: choose the numbers, everything else their papers. Quote
        the sentence as evidence.
        """
        read = search_numbers(query, size=limit, order=sort, unsure=include_unsure)
        with reading(self.url) as engine, engine.connect() as connection:
            found = run(connection, read)
        refuse_impossible(found)
        return FoundNumbers(
            remarks=found.remarks,
            did_you_mean=found.did_you_mean,
            numbers=[found_number(one, self.site) for one in found.numbers],
            total=found.total,
            is_total_exact=found.is_total_exact,
            hidden=found.hidden,
            order=found.order,
            truncated=found.more,
        )

    def paper(
        self,
        name: Annotated[
            str,
            Field(
                min_length=1,
                description="Key, identifier or address in any form (arXiv, DOI, OpenReview, "
                "OpenAlex, Hugging Face papers), or words of the title, e.g. 2503.12345",
            ),
        ],
    ) -> Paper:
        """Give one paper: abstract, authors, code and links, and every number it reports.

        Each number has its metric, dataset, unit, kind (absolute, delta, ratio), role (own, other),
        a confidence and the sentence it stands in: quote that sentence as evidence.
        """
        with reading(self.url) as engine, engine.connect() as connection:
            found = run(connection, read_paper(run(connection, find_paper(name)).id))
        if found is None:
            raise CatalogError(
                f"cannot find the paper {name!r}",
                why="it was taken out while it was being read",
                hint="ask again",
            )
        return Paper(
            key=found.key,
            title=found.label,
            abstract=found.abstract,
            authors=found.authors,
            address=address_of(found.key, found.arxiv_id, self.site),
            arxiv_id=found.arxiv_id,
            withdrawn=(found.withdrawn_reason or "no reason given") if found.withdrawn else None,
            versions=found.about_versions,
            venue=found.venue,
            organization=found.organization,
            keywords=found.keywords,
            published_on=written(found.published_on),
            first_seen_on=written(found.first_seen_on),
            identifiers=[f"{one.scheme}:{one.value}" for one in found.identifiers],
            results=[Number(**structs.asdict(result)) for result in found.results],
            links=[Link(**structs.asdict(link)) for link in found.links],
            digests=[f"{one.source} {one.day}" for one in found.digests],
            same_title=[one.key for one in found.alike],
        )

    def model(
        self,
        name: Annotated[
            str, Field(min_length=1, description="Name of the model, in any case, e.g. ResNet-50")
        ],
        include_unsure: Annotated[
            bool, Field(description="Also numbers that were not read surely")
        ] = False,
        limit: Annotated[int, Field(ge=1, le=100, description="Most numbers in the answer")] = 40,
    ) -> Model:
        """Give the numbers that papers report for one model: its sizes, then by dataset.

        They are the model's own authors' and others' (role other: for comparison), so that values
        of one metric and dataset may differ: quote the paper and the sentence with each.
        """
        with reading(self.url) as engine, engine.connect() as connection:
            found = run(connection, model_named(name, with_unsure=include_unsure))
        return Model(
            name=found.name,
            numbers=[number_of_model(one, self.site) for one in found.every[:limit]],
            total=found.numbers,
            hidden=found.hidden,
            truncated=found.is_cut or found.numbers > limit,
        )

    def leaderboard(
        self,
        dataset: Annotated[
            str, Field(description="Name or alias of a dataset, or name of a task; or empty")
        ] = "",
        metric: Annotated[
            str, Field(description="Name or alias of a metric, e.g. top-1 accuracy, mAP; or empty")
        ] = "",
        with_code: Annotated[bool, Field(description="Only papers that have code")] = False,
        year: Annotated[int | None, Field(description="Only papers of this year")] = None,
        max_parameters: Annotated[
            float | None, Field(gt=0, description="Only models up to so many million parameters")
        ] = None,
        min_confidence: Annotated[
            float | None, Field(ge=0, le=1, description="Only numbers read this surely, 0 to 1")
        ] = None,
        unit: Annotated[
            str, Field(description="One of the board's `units`; empty: the most frequent one")
        ] = "",
        since: Annotated[
            str, Field(description="Day as YYYY-MM-DD: also tell what changed since then")
        ] = "",
        limit: Most = 20,
    ) -> Leaderboard:
        """Rank what papers report on a dataset by a metric: who leads, with evidence and links.

        Only absolute values of a paper's own method rank, in one unit and in the metric's
        direction; differences and factors stand apart in `relative`. Without dataset or metric it
        lists the fullest boards that fit, to choose from: names must be those of `boards`.
        """
        day = day_of(since) if since.strip() else None
        with reading(self.url) as engine, engine.connect() as connection:
            if not dataset.strip() or not metric.strip():
                names = dataset.strip(), metric.strip()
                fitting = leaderboards.boards(connection, *names)
                moved = leaderboards.moved(connection, day, *names) if day else []
                return Leaderboard(boards=fitting, moved=moved)
            filters = Filters(
                code=with_code,
                year=year,
                max_parameters=max_parameters,
                confidence=min_confidence,
                unit=unit,
            )
            return leaderboards.leaderboard(
                connection,
                dataset.strip(),
                metric.strip(),
                filters,
                most=limit,
                site=self.site,
                since=day,
            )

    def similar(
        self,
        name: Annotated[str, Field(min_length=1, description="A paper, named as in `paper`")],
        limit: Most = 6,
    ) -> SimilarPapers:
        """Find the papers most like one, by its rarest words, shared datasets and shared code."""
        with reading(self.url) as engine, engine.connect() as connection:
            one = run(connection, find_paper(name))
            alike = run(connection, read_similar(one.id, most=limit))
            ids = [other.paper.id for other in alike]
            items = {item.id: item for item in run(connection, items_of(ids, None, self.site))}
        return SimilarPapers(
            key=one.key,
            papers=[
                SimilarPaper(
                    **listed(items[other.paper.id]).model_dump(),
                    shared_datasets=other.datasets,
                    shared_repository=other.repository,
                )
                for other in alike
            ],
        )

    def for_you(self, limit: Most = 10) -> ForYou:
        """Recommend papers like those that the owner of this catalog starred.

        Late stars count more; what is starred or read is left out. `because` names the starred
        papers that brought one up: say so. Stars are given on the site or by `catalog mark`.
        """
        with reading(self.url) as engine, engine.connect() as connection:
            found = run(connection, read_for_you(most=limit, site=self.site))
        return ForYou(
            starred=found.starred,
            papers=[
                Recommended(
                    **listed(one.paper).model_dump(), because=[star.key for star in one.because]
                )
                for one in found.papers
            ],
        )

    def digest(
        self,
        day: Annotated[
            str,
            Field(
                description='Day as YYYY-MM-DD, "yesterday", a week, a month or "latest"',
                examples=["2025-03-11", "2025-W11", "2025-03"],
            ),
        ] = "latest",
        limit: Most = 30,
    ) -> Digest:
        """Give the papers that stood in the digests of a day, week or month, most upvoted first.

        Each comes with its headline numbers, their evidence, code and stars; `previous_day` leads
        to the day before.
        """
        with reading(self.url) as engine, engine.connect() as connection:
            is_latest = day.strip() in {"", "latest"}
            newest = run(connection, newest_day()) if is_latest else None
            when = (of_day(newest) if newest else None) if is_latest else asked_period(day)
            issue = run(connection, of_period(when, site=self.site)) if when else None
            before = run(connection, newest_day(before=when.first)) if when else None
        if when is None or issue is None or not issue.items:
            raise no_digest(when, before)
        return Digest(
            day=when.name,
            papers=list(map(listed, issue.items[:limit])),
            in_all=len(issue.items),
            truncated=len(issue.items) > limit,
            previous_day=written(before),
        )

    def sql(
        self,
        query: Annotated[
            str,
            Field(
                description="One SELECT of SQLite's, values as :name, e.g. SELECT paper, value, "
                "sentence FROM v_results WHERE metric = :metric ORDER BY value DESC"
            ),
        ],
        params: Annotated[
            dict[str, limited_sql.Value], Field(description="Value of every :name")
        ] = {},  # noqa: B006 - never changed, and the schema shows it
        limit: Annotated[
            int, Field(ge=1, le=limited_sql.MOST_ROWS, description="Most rows in the answer")
        ] = 100,
    ) -> Rows:
        """Run a SELECT on the catalog; nothing can be changed by it, and it has 5 seconds.

        Begin with the views. v_results, one number a row: paper, paper_key, first_seen_on, metric,
        metric_inferred (1: the text names none; it is usual on the dataset),
        dataset, value, value_max, unit (%, pp, x, dB, ...; null: a bare score), kind (absolute,
        delta, ratio), role (own, other), sign (+, -: whether the metric is higher or lower for the
        paper's subject), model, baseline, text, sentence (the evidence), origin (abstract,
        papers-with-code, curator), confidence (0 to 1; of value, unit, metric, kind),
        row_confidence (the same with dataset and role), repository, stars. v_papers, one
        paper a row: paper_key, title, abstract, first_seen_on, published_on, year, month, arxiv_id,
        has_code, has_results, results, repository, stars, digests, upvotes. v_digest, one paper in
        one digest a row: day, source, rank, title, paper_key, upvotes, comments, results,
        repository, stars. Days are text, YYYY-MM-DD; truth values are 1 and 0; values are as
        printed (93.1 per cent, not 0.931). Compare values of one metric, dataset, unit and kind
        only, and say role = 'own' for what a paper achieved. The tool `schema` lists all tables.
        """
        with reading(self.url) as engine, engine.connect() as connection:
            raw = _raw(connection)
            limited_sql.limit(raw)
            return limited_sql.select(raw, query, params, most=limit)

    def schema(
        self,
        table: Annotated[
            str, Field(description="A table or view, e.g. v_results; empty for all")
        ] = "",
    ) -> Schema:
        """List the catalog's tables and views with their columns, and what each means."""
        with reading(self.url) as engine, engine.connect() as connection:
            return limited_sql.schema(_raw(connection), table.strip())


def _raw(connection: Connection) -> Any:
    """Return the connection of SQLite's own module, which takes limits."""
    return connection.connection.driver_connection
