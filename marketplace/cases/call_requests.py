"""Cases of people who asked to be called, while they wait."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.accounts.models import User
from marketplace.cases.kinds import CaseKind, Event, Facts, register_case_kind
from marketplace.listings.models import CallRequest
from marketplace.listings.services import draft_of
from marketplace.listings.wizard import find_step


def _rows() -> QuerySet[CallRequest]:
    return CallRequest.objects.select_related("organization", "by")


def _running() -> QuerySet[CallRequest]:
    running: QuerySet[CallRequest] = CallRequest.objects.running()
    return running.select_related("organization", "by")


def _facts(asked: CallRequest) -> Facts:
    listing = asked.listing
    draft = draft_of(listing) if listing is not None else None
    title = (draft.title if draft is not None else "") or str(asked.organization)
    return Facts(
        title=_("Gọi lại: %(title)s") % {"title": title},
        organization_id=asked.organization_id,
        province_code=(draft.province_code if draft is not None else "")
        or asked.organization.province_code,
        field_codes=list(draft.field_codes) if draft is not None else [],
    )


def _events(asked: CallRequest) -> Sequence[Event]:
    step = find_step(asked.kind, asked.step)
    said = [
        f"{asked.phone}, {asked.get_when_display()}" if asked.phone else "",
        _("Ở bước “%(step)s”") % {"step": step.title} if step is not None else "",
        asked.note,
    ]
    return [
        Event(
            at=asked.asked_at,
            title=_("Nhờ cán bộ gọi lại"),
            text="\n".join(filter(None, said)),
            who=str(asked.by),
            url=asked.get_absolute_url(),
        )
    ]


def _people(asked: CallRequest) -> QuerySet[User]:
    return User.objects.filter(pk=asked.by_id, is_active=True)


def register_call_requests() -> None:
    register_case_kind(
        CaseKind(
            code="call",
            label=gettext_lazy("Nhờ gọi lại"),
            rows=_rows,
            running=_running,
            facts_of=_facts,
            events_of=_events,
            people_of=_people,
        )
    )
