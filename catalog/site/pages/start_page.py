"""The start page: search, latest digest, new papers, counts, papers per month."""

from collections.abc import Sequence

from catalog.reads.overview import Month, overview
from catalog.site.charts import Bar, months_chart
from catalog.site.routes import Page, Site


async def start(site: Site) -> Page:
    """Show an overview of the catalog."""
    found = await site.ask(overview())
    return Page("catalog_start.html", found, extra={"chart": _chart(found.months)})


def _chart(months: Sequence[Month]) -> str:
    bars = [Bar(one.month, one.papers, one.with_code) for one in months]
    return months_chart(bars) if bars else ""
