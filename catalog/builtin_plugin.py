"""The built-in plugin that adds the pages of the site and the formats of exports."""

from collections.abc import Sequence

from catalog.plugins import ExportFormat, SitePage, hook


@hook
def register_pages() -> Sequence[SitePage]:
    """Return the pages of every catalog."""
    from catalog.site.pages import PAGES

    return PAGES


@hook
def register_exports() -> Sequence[ExportFormat]:
    """Return the formats: tables first, then the records of papers, then lists of references."""
    from catalog.exports import FORMATS

    return FORMATS
