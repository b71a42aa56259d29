"""Needs written, submitted and approved by the people of the demo, through the product's services."""

import random
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import TaskState

from cms import services as curation
from marketplace.accounts.models import Organization, User
from marketplace.demo import listings as builders
from marketplace.demo.people import PEOPLE
from marketplace.demo.records import FOLDER, records
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


def answered_needs() -> list[dict[str, Any]]:
    """Demo needs for which a result of the demo is judged a full answer."""
    answered = set()
    for path in sorted(FOLDER.glob("*/judgements.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            need, _, grade = line.split("\t")[:3]
            if grade == "3":
                answered.add(need)
    return [record for record in records("needs") if record["id"] in answered]


def sample(seed: str, count: int) -> list[dict[str, Any]]:
    """So many needs, by their texts like those of the demo, with a title of their own."""
    chosen = random.Random(seed).choices(answered_needs(), k=count)
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
