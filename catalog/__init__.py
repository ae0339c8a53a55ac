"""A catalog of machine-learning papers: its schema, questions, site and commands.

In Python it is read by `from catalog import Catalog`; see `catalog.api`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from catalog.api import Catalog
    from catalog.domain.errors import CatalogError

__all__ = ["Catalog", "CatalogError"]


def __getattr__(name: str) -> Any:
    """Import what users need when they ask for it: `import catalog` stays quick."""
    if name == "Catalog":
        from catalog.api import Catalog

        return Catalog
    if name == "CatalogError":
        from catalog.domain.errors import CatalogError

        return CatalogError
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
