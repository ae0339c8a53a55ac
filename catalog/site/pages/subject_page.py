"""The pages of one dataset, one metric, one repository."""

from catalog.domain.formatting import path
from catalog.reads.board_cards import BoardCard
from catalog.reads.datasets import dataset as read_dataset
from catalog.reads.datasets import metric as read_metric
from catalog.reads.repository_page import repository as read_repository
from catalog.reads.subject_boards import LeadBoard, boards_of_dataset, boards_of_metric, lead_board
from catalog.site.board_chart import COLUMN
from catalog.site.pages.board_page import time_chart
from catalog.site.routes import Elsewhere, MissingError, Page, Site


async def dataset(site: Site, slug: str) -> Page:
    """Show a dataset: its leaderboards by metric, and the newest papers."""
    found = await site.ask(read_dataset(slug))
    if found is None:
        raise MissingError(f"The catalog has no dataset {slug}.")
    cards = await site.ask(boards_of_dataset(found))
    main = await site.ask(lead_board(cards))
    return Page("catalog_dataset.html", found, extra=_led(cards, main))


async def metric(site: Site, slug: str) -> Page:
    """Show a metric: its direction, its leaderboards by dataset, and the newest papers."""
    found = await site.ask(read_metric(slug))
    if found is None:
        raise MissingError(f"The catalog has no metric {slug}.")
    cards = await site.ask(boards_of_metric(found))
    main = await site.ask(lead_board(cards))
    return Page("catalog_metric.html", found, extra=_led(cards, main))


async def repository(site: Site, key: str) -> Page | Elsewhere:
    """Show a repository and the papers that name it; "owner/name" means GitHub's."""
    wanted = key.lower().rstrip("/")
    found = await site.ask(read_repository(wanted))
    if found is None and wanted.count("/") == 1:
        return Elsewhere(path("repository", f"github.com/{wanted}"))
    if found is None:
        raise MissingError(f"The catalog has no repository {key}.")
    return Page("catalog_repository.html", found)


def _led(cards: list[BoardCard], main: LeadBoard | None) -> dict[str, object]:
    """Give the template the best values of the boards, and the chart of the first."""
    return {
        "cards": cards,
        "main": main,
        "chart": time_chart(main.ranking, main.unit, COLUMN) if main else "",
    }
