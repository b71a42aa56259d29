"""One case: what is known, what comes next, and everything that happened in one line of time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.cases.forms import CloseForm, HandOverForm, IntroductionForm, NoteForm, PlanForm
from cms.many_forms import ManyForms
from cms.notices import review_url
from cms.rights import has_right
from marketplace.accounts.models import User
from marketplace.cases import services
from marketplace.cases.kinds import case_kind
from marketplace.cases.models import Case, CaseEntry, EntryKind
from marketplace.cases.needs import matches_of
from marketplace.cases.outcomes import outcome_label
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.taxonomy.labels import label

_SHOWN_MATCHES: Final = 10


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline."""

    at: datetime
    title: str
    text: str
    who: str
    is_contact: bool = False


@method_decorator(idempotent, name="post")
class CaseView(PermissionCheckedMixin, WagtailAdminTemplateMixin, ManyForms):
    model = Case
    template_name = "cms/cases/case.html"
    header_icon = "folder-open-inverse"
    any_permission_required: ClassVar[set[str]] = {"view", "change"}
    kwargs: dict[str, Any]
    pk: Any = None

    @cached_property
    def case(self) -> Case:
        right = "change" if self.request.method == "POST" else "view"
        rows = Case.objects.curated_by(self.request.user, right)
        found: Case = get_object_or_404(
            rows.select_related("organization", "officer"), pk=self.kwargs["pk"]
        )
        return found

    @property
    def may_change(self) -> bool:
        return has_right(self.request.user, "change", Case)

    def forms_with(self, posted: Any = None, action: str = "") -> dict[str, Any]:
        def data(name: str) -> Any:
            return posted if action == name else None

        planned = {"action": self.case.next_action, "on": self.case.next_action_on}
        return {
            "note": NoteForm(data("note"), prefix="note", case=self.case),
            "plan": PlanForm(data("plan"), prefix="plan", initial=planned),
            "introduce": IntroductionForm(data("introduce"), prefix="introduce", case=self.case),
            "hand_over": HandOverForm(data("hand_over"), prefix="hand_over"),
            "close": CloseForm(data("close"), prefix="close"),
        }

    def act(self, action: str, cleaned: dict[str, Any]) -> str:
        case, by = self.case, self.request.user
        if action == "note":
            services.add_note(case, by=by, **cleaned)
            return _("Đã ghi vào nhật ký.")
        if action == "plan":
            services.plan_next(case, by=by, **cleaned)
            return _("Đã ghi việc tiếp theo.")
        if action == "introduce":
            services.note_introduction(case, by=by, **cleaned)
            return _("Đã ghi lần giới thiệu.")
        if action == "hand_over":
            services.hand_over([case], by=by, **cleaned)
            return _("Đã giao hồ sơ cho %(name)s.") % {"name": cleaned["to"]}
        if action == "take":
            services.hand_over([case], by=by, to=by)
            return _("Bạn phụ trách hồ sơ này.")
        if action == "close":
            services.close_case(case, by=by, **cleaned)
            return _("Đã đóng hồ sơ.")
        if action == "reopen":
            services.reopen_case(case, by=by)
            return _("Đã mở lại hồ sơ.")
        raise DomainError(_("Không hiểu yêu cầu này."))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        case = self.case
        context.setdefault("forms", self.forms_with())
        row = case.row
        return context | {
            "case": case,
            "row": row,
            "kind": case_kind(case.kind).label,
            "review_url": review_url(row) if row is not None and case.kind == "need" else "",
            "province": label("provinces", case.province_code) if case.province_code else "",
            "fields": [label("st-fields", code) for code in case.field_codes],
            "outcome": outcome_label(case.outcome),
            "may_change": self.may_change,
            "is_mine": case.officer_id == self.request.user.pk,
            "people": list(case_kind(case.kind).people_of(row)[:10]) if row is not None else [],
            "matches": list(matches_of(case)[:_SHOWN_MATCHES]),
            "timeline": timeline(case),
        }

    def get_page_title(self) -> str:
        return _("Hồ sơ theo dõi")

    def get_page_subtitle(self) -> str:
        return self.case.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("cases:index"), "label": _("Hồ sơ theo dõi")},
            {"url": "", "label": self.get_page_subtitle()},
        ]


def timeline(case: Case) -> list[Moment]:
    """Notes and acts of the case with what happened to its row, the newest first."""
    entries = list(case.entries.select_related("by", "spoke_with", "hand_over"))
    named = {key for e in entries for key in (e.facts.get("to"), e.facts.get("before")) if key}
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=named)}
    moments = [_moment(entry, people) for entry in entries]
    row = case.row
    if row is not None:
        events = case_kind(case.kind).events_of(row)
        moments += [Moment(one.at, one.title, one.text, one.who) for one in events]
    return sorted(moments, key=lambda one: one.at, reverse=True)


def _moment(entry: CaseEntry, people: dict[int, str]) -> Moment:
    title, facts = str(entry.get_kind_display()), entry.facts
    said = [entry.text]
    if entry.kind == EntryKind.INTRODUCTION:
        title = f"{title}: {facts.get('title', '')}"
    elif entry.kind in (EntryKind.ASSIGNED, EntryKind.HANDED_OVER):
        to = people.get(facts.get("to") or 0, _("chưa giao ai"))
        before = people.get(facts.get("before") or 0, "")
        title = _("Hoàn tác bàn giao") if facts.get("undone") else title
        said.insert(0, f"{before} → {to}" if before else to)
    elif entry.kind == EntryKind.CLOSED:
        said.insert(
            0, outcome_label(facts["outcome"]) if "outcome" in facts else _("Cùng với nhu cầu")
        )
    if entry.spoke_with is not None:
        title = f"{title}: {entry.spoke_with}"
    if entry.forgotten_at is not None:
        said.append(_("Nội dung đã được xóa theo thời hạn lưu."))
    return Moment(
        at=entry.at,
        title=title,
        text="\n".join(one for one in said if one),
        who=str(entry.by or ""),
        is_contact=entry.kind in ("call", "visit", "note", "introduction"),
    )
