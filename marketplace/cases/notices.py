"""What officers are told: a case is theirs, a colleague passed cases on."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from marketplace.cases.models import Case, HandOver
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.services import notify

ASSIGNED = "case.assigned"
HANDED_OVER = "case.handed_over"
TAKEN_BACK = "case.taken_back"
_NAMED = 5


def register_notices() -> None:
    register_kind(NoticeKind(ASSIGNED, _("Bạn được giao một hồ sơ"), "case_assigned", desk=True))
    register_kind(
        NoticeKind(HANDED_OVER, _("Bàn giao hồ sơ"), "case_handed_over", transactional=True)
    )
    register_kind(
        NoticeKind(TAKEN_BACK, _("Bàn giao được hoàn tác"), "case_taken_back", transactional=True)
    )


def case_url(case: Case) -> str:
    """Its page at the desk, where there is one."""
    return _address("cases:edit", case.pk)


def desk_url() -> str:
    return _address("cases:index")


def _address(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:  # an installation without the admin
        return ""


def tell_assigned(case: Case) -> None:
    assert case.officer is not None
    notify(
        kind=ASSIGNED,
        recipient=case.officer,
        dedupe_key=f"{ASSIGNED}:{case.public_id}:{case.opened_at:%Y%m%d%H%M%S}",
        context={"title": case.title, "organization": str(case.organization or "")},
        url=case_url(case),
    )


def tell_handed_over(made: HandOver) -> None:
    """Who gets the cases and who had them, each once, and nobody of what they did themselves."""
    for person, titles in _concerned(made):
        notify(
            kind=HANDED_OVER,
            recipient=person,
            dedupe_key=f"{HANDED_OVER}:{made.pk}",
            context={
                "to_you": person == made.to,
                "to": str(made.to),
                "by": str(made.by),
                "note": made.note,
                "count": len(titles),
                "titles": titles[:_NAMED],
                "more": max(len(titles) - _NAMED, 0),
            },
            url=desk_url(),
        )


def tell_taken_back(made: HandOver) -> None:
    for person, titles in _concerned(made):
        notify(
            kind=TAKEN_BACK,
            recipient=person,
            dedupe_key=f"{TAKEN_BACK}:{made.pk}",
            context={
                "to": str(made.to),
                "count": len(titles),
                "titles": titles[:_NAMED],
                "more": max(len(titles) - _NAMED, 0),
            },
            url=desk_url(),
        )


def _concerned(made: HandOver) -> list[tuple[Any, list[str]]]:
    lines = list(made.lines.select_related("case", "before").order_by("case_id"))
    by_person: dict[Any, list[str]] = {made.to: [line.case.title for line in lines]}
    for line in lines:
        if line.before is not None and line.before != made.to:
            by_person.setdefault(line.before, []).append(line.case.title)
    return [(person, titles) for person, titles in by_person.items() if person != made.by]
