"""The digest that goes out: a day's papers, or a saved search, as text, page, feed and mail."""

from catalog.digest.issue import Issue, Item, newest_day, of_day, of_search
from catalog.digest.mail import compose
from catalog.digest.writers import FORMS, write

__all__ = ["FORMS", "Issue", "Item", "compose", "newest_day", "of_day", "of_search", "write"]
