"""The public search: the page, what is suggested while typing, and the table to take away."""

from search.views.exporting import export
from search.views.page import search
from search.views.suggesting import suggestions

__all__ = ["export", "search", "suggestions"]
