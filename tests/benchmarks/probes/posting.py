"""Needs written, submitted and approved by the people of the demo, through the product's services."""

import random
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import TaskState

from cms import services as curation
from marketplace.accounts.models import Organization, User
from marketplace.demo import listings as builders
from marketplace.demo.people import PEOPLE
from marketplace.demo.records import records
from marketplace.listings import services
from marketplace.listings.models import Need

POSTER, OFFICER, LEAD = PEOPLE[0], PEOPLE[3], PEOPLE[4]
_FIELDS = (
    "title", "summary", "keywords", "language", "field_codes", "industry_codes", "province_code",
    "need_kinds", "problem", "required", "volume", "site", "partners_sought", "partner_role",
    "required_trl", "budget_min", "budget_max", "deadline",
)  # fmt: skip


def user(person: Any) -> User:
    return User.objects.get(email=person.email)


def sample(seed: str, count: int) -> list[dict[str, Any]]:
    """So many needs by their texts like those of the demo that found matches, retitled."""
    public = Need.objects.public().filter(matches__retired_at=None, matches__isnull=False)
    found = set(public.values_list("title", flat=True))
    models = [record for record in records("needs") if record["title"] in found]
    chosen = random.Random(seed).choices(models, k=count)
    return [
        record | {"title": f"{record['title'][:220]} (đợt {number})"}
        for number, record in enumerate(chosen, 1)
    ]


def write(record: dict[str, Any], *, into: Need | None = None) -> Need:
    """A complete draft, as the form's steps would leave it; `into` one that was begun."""
    poster = user(POSTER)
    organization = Organization.objects.filter(memberships__user=poster).order_by("pk").first()
    draft = into or services.create_draft("need", organization=organization, contact=poster)
    built = builders.build("need", record)
    changes = {name: getattr(built, name) for name in _FIELDS}
    changes["specifications"] = list(built.specifications.all())
    services.save_draft(draft, changes=changes, by=poster)
    return draft


def submit(need: Need) -> None:
    services.submit(need, by=user(POSTER))


def approve_first(need: Need) -> None:
    _approve(need, OFFICER)


def approve_last(need: Need) -> None:
    """What the last approver's button does."""
    _approve(need, LEAD)


def _approve(need: Need, person: Any) -> None:
    waiting = TaskState.objects.get(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__base_content_type=ContentType.objects.get_for_model(Need),
        workflow_state__object_id=str(need.pk),
    )
    curation.approve(waiting, by=user(person))
