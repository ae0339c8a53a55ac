"""Conditions for results that stand, and for papers that are some.

Results of papers that were withdrawn do not stand; rows of tables that name no paper are none.
"""

import re

from catalog.domain.claims import FLOOR

STANDING = "r.paper_id NOT IN (SELECT w.id FROM papers w WHERE w.withdrawn)"
"""Condition on results r, for boards and headlines; an index holds the few that were withdrawn."""

IS_PAPER = "p.id NOT IN (SELECT w.id FROM papers w WHERE w.is_row)"
"""Condition on papers p, for counts and lists of papers; an index holds the few that are none."""

PAPERS_OF = """count(DISTINCT CASE WHEN r.paper_id NOT IN (SELECT w.id FROM papers w WHERE w.is_row)
                             THEN r.paper_id END)"""
"""Number of the papers that results r are of."""

SURE = """(r.origin <> 'abstract' OR r.state IN ('accepted', 'corrected', 'added')
    OR coalesce(r.row_confidence, r.confidence, 0) >= :floor)"""
"""Condition on results r; `catalog.domain.claims.certainty` says the same of one result."""

SHOWS = f"(NOT r.is_bound AND {SURE})"
"""Condition on results r that boards rank unless all are asked for."""

OWN = f"""r.state <> 'rejected' AND r.role = 'own' AND r.kind = 'absolute' AND r.value IS NOT NULL
   AND {STANDING}"""
"""Condition on results r that are a paper's own values, sure or not: boards rank them on demand."""

RANKED = f"{OWN} AND {SHOWS.replace(':floor', str(FLOOR))}"
"""Condition on results r that boards rank by default; the indexes of boards hold what it asks."""


def of_results(name: str, condition: str) -> str:
    """Write a condition on results r for results of another name.

    >>> of_results("o", "r.value IS NOT NULL")
    'o.value IS NOT NULL'
    """
    return re.sub(r"\br\.", f"{name}.", condition)
