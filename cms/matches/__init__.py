"""Matches in the admin: the desk of a need, what waits to go out, why matches were passed on."""

from cms.matches.pages import match_menu_items, match_urls

__all__ = ["match_menu_items", "match_urls"]
