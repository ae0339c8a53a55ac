"""Find a leaderboard by the names that people type."""

from collections.abc import Sequence

from catalog.domain.errors import CatalogError
from catalog.domain.spelling import nearest_names
from catalog.reads.asking import Read, rows
from catalog.reads.boards import Board, BoardSummary, Filters, board, boards
from catalog.reads.did_you_mean import nearest_known
from catalog.reads.named_queries import ALL_BOARDS


def board_named(
    dataset: str,
    metric: str,
    filters: Filters = Filters(),  # noqa: B008
) -> Read[Board]:
    """Rank the results of a dataset by a metric, both given by name, alias or slug.

    Raises:
        CatalogError: the catalog has no such board, or not in that unit; names what there is.

    """
    fitting = yield from fitting_boards(dataset, metric)
    slugs = (dataset.lower(), metric.lower())
    if fitting:
        slugs = (fitting[0].dataset_slug, fitting[0].metric_slug)
    found = yield from board(*slugs, filters)
    if found is None:
        raise _no_board(dataset, metric, (yield from _beside(dataset, metric)))
    if filters.unit and filters.unit != found.unit:
        raise CatalogError(
            f"cannot rank {found.dataset.name} / {found.metric.name} in {filters.unit!r}",
            why="no result of this board, as it is filtered, has this unit",
            hint=f"leave the unit out, or take one of: {', '.join(filter(None, found.units))}",
        )
    return found


def fitting_boards(dataset: str, metric: str) -> Read[list[BoardSummary]]:
    """List the boards that names may mean, the one that is taken first.

    One on which no number is sure enough to be ranked is meant only where no other can be.
    """
    found = yield from boards(dataset, metric)
    return found or (yield from rows(ALL_BOARDS, BoardSummary, dataset=dataset, metric=metric))


def boards_instead(found: Board) -> Read[list[BoardSummary]]:
    """List the boards that may be meant by one without a ranking, the nearest metric first.

    None where it has a ranking, is filtered, or no metric of its dataset has a name like its own.
    """
    if found.ranking or found.filters != Filters():
        return []
    others = yield from boards(found.dataset.name, "")
    on_it = {one.metric: one for one in others if one.dataset_slug == found.dataset.slug}
    return [on_it[name] for name in nearest_names(found.metric.name, on_it)]


def _beside(dataset: str, metric: str) -> Read[list[BoardSummary]]:
    """List leaderboards of the dataset, else of names like it, else those by the metric."""
    found = yield from boards(dataset, "")
    for name in [] if found else (yield from nearest_known("dataset", dataset)):
        found += (yield from boards(name, metric)) or (yield from boards(name, ""))
    return found or (yield from boards("", metric))


def _no_board(dataset: str, metric: str, beside: Sequence[BoardSummary]) -> CatalogError:
    others = "; ".join(f"{one.dataset} / {one.metric}" for one in beside[:8])
    return CatalogError(
        f"there is no leaderboard {dataset} / {metric}",
        why="no paper states a number of its own for this metric on this dataset",
        hint=f"take another pair, as one of: {others}" if others else "search for papers instead",
    )
