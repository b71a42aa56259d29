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
from django.utils.translation import gettext, override
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from cms.groups import ADDED_LATER, GROUPS, NARROWED, Rights, group_rights, permissions_of
from cms.models import HandedOut, ReviewTask
from cms.pages.setup import PAGE_RIGHTS, set_up_site
from cms.publications.sign_off import STEPS as SIGN_OFF_STEPS
from cms.publications.sign_off import put_away_empty_chains, set_up_sign_off
from marketplace.accounts.models import NarrowedGroup
from marketplace.listings.models import LISTING_MODELS, ReturnReason

WORKFLOW: Final = "Duyệt tin đăng"

#: Each step: its name, the group that takes it, the file with its quality standard.
STEPS: Final = (
    ("Cán bộ kiểm tra nội dung", "officers", "quality_standard.txt"),
    ("Phụ trách duyệt đăng", "leads", "publishing_standard.txt"),
)
#: The verbs of rights on rows.
RIGHTS: Final = {
    "view": "Xem", "add": "Thêm", "change": "Sửa", "delete": "Xóa", "publish": "Đăng",
    "lock": "Giữ", "unlock": "Thôi giữ", "verify": "Xác minh", "resend": "Gửi lại", "choose": "Chọn",
}  # fmt: skip
_DATA = Path(__file__).parent / "data"


@transaction.atomic
@override("vi")
def set_up_curation() -> None:
    for key in NARROWED:
        # Before any right: a group is never open for a moment.
        group, _made = Group.objects.get_or_create(name=GROUPS[key])
        NarrowedGroup.objects.get_or_create(group=group)
    for key, rights in group_rights().items():
        _grant(GROUPS[key], rights)
    _name_rights()
    _reasons()
    _workflow()


def set_up_pages() -> None:
    """After `set_up_curation`, whose groups write the pages."""
    editors = group_named("editors")
    rights = Permission.objects.filter(codename__in=("add_page", "change_page", "publish_page"))
    put_away_empty_chains()
    set_up_sign_off({key: group_named(key) for _name, key in SIGN_OFF_STEPS})
    # An exchange that had its pages before it had editors hands them out once, as rights on rows.
    known = HandedOut.objects.filter(group=editors, permission__in=rights).exists()
    set_up_site(
        {key: group_named(key) for key in PAGE_RIGHTS}, joining=set() if known else {"editors"}
    )
    _hand_out(editors, set(rights.values_list("pk", flat=True)))


def _grant(name: str, rights: Rights) -> None:
    group, made = Group.objects.get_or_create(name=name)
    wanted = permissions_of(rights)
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
    return {
        one.pk for one in wanted if one.content_type_id in held and one.codename not in ADDED_LATER
    }


def _hand_out(group: Group, permissions: set[int]) -> None:
    HandedOut.objects.bulk_create(
        (HandedOut(group=group, permission_id=pk) for pk in sorted(permissions)),
        ignore_conflicts=True,
    )


def _name_rights() -> None:
    """Django keeps the names of rights as rows, in English: staff who give rights read them."""
    named = []
    for right in Permission.objects.filter(name__regex=r"^[\x20-\x7e]*$|^Can ").select_related(
        "content_type"
    ):
        verb, _, of = right.codename.partition("_")
        model = right.content_type.model_class()
        if model and verb in RIGHTS and of == model._meta.model_name:
            right.name = f"{RIGHTS[verb]} {model._meta.verbose_name}"
        else:
            right.name = gettext(right.name)
        named.append(right)
    Permission.objects.bulk_update(named, ["name"])


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
    """The group of staff that the set-up made, by its key in `cms.groups.GROUPS`."""
    return Group.objects.get(name=GROUPS[key])
