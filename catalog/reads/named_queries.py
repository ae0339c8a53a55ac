"""Named queries: SQL for SQLite and PostgreSQL, run by commands and the site.

A parameter is text and may be empty, which means "any" or the default that its description names:
forms on the site send nothing else.
"""

from dataclasses import dataclass

from catalog.reads.code import of_paper
from catalog.reads.standing import OWN, PAPERS_OF, RANKED, STANDING


@dataclass(frozen=True)
class Parameter:
    """One parameter of a named query."""

    name: str
    description: str
    example: str = ""


@dataclass(frozen=True)
class Query:
    """One named query."""

    name: str
    title: str
    description: str
    sql: str
    parameters: tuple[Parameter, ...] = ()


DATASET = Parameter("dataset", "Name or alias of a dataset; empty for all", "ImageNet-1K")
METRIC = Parameter("metric", "Name or alias of a metric; empty for all", "top-1 accuracy")

# Lists of ids, and no "empty or": SQLite goes through an index only where it sees a list.
NAMED_DATASET = """r.dataset_id IN (
        SELECT id FROM datasets
         WHERE CAST(:dataset AS text) = '' OR lower(name) = lower(CAST(:dataset AS text))
        UNION SELECT dataset_id FROM dataset_aliases
         WHERE lower(alias) = lower(CAST(:dataset AS text)))"""
NAMED_METRIC = """r.metric_id IN (
        SELECT id FROM metrics
         WHERE CAST(:metric AS text) = '' OR lower(name) = lower(CAST(:metric AS text))
        UNION SELECT metric_id FROM metric_aliases
         WHERE lower(alias) = lower(CAST(:metric AS text)))"""
_SIZE = """(SELECT min(s.value) FROM results s JOIN metrics sm ON sm.id = s.metric_id
         WHERE s.paper_id = p.id AND sm.name = 'parameters' AND s.kind = 'absolute'
           AND s.state <> 'rejected')"""

BEST_ON_DATASET = Query(
    "best_on_dataset",
    "Best on a dataset, by size and code",
    "Own absolute results that are sure enough, best first. Name a dataset, a metric, or both; "
    "narrow them to models under a number of parameters that the same paper states, and to papers "
    "with code.",
    f"""
SELECT m.name AS metric, m.slug AS metric_slug, d.name AS dataset, d.slug AS dataset_slug,
       r.value, r.unit, r.model, {_SIZE} AS parameters,
       p.label AS paper, p.key AS paper_key, p.first_seen_on,
       {of_paper("o.full_name")} AS repository, r.sentence
  FROM results r
  JOIN papers p ON p.id = r.paper_id
  JOIN metrics m ON m.id = r.metric_id
  JOIN datasets d ON d.id = r.dataset_id
 WHERE {RANKED}
   AND (CAST(:dataset AS text) <> '' OR CAST(:metric AS text) <> '')
   AND {NAMED_DATASET}
   AND {NAMED_METRIC}
   AND (CAST(:with_code AS text) = '' OR p.has_code)
   AND (CAST(:max_parameters AS text) = ''
        OR {_SIZE} <= CAST(NULLIF(CAST(:max_parameters AS text), '') AS double precision))
 ORDER BY d.name, m.name, r.unit,
          CASE WHEN NOT m.higher_is_better THEN r.value ELSE -r.value END, p.id
 LIMIT 200
""",
    (
        DATASET,
        METRIC,
        Parameter("max_parameters", "Largest number of parameters; empty for any", "100000000"),
        Parameter("with_code", "Any text: only papers with code", "yes"),
    ),
)

CLAIMS_OVER_BASELINE = Query(
    "claims_over_baseline",
    "Improvements over a named baseline",
    "Differences and factors against a baseline that the abstract names, the largest first.",
    f"""
SELECT r.baseline, r.value, r.unit, r.kind, m.name AS metric, d.name AS dataset,
       p.label AS paper, p.key AS paper_key, p.first_seen_on, r.sentence
  FROM results r
  JOIN papers p ON p.id = r.paper_id
  LEFT JOIN metrics m ON m.id = r.metric_id
  LEFT JOIN datasets d ON d.id = r.dataset_id
 WHERE r.kind IN ('delta', 'ratio') AND r.role = 'own' AND r.state <> 'rejected'
   AND {STANDING}
   AND r.baseline IS NOT NULL
   AND (CAST(:baseline AS text) = ''
        OR lower(r.baseline) LIKE '%' || lower(CAST(:baseline AS text)) || '%')
   AND (CAST(:metric AS text) = '' OR {NAMED_METRIC})
   AND (CAST(:kind AS text) = '' OR r.kind = :kind)
   AND r.value >= CAST(coalesce(NULLIF(CAST(:at_least AS text), ''), '0') AS double precision)
 ORDER BY r.value DESC, p.id
 LIMIT 200
""",
    (
        Parameter("baseline", "Part of the baseline's name; empty for all", "GPT-4"),
        METRIC,
        Parameter("at_least", "Smallest difference or factor; empty for any", "5"),
        Parameter("kind", "delta (a difference) or ratio (a factor); empty for both", "delta"),
    ),
)

