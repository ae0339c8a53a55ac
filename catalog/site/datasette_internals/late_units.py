"""Load Datasette's library of units only where somebody uses a unit.

Datasette 0.65 makes a registry of units when it is imported, and with it loads NumPy, SciPy and
Dask where they are installed: a second before the first answer. The catalog has no units.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

PINT = "datasette.vendored.pint"


class LateRegistry:
    """A registry of units that is made when it is first used."""

    def __init__(self) -> None:
        self._made: Any = None

    def __call__(self, text: str) -> Any:
        """Read a quantity, as `3 metres`."""
        return self._registry()(text)

    def define(self, unit: str) -> None:
        """Add a unit."""
        self._registry().define(unit)

    def _registry(self) -> Any:
        if self._made is None:
            if getattr(sys.modules.get(PINT), "UnitRegistry", None) is LateRegistry:
                del sys.modules[PINT]  # the stand-in
            self._made = import_module(PINT).UnitRegistry()
        return self._made


def put_off() -> None:
    """Let Datasette take the late registry; without effect where it was imported before."""
    if "datasette.views.base" not in sys.modules and PINT not in sys.modules:
        stand_in = ModuleType(PINT)
        stand_in.UnitRegistry = LateRegistry  # type: ignore[attr-defined]
        sys.modules[PINT] = stand_in
