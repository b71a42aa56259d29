"""The screens of the admin that our roles meet hold no English text of Wagtail's.

A text is Wagtail's where its catalogue has it. Names and words that are the same in both languages are
told apart by our own catalogue: it says so with a translation that equals the text.
"""

import re
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from tests.cms.acts import review_address

pytestmark = pytest.mark.django_db
WAGTAIL = Path(find_spec("wagtail").origin).parent
OURS = Path(find_spec("cms").origin).parent / "locale/vi/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
#: Names, and texts that a Vietnamese admin says too.
NAMES = {
    "Wagtail",
    "ID",
    "URL",
    "CSV",
    "XLSX",
    "Email",
    "email",
    "Slug",
    "slug",
    "ICO",
    "HTTP",
    "API",
}
#: Screens without a row in their address.
SCREENS = (
    "wagtailadmin_home", "wagtailadmin_explore_root", "wagtailimages:index", "wagtailimages:add",
    "wagtaildocs:index", "wagtaildocs:add", "wagtailadmin_account", 
    "wagtailadmin_reports:locked_pages", "wagtailadmin_reports:workflow",
    "wagtailadmin_reports:site_history", "wagtailadmin_reports:aging_pages",
    "wagtailadmin_reports:page_types_usage", "wagtailadmin_workflows:index",
    "wagtailadmin_workflows:task_index", "wagtailusers_groups:index", "wagtailusers_groups:add",
    "wagtailsites:index", "wagtailusers_users:index", 
    "wagtailadmin_pages:search", "wagtailadmin_collections:index", "review_report", "bulk_review",
    "reader_reports", "disputes", "upkeep", "search_index", "match_desk", "waiting_matches",
    "organizations:index", "staff_posts:index", "outreach:index", "cases:index",
)  # fmt: skip


class _Texts(HTMLParser):
    """Text nodes, and what is said of buttons and fields in place of one."""

    def __init__(self):
        super().__init__()
        self.found, self.silent = set(), 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style", "template")
        said = dict(attrs)
        self.found |= {
            said.get(name) or "" for name in ("aria-label", "title", "placeholder", "alt")
        }

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style", "template")

    def handle_data(self, data):
        if not self.silent:
            self.found.add(" ".join(data.split()))


def texts_of(page: str) -> set[str]:
    parser = _Texts()
    parser.feed(page)
    return {text for text in parser.found if re.search("[A-Za-z]{2}", text)}


def english_of_wagtail() -> tuple[set[str], list[re.Pattern[str]]]:
    """Its texts that stand on pages as they are, and those with something filled in."""
    ids = set()
    for path in WAGTAIL.glob("**/locale/en/LC_MESSAGES/django.po"):
        with path.open("rb") as source:
            for message in read_po(source):
                ids |= set([message.id] if isinstance(message.id, str) else message.id)
    whole = {" ".join(one.split()) for one in ids if one} - NAMES
    filled = {one for one in whole if PLACEHOLDER.search(one)}
    patterns = [
        re.compile(".+?".join(map(re.escape, PLACEHOLDER.split(one))))
        for one in filled
        if len(PLACEHOLDER.sub("", one).split()) > 1
    ]
    return whole - filled, patterns


def addresses(listing) -> list[str]:
    found = []
    for name in SCREENS:
        found.append(reverse(name))
    root = Page.objects.filter(depth=2).order_by("pk").first()
    image = Image.objects.create(title="Ảnh", file=get_test_image_file())
    document = Document.objects.create(title="Tệp", file=get_test_image_file())
    for name in ("edit", "history", "usage", "delete", "move", "copy", "workflow_history"):
        found.append(reverse(f"wagtailadmin_pages:{name}", args=[root.pk]))
    found += [
        reverse("wagtailadmin_explore", args=[root.pk]),
        reverse("wagtailimages:edit", args=[image.pk]),
        reverse("wagtailimages:delete", args=[image.pk]),
        reverse("wagtailimages:image_usage", args=[image.pk]),
        reverse("wagtaildocs:edit", args=[document.pk]),
        reverse("wagtaildocs:delete", args=[document.pk]),
        review_address(listing),
        reverse("wagtailsnippets_listings_need:list"),
        reverse("wagtailsnippets_listings_need:history", args=[listing.pk]),
        reverse("wagtailsnippets_listings_need:usage", args=[listing.pk]),
    ]
    return found


def test_screens_of_the_admin_hold_no_english(submission, administrator):
    from cms.setup import set_up_pages

    set_up_pages()
    client = Client()
    client.force_login(administrator)
    whole, patterns = english_of_wagtail()
    left, seen = {}, 0

    for address in addresses(submission):
        answer = client.get(address)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        seen += 1
        for text in texts_of(answer.content.decode()):
            if text in whole or any(pattern.fullmatch(text) for pattern in patterns):
                left.setdefault(text, address)

    assert seen > 40
    assert left == {}