ABSTRACT_AGAINST_TABLES = Query(
    "abstract_against_tables",
    "Numbers that differ between abstracts and Papers with Code",
    "Papers whose abstract and whose Papers with Code tables give different values for one "
    "metric on one dataset.",
    f"""
SELECT p.label AS paper, p.key AS paper_key, m.name AS metric, d.name AS dataset,
       r.value AS in_abstract, t.value AS in_tables, abs(r.value - t.value) AS difference,
       r.unit, r.sentence
  FROM results t
 CROSS JOIN results r
  JOIN papers p ON p.id = r.paper_id
  JOIN metrics m ON m.id = r.metric_id
  JOIN datasets d ON d.id = r.dataset_id
 WHERE t.kind = 'absolute' AND t.role = 'own' AND t.origin = 'papers-with-code'
   AND t.state <> 'rejected'
   AND r.paper_id = t.paper_id AND r.metric_id = t.metric_id AND r.dataset_id = t.dataset_id
   AND {OWN} AND r.origin = 'abstract'
   AND abs(r.value - t.value)
       > CAST(coalesce(NULLIF(CAST(:tolerance AS text), ''), '0.05') AS double precision)
 ORDER BY difference DESC, p.id
 LIMIT 200
""",
    (Parameter("tolerance", "Differences up to this are left out; empty for 0.05", "0.05"),),
)

MOST_FEATURED = Query(
    "most_featured",
    "Papers in several digests",
    "Papers that appeared in several digests, or on several days of one.",
    """
SELECT p.label AS paper, p.key AS paper_key, count(*) AS times,
       count(DISTINCT g.source) AS sources, min(g.day) AS first_day, max(g.day) AS last_day,
       max(e.upvotes) AS upvotes, p.has_code
  FROM digest_entries e
  JOIN digests g ON g.id = e.digest_id
  JOIN papers p ON p.id = e.paper_id
 GROUP BY p.id, p.label, p.key, p.has_code
HAVING count(*) >= CAST(coalesce(NULLIF(CAST(:at_least AS text), ''), '2') AS integer)
 ORDER BY times DESC, upvotes DESC, p.id
 LIMIT 200
""",
    (Parameter("at_least", "Smallest number of appearances; empty for 2", "2"),),
)

CODE_GONE = Query(
    "code_gone",
    "Repositories that are gone",
    "Repositories that were gone, moved or archived when last checked.",
    """
SELECT o.full_name AS repository, o.host, o.state, o.archived, o.checked_at,
       p.label AS paper, p.key AS paper_key, p.first_seen_on
  FROM repositories o
 CROSS JOIN links l  -- SQLite keeps this order: the few repositories first
  JOIN papers p ON p.id = l.paper_id
 WHERE l.repository_id = o.id AND (o.state IN ('gone', 'moved') OR o.archived)
   AND (CAST(:state AS text) = '' OR o.state = :state)
 ORDER BY o.state, p.first_seen_on DESC, p.id
 LIMIT 500
""",
    (Parameter("state", "gone or moved; empty for both, and archived ones", "gone"),),
)

RISING_DATASETS = Query(
    "rising_datasets",
    "Datasets with growing use",
    "The number of papers that report on a dataset before and since a month, and its growth.",
    f"""
WITH recent AS MATERIALIZED (
    SELECT r.dataset_id, count(DISTINCT r.paper_id) AS papers
      FROM papers p CROSS JOIN results r  -- SQLite keeps this order: the few papers first
     WHERE r.paper_id = p.id
       AND p.month >= coalesce(NULLIF(CAST(:since AS text), ''), (SELECT max(month) FROM papers))
       AND r.dataset_id IS NOT NULL AND r.state <> 'rejected' AND NOT p.withdrawn
       AND NOT p.is_row
     GROUP BY r.dataset_id),
known AS MATERIALIZED (
    SELECT r.dataset_id, {PAPERS_OF} AS papers
      FROM results r
     WHERE r.dataset_id IN (SELECT dataset_id FROM recent) AND r.state <> 'rejected'
       AND {STANDING}
     GROUP BY r.dataset_id)
SELECT d.name AS dataset, d.slug AS dataset_slug, recent.papers AS papers_since,
       known.papers - recent.papers AS papers_before,
       2 * recent.papers - known.papers AS growth
  FROM recent
  JOIN known ON known.dataset_id = recent.dataset_id
  JOIN datasets d ON d.id = recent.dataset_id
 ORDER BY growth DESC, papers_since DESC, d.name
 LIMIT 100
""",
    (Parameter("since", "Month, as 2025-03; empty for the latest", "2025-03"),),
)

