"""The pages of one dataset, one metric, one repository."""

from functools import partial

from catalog.domain.formatting import path
from catalog.reads.asking import Read
from catalog.reads.board_cards import BoardCard
from catalog.reads.datasets import dataset as read_dataset
from catalog.reads.datasets import metric as read_metric
from catalog.reads.repository_page import repository as read_repository
from catalog.reads.subject_boards import boards_of_dataset, boards_of_metric
from catalog.site.pages.board_page import led_by
from catalog.site.routes import Elsewhere, MissingError, Page, Site


async def dataset(site: Site, slug: str) -> Page:
    """Show a dataset: its leaderboards by metric, and the newest papers."""
    found = await site.ask(read_dataset(slug))
    if found is None:
        raise MissingError(f"The catalog has no dataset {slug}.")
    extra = partial(_led, site, boards_of_dataset(found))
    return Page("catalog_dataset.html", found, extra=extra)


async def metric(site: Site, slug: str) -> Page:
    """Show a metric: its direction, its leaderboards by dataset, and the newest papers."""
    found = await site.ask(read_metric(slug))
    if found is None:
        raise MissingError(f"The catalog has no metric {slug}.")
    extra = partial(_led, site, boards_of_metric(found))
    return Page("catalog_metric.html", found, extra=extra)


async def repository(site: Site, key: str) -> Page | Elsewhere:
    """Show a repository and the papers that name it; "owner/name" means GitHub's."""
    wanted = key.lower().rstrip("/")
    found = await site.ask(read_repository(wanted))
    if found is None and wanted.count("/") == 1:
        return Elsewhere(path("repository", f"github.com/{wanted}"))
    if found is None:
        raise MissingError(f"The catalog has no repository {key}.")
    return Page("catalog_repository.html", found)


async def _led(site: Site, boards: Read[list[BoardCard]]) -> dict[str, object]:
    """Give the template the best values of the boards, and the chart of the first."""
    cards = await site.ask(boards)
    return {"cards": cards, **await led_by(site, cards)}
