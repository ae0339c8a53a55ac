"""Choose the tests that SQLite stands for; on PostgreSQL each takes several times as long."""

import pytest

ON_SQLITE = (
    "cli/test_moved_documents.py", "cli/test_naming_papers.py", "cli/test_reading.py",
    "cli/test_rows_without_paper.py", "cli/test_terminal.py", "cli/test_withdrawn.py", "digest/",
    "robust/test_bad_documents.py", "robust/test_fuzz.py", "robust/test_one_record.py",
    "sync/test_folder.py", "sync/test_github.py", "sync/test_sync_arxiv.py",
    "sync/test_sync_hf_daily.py", "sync/test_unattended.py", "maintenance/test_check.py",
    "python/test_catalog.py", "test_marks.py", "test_number_corrections.py",
)  # fmt: skip
"""Files and folders of tests of what hardly depends on the database, except where a test is marked
`on_both`; with --everywhere they run on PostgreSQL too."""


def is_left_out(item: pytest.Item) -> bool:
    """Return true if a test is one on PostgreSQL that SQLite stands for."""
    params = getattr(getattr(item, "callspec", None), "params", {})
    name = item.nodeid.removeprefix("tests/")
    is_on_both = item.get_closest_marker("on_both") is not None
    return "postgres" in params.values() and name.startswith(ON_SQLITE) and not is_on_both
