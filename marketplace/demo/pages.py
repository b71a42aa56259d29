"""The site's own pages of the demo, in both languages."""

import json
import uuid
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from wagtail.models import Page

from cms.pages.models import (
    SITE_DEPTH,
    ArticlePage,
    ContentPage,
    DossierPage,
    EventPage,
    FaqPage,
    FieldPage,
    HelpPage,
    InstitutePage,
    IssuePage,
    LegalDocumentPage,
    SectionPage,
    SeriesPage,
    SitePage,
    SuccessStoryPage,
    all_pages,
)
from cms.pages.types.dossier import DossierRecord
from cms.pages.types.form import FormPage, FormQuestion
from cms.setup import group_named
from marketplace.accounts.models import Organization, User
from marketplace.core import clock
from marketplace.demo.records import FOLDER
from marketplace.listings.models import LISTING_MODELS

#: Plain texts, and pages of the other kinds, each below one that stands before it in the file.
_FILES: Final = ("pages.json", "site.json")
_KINDS: Final[dict[str, type[SitePage]]] = {
    "content": ContentPage,
    "section": SectionPage,
    "article": ArticlePage,
    "event": EventPage,
    "dossier": DossierPage,
    "story": SuccessStoryPage,
    "institute": InstitutePage,
    "field": FieldPage,
    "legal": LegalDocumentPage,
    "faq": FaqPage,
    "help": HelpPage,
    "series": SeriesPage,
    "issue": IssuePage,
    "form": FormPage,
}
Organizations = dict[str, Organization]


def seed_pages(organizations: Organizations) -> int:
    """After the listings, which some pages show; on the first site."""
    tops: dict[str, SitePage] = {
        page.locale.language_code: page
        for page in ContentPage.objects.filter(depth=SITE_DEPTH)
        .select_related("locale")
        .order_by("-path")
    }
    for name in _FILES:
        for record in json.loads((FOLDER / name).read_text(encoding="utf-8")):
            _publish(record, tops, organizations)
    return all_pages().filter(depth__gt=SITE_DEPTH).count()


@transaction.atomic
def _publish(
    record: dict[str, Any], tops: dict[str, SitePage], organizations: Organizations
) -> None:
    key = uuid.uuid4()
    for language in ("vi", "en"):
        if language not in record:
            continue
        text = record[language]
        # Read again: the tree's own count of a page's children grows with each.
        parent = _parent(record, Page.objects.get(pk=tops[language].pk), tops["vi"].pk)
        if parent is None or parent.get_children().filter(slug=text["slug"]).exists():
            continue
        page = _KINDS[record.get("kind", "content")](
            title=text["title"],
            slug=text["slug"],
            introduction=text["introduction"],
            body=json.dumps([{"type": kind, "value": value} for kind, value in text["body"]]),
            locale=tops[language].locale,
            translation_key=key,
            show_in_menus=record.get("in_menus", "kind" not in record),
        )
        _fill(page, record.get("values", {}) | text.get("values", {}), organizations)
        if isinstance(page, IssuePage):
            _sign_off(page, parent)
            continue
        parent.add_child(instance=page)
        page.save_revision().publish(log_action=False)


def _sign_off(page: IssuePage, parent: Page) -> None:
    """An issue goes through the chain here too: sent in by an officer, signed by an editor and a lead."""
    officer, *signers = (
        User.objects.filter(groups=group_named(key)).order_by("pk")[0]
        for key in ("officers", "editors", "leads")
    )
    page.live = False
    parent.add_child(instance=page)
    page.save_revision(user=officer)
    page.get_workflow().start(page, officer)
    for person in signers:
        state = IssuePage.objects.get(pk=page.pk).current_workflow_task_state
        state.task.specific.on_action(state, person, "approve")


def _parent(record: dict[str, Any], top: Page, vietnamese: int) -> Page | None:
    """The page below which a record stands: named by its Vietnamese address, in the record's language."""
    if "under" not in record:
        return top
    named = Page.objects.get(pk=vietnamese).get_children().get(slug=record["under"])
    found: Page | None = Page.objects.filter(
        translation_key=named.translation_key, locale=top.locale
    ).first()
    return found


def _fill(page: Any, values: dict[str, Any], organizations: Organizations) -> None:
    for name, value in values.items():
        match name:
            case "day":
                page.shown_on = clock.today() + timedelta(days=value)
            case "days":
                day = clock.today() + timedelta(days=value)
                page.starts_at = datetime.combine(day, time(values["hour"]), tzinfo=clock.VIETNAM)
                page.ends_at = page.starts_at + timedelta(hours=values["hours"])
            case "hour" | "hours":
                pass
            case "organization":
                page.organization_address = organizations[value].get_absolute_url()
            case "record":
                page.address = _address_of(value)
            case "choose":
                page.chosen = [
                    DossierRecord(address=_address_of(title), sort_order=place)
                    for place, title in enumerate(value)
                ]
            case "questions":
                page.form_fields = [
                    FormQuestion(
                        field_type=kind, label=label, required=needed, help_text=hint,
                        choices=choices, sort_order=place,
                    )
                    for place, (kind, label, needed, hint, choices) in enumerate(value)
                ]  # fmt: skip
            case "fill":
                page.fill_from_filters()
            case _:
                setattr(page, name, value)


def _address_of(title: str) -> str:
    for model in LISTING_MODELS.values():
        listing = model.objects.filter(title=title).first()
        if listing is not None:
            return str(listing.get_absolute_url())
    raise LookupError(title)
