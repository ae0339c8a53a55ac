"""The pages of the site, and their addresses."""

from typing import Any

from catalog.site.pages.about_page import about, robots
from catalog.site.pages.board_page import board, boards
from catalog.site.pages.compare_page import compare
from catalog.site.pages.digest_page import day, days
from catalog.site.pages.marks_page import marks
from catalog.site.pages.paper_page import paper
from catalog.site.pages.search_page import find
from catalog.site.pages.start_page import start
from catalog.site.pages.subject_page import dataset, metric, repository
from catalog.site.routes import as_view

ROUTES: list[tuple[str, Any]] = [
    (r"^/$", as_view(start)),
    (r"^/start\.(?P<format>json)$", as_view(start)),
    (r"^/about$", as_view(about)),
    (r"^/robots\.txt$", robots),
    (r"^/search(?:\.(?P<format>json|atom))?$", as_view(find)),
    (r"^/digest(?:\.(?P<format>json|atom))?$", as_view(days)),
    (r"^/digest/(?P<when>[^/]+)$", as_view(day, ("json", "atom", "md"))),
    (r"^/paper/(?P<key>.+)$", as_view(paper, ("json", "bib"))),
    (r"^/compare(?:\.(?P<format>json))?$", as_view(compare)),
    (r"^/marks(?:\.(?P<format>json))?$", as_view(marks)),
    (r"^/leaderboard(?:\.(?P<format>json))?$", as_view(boards)),
    (r"^/leaderboard/(?P<dataset>[^/]+)/(?P<metric>[^/]+)$", as_view(board)),
    (r"^/(?:dataset|leaderboard)/(?P<slug>[^/]+)$", as_view(dataset)),
    (r"^/metric/(?P<slug>[^/]+)$", as_view(metric)),
    (r"^/repository/(?P<key>.+)$", as_view(repository)),
]
"""Address pattern -> view; they come before Datasette's own."""
