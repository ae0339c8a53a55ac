"""The plugin of ours that adds the pages of the site."""

from collections.abc import Sequence

from catalog.plugins import SitePage, hook


@hook
def register_pages() -> Sequence[SitePage]:
    """Give the pages that every catalog has."""
    from catalog.site.pages import PAGES

    return PAGES
