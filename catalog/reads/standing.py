"""Conditions for results that stand, and for papers that are some.

Results of papers that were withdrawn do not stand; rows of tables that name no paper are none.
"""

STANDING = "r.paper_id NOT IN (SELECT w.id FROM papers w WHERE w.withdrawn)"
"""Condition on results r, for boards and headlines; an index holds the few that were withdrawn."""

IS_PAPER = "p.id NOT IN (SELECT w.id FROM papers w WHERE w.is_row)"
"""Condition on papers p, for counts and lists of papers; an index holds the few that are none."""

PAPERS_OF = """count(DISTINCT CASE WHEN r.paper_id NOT IN (SELECT w.id FROM papers w WHERE w.is_row)
                             THEN r.paper_id END)"""
"""Number of the papers that results r are of."""
