"""The site's own pages of the demo, in both languages."""

import json
import uuid
from typing import Any, Final

from django.db import transaction
from wagtail.models import Page

from cms.pages.models import SITE_DEPTH, ContentPage
from marketplace.demo.records import FOLDER

_FILE: Final = "pages.json"


def seed_pages() -> int:
    tops = {
        page.locale.language_code: page
        for page in ContentPage.objects.filter(depth=SITE_DEPTH).select_related("locale")
    }
    for record in json.loads((FOLDER / _FILE).read_text(encoding="utf-8")):
        _publish(record, tops)
    return ContentPage.objects.filter(depth=SITE_DEPTH + 1).count()


@transaction.atomic
def _publish(record: dict[str, dict[str, Any]], tops: dict[str, ContentPage]) -> None:
    key = uuid.uuid4()
    for language, text in record.items():
        top = tops[language]
        if top.get_children().filter(slug=text["slug"]).exists():
            continue
        page = ContentPage(
            title=text["title"],
            slug=text["slug"],
            introduction=text["introduction"],
            body=json.dumps([{"type": kind, "value": value} for kind, value in text["body"]]),
            locale=top.locale,
            translation_key=key,
            show_in_menus=True,
        )
        # Read again: the tree's own count of a page's children grows with each.
        Page.objects.get(pk=top.pk).add_child(instance=page)
        page.save_revision().publish(log_action=False)
