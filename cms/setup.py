"""Sets up curation as data: groups of staff, their rights, the workflow, the reasons for a return.

Run as often as wanted: it adds what a new version brings and leaves what staff changed. A right that
was taken from a group is not given back: rights are handed out once, when the group is new to them.
"""

import json
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from cms.models import HandedOut, ReviewTask
from cms.pages.setup import set_up_site
from cms.rights import REGISTRATION_RULES, permission
from marketplace.accounts.models import JoinRequest, Organization, Outreach
from marketplace.listings.models import LISTING_MODELS, ReturnReason
from marketplace.matching.models import JudgingPool, Match, Rematching
from marketplace.notifications.models import Delivery
from marketplace.registration.models import FocalPoint, RuleBook
from marketplace.research.models import Application, Attachment, Person, Programme, Result, Task
from marketplace.sources.models import (
    Conflict,
    Correction,
    LinkPair,
    Merge,
    Run,
    SharingAgreement,
    Source,
)
from marketplace.taxonomy.models import TermPair, UnresolvedCode, Word
from search.models import IndexRun

GROUPS: Final = {"officers": "Cán bộ duyệt", "leads": "Phụ trách duyệt"}
WORKFLOW: Final = "Duyệt tin đăng"

#: Each step: its name, the group that takes it, the file with its quality standard.
STEPS: Final = (
    ("Cán bộ kiểm tra nội dung", "officers", "quality_standard.txt"),
    ("Phụ trách duyệt đăng", "leads", "publishing_standard.txt"),
)
_DATA = Path(__file__).parent / "data"

#: What a group that was set up before `HandedOut` was kept has not got, though it holds other rights on
#: the same rows.
_LATER: Final = frozenset({"change_attachment"})


def _rights() -> dict[str, list[tuple[type[Model], tuple[str, ...]]]]:
    officers: list[tuple[type[Model], tuple[str, ...]]] = [
        *((model, ("view", "change")) for model in LISTING_MODELS.values()),
        (Organization, ("view", "change")),
        (Outreach, ("view", "change")),
        (Delivery, ("view", "resend")),
        (JoinRequest, ("view",)),
        (Run, ("view",)),
        (Source, ("view",)),
        (Conflict, ("view", "change")),
        (Correction, ("view", "add")),
        (LinkPair, ("view", "change")),
        (Merge, ("view", "change")),
        (UnresolvedCode, ("view", "change")),
        (Task, ("view", "add", "change")),
        (Programme, ("view", "add", "change")),
        (Person, ("view", "change")),
        (Attachment, ("view", "change")),
        (Result, ("view", "change")),
        (Application, ("view", "change")),
        (IndexRun, ("view",)),
        (Rematching, ("view",)),
        (FocalPoint, ("view",)),
        (RuleBook, ("view",)),
        (Match, ("view", "change")),
        (JudgingPool, ("view", "change")),
    ]
    leads = [
        *officers,
        # The last approver needs "publish", or the last approval fails with the workflow still open.
        *((model, ("publish", "lock", "unlock")) for model in LISTING_MODELS.values()),
        (Organization, ("verify",)),
        (ReturnReason, ("view", "add", "change")),
        (Source, ("view", "add", "change")),
        (SharingAgreement, ("view", "add", "change")),
        (IndexRun, ("add",)),
        (Rematching, ("change",)),
        (JudgingPool, ("add",)),
        (Word, ("view", "add", "change")),
        (TermPair, ("view", "add", "change")),
        *((model, ("view", "add", "change")) for model in REGISTRATION_RULES),
        (RuleBook, ("view", "change")),
    ]
    return {"officers": officers, "leads": leads}


@transaction.atomic
def set_up_curation() -> None:
    for group, rights in _rights().items():
        _grant(GROUPS[group], rights)
    _reasons()
    _workflow()


def set_up_pages() -> None:
    """After `set_up_curation`, whose groups write the pages."""
    set_up_site({key: group_named(key) for key in GROUPS})


def _grant(name: str, rights: list[tuple[type[Model], tuple[str, ...]]]) -> None:
    group, made = Group.objects.get_or_create(name=name)
    wanted = [permission(model, right) for model, names in rights for right in names]
    wanted.append(Permission.objects.get(codename="access_admin"))
    given = set(HandedOut.objects.filter(group=group).values_list("permission_id", flat=True))
    if not (made or given):
        given = _given_before(group, wanted)
        _hand_out(group, given)
    new = {one.pk for one in wanted} - given
    group.permissions.add(*new)
    _hand_out(group, new)


def _given_before(group: Group, wanted: list[Permission]) -> set[int]:
    """What an older version handed out: rights on rows of which the group holds some right."""
    held = set(group.permissions.values_list("content_type_id", flat=True))
    return {one.pk for one in wanted if one.content_type_id in held and one.codename not in _LATER}


def _hand_out(group: Group, permissions: set[int]) -> None:
    HandedOut.objects.bulk_create(
        (HandedOut(group=group, permission_id=pk) for pk in sorted(permissions)),
        ignore_conflicts=True,
    )


def _reasons() -> None:
    known = set(ReturnReason.objects.values_list("code", flat=True))
    rows = json.loads((_DATA / "return_reasons.json").read_text(encoding="utf-8"))
    ReturnReason.objects.bulk_create(
        ReturnReason(position=position, **row)
        for position, row in enumerate(rows)
        if row["code"] not in known
    )


def _workflow() -> None:
    workflow, made = Workflow.objects.get_or_create(name=WORKFLOW)
    if made:
        for position, (name, group, standard) in enumerate(STEPS):
            task = ReviewTask.objects.create(
                name=name, quality_standard=(_DATA / standard).read_text(encoding="utf-8")
            )
            task.groups.add(Group.objects.get(name=GROUPS[group]))
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=position)
    for model in LISTING_MODELS.values():
        WorkflowContentType.objects.get_or_create(
            content_type=ContentType.objects.get_for_model(model), defaults={"workflow": workflow}
        )


def group_named(key: str) -> Any:
    """The group of staff the set-up made: "officers" or "leads"."""
    return Group.objects.get(name=GROUPS[key])
