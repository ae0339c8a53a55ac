"""The pages of one dataset, one metric, one repository."""

from catalog.domain.formatting import path
from catalog.reads.datasets import dataset as read_dataset
from catalog.reads.datasets import metric as read_metric
from catalog.reads.repository_page import repository as read_repository
from catalog.site.routes import Elsewhere, MissingError, Page, Site


async def dataset(site: Site, slug: str) -> Page:
    """Show a dataset: its leaderboards by metric, and the newest papers."""
    found = await site.ask(read_dataset(slug))
    if found is None:
        raise MissingError(f"The catalog has no dataset {slug}.")
    return Page("catalog_dataset.html", found)


async def metric(site: Site, slug: str) -> Page:
    """Show a metric: its direction, its leaderboards by dataset, and the newest papers."""
    found = await site.ask(read_metric(slug))
    if found is None:
        raise MissingError(f"The catalog has no metric {slug}.")
    return Page("catalog_metric.html", found)


async def repository(site: Site, key: str) -> Page | Elsewhere:
    """Show a repository and the papers that name it; "owner/name" means GitHub's."""
    wanted = key.lower().rstrip("/")
    found = await site.ask(read_repository(wanted))
    if found is None and wanted.count("/") == 1:
        return Elsewhere(path("repository", f"github.com/{wanted}"))
    if found is None:
        raise MissingError(f"The catalog has no repository {key}.")
    return Page("catalog_repository.html", found)