_BOARDS = f"""
SELECT d.name AS dataset, d.slug AS dataset_slug, m.name AS metric, m.slug AS metric_slug,
       b.papers, b.results
  FROM (SELECT r.dataset_id, r.metric_id, {PAPERS_OF} AS papers,
               count(*) AS results
          FROM results r
         WHERE {{condition}}
           AND r.dataset_id IS NOT NULL AND r.metric_id IS NOT NULL
           AND (CAST(:dataset AS text) = '' OR {NAMED_DATASET})
           AND (CAST(:metric AS text) = '' OR {NAMED_METRIC})
         GROUP BY r.dataset_id, r.metric_id
         ORDER BY papers DESC, results DESC, r.dataset_id, r.metric_id
         LIMIT 100) AS b
  JOIN metrics m ON m.id = b.metric_id
  JOIN datasets d ON d.id = b.dataset_id
 ORDER BY coalesce(m.family, '') = 'efficiency', b.papers DESC, b.results DESC, d.name, m.name
"""

ALL_BOARDS = _BOARDS.format(condition=OWN)
"""The same as the busiest boards, also those on which no number is sure enough to be ranked."""

BUSIEST_BOARDS = Query(
    "busiest_boards",
    "Leaderboards with the most papers",
    "Pairs of dataset and metric, by the number of papers that a leaderboard ranks: with an "
    "absolute value of their own that is sure enough. Sizes and times come last.",
    _BOARDS.format(condition=RANKED),
    (DATASET, METRIC),
)

DIGEST_WITH_CODE = Query(
    "digest_with_code",
    "A digest day, papers with code",
    "The papers of one day that come with a repository, with its stars.",
    f"""
SELECT g.day, g.source, e.rank, p.label AS paper, p.key AS paper_key, e.upvotes,
       code.full_name AS repository, code.stars
  FROM digest_entries e
  JOIN digests g ON g.id = e.digest_id
  JOIN papers p ON p.id = e.paper_id
  JOIN repositories code ON code.id = {of_paper("o.id")}
 WHERE g.day = (SELECT max(day) FROM digests
                 WHERE CAST(:day AS text) = '' OR CAST(day AS text) = CAST(:day AS text))
 ORDER BY g.source, e.rank, p.id
 LIMIT 500
""",
    (Parameter("day", "Day, as 2025-03-12; empty for the latest", "2025-03-12"),),
)

RISING_CODE = Query(
    "rising_code",
    "Repositories that gain stars",
    "Repositories by the stars that they gained between the first and the last day on which they "
    "were observed; scheduled runs observe them once a day.",
    """
WITH seen AS (
    SELECT key, min(day) AS first_day, max(day) AS last_day
      FROM repository_stars
     WHERE CAST(:since AS text) = '' OR CAST(day AS text) >= CAST(:since AS text)
     GROUP BY key)
SELECT o.full_name AS repository, later.stars, later.stars - earlier.stars AS gained,
       seen.first_day AS first_observed, seen.last_day AS last_observed,
       p.label AS paper, p.key AS paper_key, p.first_seen_on
  FROM seen
  JOIN repository_stars earlier ON earlier.key = seen.key AND earlier.day = seen.first_day
  JOIN repository_stars later ON later.key = seen.key AND later.day = seen.last_day
  JOIN repositories o ON o.key = seen.key
  JOIN links l ON l.repository_id = o.id
  JOIN papers p ON p.id = l.paper_id
 WHERE later.stars > earlier.stars
 ORDER BY gained DESC, o.full_name, p.id
 LIMIT 200
""",
    (Parameter("since", "First day, as 2025-03-01; empty for all observed days", "2025-03-01"),),
)

QUERIES = {
    query.name: query
    for query in (
        BEST_ON_DATASET,
        CLAIMS_OVER_BASELINE,
        DIGEST_WITH_CODE,
        MOST_FEATURED,
        RISING_DATASETS,
        RISING_CODE,
        BUSIEST_BOARDS,
        ABSTRACT_AGAINST_TABLES,
        CODE_GONE,
    )
}
"""Every named read, in the order in which the site lists them."""
