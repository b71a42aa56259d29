"""Addresses of pages. Wagtail's own are whole ones as soon as there are several sites, with the host that stands in
the row of the site; readers are on the page's site already, at whatever host leads there."""

from typing import Any


def path_of(page: Any) -> str:
    """The path of a page, of whichever class, on its own site; "" where it has none."""
    parts = page.get_url_parts()
    return (parts[2] or "") if parts else ""
