"""Conditions for results that stand: those of papers that were not withdrawn."""

STANDING = "r.paper_id NOT IN (SELECT w.id FROM papers w WHERE w.withdrawn)"
"""Condition on results r, for boards and headlines; an index holds the few that were withdrawn."""
