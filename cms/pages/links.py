"""Links from the text of a page to other pages."""

from typing import ClassVar

from django.utils.html import escape
from wagtail.rich_text.pages import PageLinkHandler

from cms.pages.addresses import path_of
from cms.sites.showing import front_of_page, tops_of


class OwnPageLinkHandler(PageLinkHandler):
    """Links in a text lead to the site of the page that they name."""

    identifier: ClassVar[str] = "page"

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        opened = []
        for page in cls.get_many(attrs_list):
            found = page.localized if page else None
            path = path_of(found) if found else ""
            front = front_of_page(found) if path else None
            # With one site a path is enough, and holds at every host.
            host = front.address if front and tops_of(front) else ""
            opened.append(f'<a href="{escape(host + path)}">' if path else "<a>")
        return opened
