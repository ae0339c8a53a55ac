"""The pages of the site and their addresses."""

from catalog.plugins import SitePage
from catalog.site.pages.about_page import about
from catalog.site.pages.author_page import author
from catalog.site.pages.board_page import all_boards, board, boards
from catalog.site.pages.compare_page import compare
from catalog.site.pages.digest_page import days, period
from catalog.site.pages.for_you_page import for_you
from catalog.site.pages.marks_page import marks
from catalog.site.pages.model_page import model
from catalog.site.pages.paper_page import paper
from catalog.site.pages.review_page import login, review
from catalog.site.pages.search_page import find, find_numbers
from catalog.site.pages.start_page import start
from catalog.site.pages.subject_page import dataset, metric, repository
from catalog.site.pages.suggest_page import suggest
from catalog.site.pages.task_page import task, tasks
from catalog.site.pages.trending_page import trending

PAGES = (
    SitePage("start", r"^/$", start),
    SitePage("start-json", r"^/start\.(?P<format>json)$", start),
    SitePage("about", r"^/about$", about),
    SitePage("search", r"^/search(?:\.(?P<format>json|atom))?$", find),
    SitePage("suggest", r"^/suggest\.(?P<format>json)$", suggest),
    SitePage("trending", r"^/trending(?:\.(?P<format>json))?$", trending),
    SitePage("numbers", r"^/numbers(?:\.(?P<format>json))?$", find_numbers),
    SitePage("digests", r"^/digest(?:\.(?P<format>json|atom))?$", days),
    SitePage("digest", r"^/digest/(?P<when>[^/]+)$", period, ("json", "atom", "md")),
    SitePage("paper", r"^/paper/(?P<key>.+)$", paper, ("json", "bib")),
    SitePage("author", r"^/author/(?P<name>.+)$", author, ("json", "atom")),
    SitePage("compare", r"^/compare(?:\.(?P<format>json))?$", compare),
    SitePage("marks", r"^/marks(?:\.(?P<format>json))?$", marks),
    SitePage("for-you", r"^/for-you(?:\.(?P<format>json))?$", for_you),
    SitePage("review", r"^/review(?:\.(?P<format>json))?$", review),
    SitePage("login", r"^/-/login$", login),
    SitePage("leaderboards", r"^/leaderboard(?:\.(?P<format>json))?$", boards),
    SitePage(
        "leaderboard",
        r"^/leaderboard/(?P<dataset>[^/]+)/(?P<metric>[^/]+)$",
        board,
        ("json", "csv", "atom"),
    ),
    SitePage("leaderboards-plural", r"^/leaderboards$", all_boards),
    SitePage("tasks", r"^/tasks(?:\.(?P<format>json))?$", tasks),
    SitePage("task", r"^/task/(?P<name>[^/]+)$", task),
    SitePage("model", r"^/model/(?P<name>.+)$", model),
    SitePage("dataset", r"^/(?:dataset|leaderboard)/(?P<slug>[^/]+)$", dataset),
    SitePage("metric", r"^/metric/(?P<slug>[^/]+)$", metric),
    SitePage("repository", r"^/repository/(?P<key>.+)$", repository),
)
"""The pages that every catalog has."""
