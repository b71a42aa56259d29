"""Pages below the root that `set_up_pages` makes."""

import json
from itertools import count

from wagtail.models import Page

from cms.pages.models import SITE_DEPTH, ContentPage

_number = count(1)


def top(language: str = "vi") -> ContentPage:
    return ContentPage.objects.get(depth=SITE_DEPTH, locale__language_code=language)


def make_page(
    title: str, *, text: str = "", under=None, live: bool = True, kind=ContentPage, **values
):
    parent = under or top(values.pop("language", "vi"))
    page = kind(
        title=title,
        slug=values.pop("slug", f"trang-{next(_number)}"),
        locale=parent.locale,
        live=live,
        body=values.pop("body", None)
        or json.dumps([{"type": "paragraph", "value": f"<p>{text}</p>"}] if text else []),
        **values,
    )
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    page.refresh_from_db()
    return page
