"""The built-in plugin that adds the pages of the site."""

from collections.abc import Sequence

from catalog.plugins import SitePage, hook


@hook
def register_pages() -> Sequence[SitePage]:
    """Return the pages of every catalog."""
    from catalog.site.pages import PAGES

    return PAGES
