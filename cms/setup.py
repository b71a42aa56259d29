"""Sets up curation as data: groups of staff, their rights, the workflow, the reasons for a return.

Run as often as wanted: it adds what is missing and leaves what staff changed.
"""

import json
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from cms.models import ReviewTask
from marketplace.listings.models import LISTING_MODELS, ReturnReason

GROUPS: Final = {"officers": "Cán bộ duyệt", "leads": "Phụ trách duyệt"}
WORKFLOW: Final = "Duyệt tin đăng"
_DATA = Path(__file__).parent / "data"


@transaction.atomic
def set_up_curation() -> None:
    for group, rights in (("officers", ("view", "change")), ("leads", ("view", "change", "publish"))):
        _grant(GROUPS[group], rights)
    _reasons()
    _workflow()


def _grant(name: str, rights: tuple[str, ...]) -> None:
    group, _made = Group.objects.get_or_create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    # The last approver needs "publish", or the last approval fails with the workflow still open.
    for model in LISTING_MODELS.values():
        for right in (*rights, "lock") if "publish" in rights else rights:
            group.permissions.add(_permission(model, right))
    from marketplace.accounts.models import Organization, Outreach  # noqa: PLC0415
    from marketplace.notifications.models import Delivery  # noqa: PLC0415

    for model in (Organization, Outreach):
        for right in ("view", "change"):
            group.permissions.add(_permission(model, right))
    group.permissions.add(_permission(Delivery, "view"))


def _permission(model: type[Any], right: str) -> Permission:
    content_type = ContentType.objects.get_for_model(model)
    codename = f"{right}_{model._meta.model_name}"
    permission, _made = Permission.objects.get_or_create(
        content_type=content_type,
        codename=codename,
        defaults={"name": f"Can {right} {model._meta.verbose_name_raw}"},
    )
    return permission


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
        steps = (
            ("Cán bộ kiểm tra nội dung", "officers", "quality_standard.txt"),
            ("Phụ trách duyệt đăng", "leads", ""),
        )
        for position, (name, group, standard) in enumerate(steps):
            text = (_DATA / standard).read_text(encoding="utf-8") if standard else ""
            task = ReviewTask.objects.create(name=name, quality_standard=text)
            task.groups.add(Group.objects.get(name=GROUPS[group]))
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=position)
    for model in LISTING_MODELS.values():
        WorkflowContentType.objects.get_or_create(
            content_type=ContentType.objects.get_for_model(model), defaults={"workflow": workflow}
        )
