"""Find the entry points of plugins; installed packages without any are not read in full."""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

METADATA = (".dist-info", ".egg-info", "EGG-INFO")
"""Endings of the folders in which installers describe packages."""


def find_entry_points(group: str) -> Iterable["EntryPoint"]:
    """Find all entry points of a group.

    The search takes importlib some 40 ms, most of it imports, at every start of the program. So
    the files of installed packages are looked through for the group's name first.
    """
    if not any(may_hold(folder, group) for folder in sys.path):
        return ()
    from importlib.metadata import entry_points

    return entry_points(group=group)


def may_hold(folder: str, group: str) -> bool:
    """Return true unless no package in a folder of the import path names this group."""
    if folder and not os.path.isdir(folder):
        return os.path.exists(folder)  # an archive: importlib can look into it
    try:
        return any(group.encode() in text for text in _entry_files(folder or "."))
    except OSError:
        return True


def _entry_files(folder: str) -> Iterator[bytes]:
    """Yield the files of entry points of the packages in a folder."""
    for name in os.listdir(folder):
        if name.endswith(METADATA):
            path = os.path.join(folder, name, "entry_points.txt")
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    yield file.read()
