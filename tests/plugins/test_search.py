"""Tests that plugins are looked for only where a package names our group of entry points."""

from pathlib import Path

import pytest

from catalog.plugin_search import find_entry_points, may_hold

GROUP = "a_group_of_these_tests"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    described = tmp_path / "other-1.0.dist-info"
    described.mkdir()
    (described / "entry_points.txt").write_text("[console_scripts]\nother = other:main\n")
    (tmp_path / "without-1.0.dist-info").mkdir()
    return tmp_path


@pytest.mark.parametrize("name", ["ours-2.0.dist-info", "ours.egg-info", "EGG-INFO"])
def test_a_package_that_names_the_group_is_found(folder: Path, name: str) -> None:
    assert not may_hold(str(folder), GROUP)
    (folder / name).mkdir()
    (folder / name / "entry_points.txt").write_text(f"[{GROUP}]\nours = ours\n")
    assert may_hold(str(folder), GROUP)


def test_an_archive_may_hold_one_and_a_missing_folder_none(tmp_path: Path) -> None:
    (tmp_path / "packages.zip").write_bytes(b"PK")
    assert may_hold(str(tmp_path / "packages.zip"), GROUP)
    assert not may_hold(str(tmp_path / "missing"), GROUP)


def test_entry_points_come_from_the_import_path(folder: Path, monkeypatch) -> None:
    monkeypatch.syspath_prepend(str(folder))
    assert list(find_entry_points(GROUP)) == []
    described = folder / "ours-2.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: ours\nVersion: 2.0\n")
    (described / "entry_points.txt").write_text(f"[{GROUP}]\nours = ours.plugin\n")
    assert [(found.name, found.value) for found in find_entry_points(GROUP)] == [
        ("ours", "ours.plugin")
    ]
