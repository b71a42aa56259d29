"""Several submissions at once: approve the clean ones, return with one reason, hand to a colleague.

Each is decided by itself, as on its review page; what came of each is said, and can be taken back.
"""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from cms import services
from cms.desks import DeskMenuItem, DeskView, menu_item
from cms.examination import examine
from cms.models import BulkRun
from cms.notices import review_url
from cms.queue import oldest_for, steps_of
from cms.undoing import undo_decision
from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.listings.completeness import gaps
from marketplace.listings.models import LISTING_MODELS, Listing, ReturnReason, ReviewDecision

#: More are not read with care at one sitting; each is examined for its row.
SHOWN: Final = 20


class BulkForm(forms.Form):
    """One act for all that are ticked."""

    use_required_attribute = False

    action = forms.ChoiceField(
        choices=[("approve", ""), ("return", ""), ("hand_over", "")], widget=forms.HiddenInput
    )
    read = forms.BooleanField(
        label=gettext_lazy("Tôi đã đọc các bài đã chọn, bài nào cũng đạt mọi điều của tiêu chuẩn"),
        required=False,
    )
    reason = forms.ModelChoiceField(
        label=gettext_lazy("Lý do trả lại"),
        queryset=ReturnReason.objects.filter(is_active=True),
        required=False,
        empty_label=gettext_lazy("Chọn một lý do"),
    )
    to = forms.ModelChoiceField(
        label=gettext_lazy("Chuyển cho"),
        queryset=User.objects.filter(is_staff=True, is_active=True).order_by("full_name", "email"),
        required=False,
        empty_label=gettext_lazy("Chọn đồng nghiệp"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        needed = {"approve": "read", "return": "reason", "hand_over": "to"}
        name = needed.get(cleaned.get("action", ""))
        if name and not cleaned.get(name):
            said = {
                "read": _("Đánh dấu khi bạn đã đọc các bài này."),
                "reason": _("Chọn một lý do trả lại."),
                "to": _("Chọn đồng nghiệp sẽ duyệt."),
            }
            self.add_error(name, said[name])
        return cleaned


@transaction.atomic
def decide_many(chosen: list[tuple[Listing, int]], *, by: User, said: dict[str, Any]) -> BulkRun:
    """Decides each by itself; one that fails leaves the others as they are.

    Args:
        chosen: each with the revision that its row showed.
        by: the reviewer.
        said: the cleaned values of `BulkForm`.
    """
    acts: dict[str, Callable[..., tuple[str, int | None]]] = {
        "approve": _approve, "return": _return, "hand_over": _hand_over,
    }  # fmt: skip
    rows = []
    for listing, seen in chosen:
        row = {"kind": listing.KIND, "key": listing.public_id, "title": str(listing)[:200]}
        try:
            with transaction.atomic():
                message, decision = acts[said["action"]](listing, seen, by, said)
            rows.append(row | {"done": True, "message": message, "decision": decision})
        except DomainError as error:
            rows.append(row | {"done": False, "message": str(error.message), "decision": None})
    return BulkRun.objects.create(by=by, at=clock.now(), action=said["action"], rows=rows)


def _approve(listing: Listing, seen: int, by: User, said: dict[str, Any]) -> tuple[str, int | None]:
    state, draft = _waiting(listing, by, "approve"), services.draft_of(listing)
    examination = examine(draft)
    if gaps(draft) or not examination.is_clean:
        raise DomainError(_("Còn mục kiểm tra chưa đạt: mở bài để quyết định."))
    kept = examination.kept(
        edition=state.task.specific.current_edition().number, points=[], grounds=""
    )
    made = services.approve(state, by=by, seen=seen, examined=kept)
    return str(made.get_decision_display()), made.pk


def _return(listing: Listing, seen: int, by: User, said: dict[str, Any]) -> tuple[str, int | None]:
    state, reason = _waiting(listing, by, "reject"), said["reason"]
    text = services.prepared_text([reason], services.poster_language(state, listing))
    made = services.return_for_changes(state, by=by, reasons=[reason], text=text, seen=seen)
    return str(made.get_decision_display()), made.pk


def _hand_over(
    listing: Listing, seen: int, by: User, said: dict[str, Any]
) -> tuple[str, int | None]:
    _waiting(listing, by, "reject")
    services.hand_over(listing, to=said["to"], by=by)
    return _("Đã chuyển cho %(name)s") % {"name": said["to"]}, None


def _waiting(listing: Listing, by: User, act: str) -> Any:
    """The step that waits, if the person may take this act on it."""
    state = listing.current_workflow_task_state
    lock = listing.get_lock()
    if state is None:
        raise DomainError(_("Bài này không còn chờ duyệt."))
    if listing.locked and lock is not None and lock.for_user(by):
        raise DomainError(_("Đồng nghiệp đang giữ bài này."))
    if act not in {name for name, _label, _modal in state.task.specific.get_actions(listing, by)}:
        raise DomainError(_("Bạn không duyệt được bước đang chờ của bài này."))
    return state


@transaction.atomic
def undo_run(run: BulkRun, *, by: User) -> BulkRun:
    """Takes back each decision of a run that can be; says of each what came of it. Once."""
    row = BulkRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if row.by_id != by.pk:
        raise DomainError(_("Chỉ người đã quyết định hoàn tác được."))
    if row.undone_at is not None:
        raise DomainError(_("Lần này đã được hoàn tác."))
    said = []
    for one in row.rows:
        said.append(one | {"undone": _undone(one, by)} if one["done"] else one)
    row.rows, row.undone_at = said, clock.now()
    row.save(update_fields=["rows", "undone_at"])
    return row


def _undone(one: dict[str, Any], by: User) -> str:
    try:
        with transaction.atomic():
            if one["decision"] is not None:
                undo_decision(ReviewDecision.objects.get(pk=one["decision"]), by=by)
            else:
                listing = LISTING_MODELS[one["kind"]].objects.get(public_id=one["key"])
                services.take_back_hand_over(listing, by=by)
    except DomainError as error:
        return str(error.message)
    return _("Đã hoàn tác")


@method_decorator(idempotent, name="post")
class BulkReviewView(DeskView):
    of = ReviewDecision
    template_name = "cms/bulk.html"
    page_title = gettext_lazy("Duyệt nhiều bài")
    header_icon = "tasks"

    def may(self, user: Any, right: str) -> bool:
        """Whoever takes a step; each submission is held against the person's rights again."""
        return bool(user.is_active and user.is_staff and steps_of(user).exists())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        asked = self.request.GET.get("lan", "")
        run = BulkRun.objects.filter(public_id=asked, by=user).first() if asked else None
        return super().get_context_data(**kwargs) | {
            "form": kwargs.get("form") or BulkForm(),
            "ticked": self.request.POST.getlist("item"),
            "rows": [_shown(one) for one in oldest_for(user, SHOWN)] if run is None else [],
            "run": run,
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if (undone := request.POST.get("undo", "")) != "":
            run = get_object_or_404(BulkRun, public_id=undone, by=request.user)
            try:
                undo_run(run, by=request.user)
            except DomainError as error:
                messages.error(request, error.message)
            return redirect(_page_of(run))
        form, chosen = BulkForm(request.POST), self.chosen()
        if not chosen:
            messages.warning(request, _("Chọn ít nhất một bài."))
        if not (chosen and form.is_valid()):
            return self.render_to_response(self.get_context_data(form=form))
        return redirect(_page_of(decide_many(chosen, by=request.user, said=form.cleaned_data)))

    def chosen(self) -> list[tuple[Listing, int]]:
        """The ticked ones among those that wait for this person, with the revision of the row."""
        waiting = {
            f"{one.listing.KIND}:{one.listing.public_id}": one.listing
            for one in oldest_for(self.request.user, SHOWN * 5)
        }
        found = []
        for item in self.request.POST.getlist("item")[: SHOWN * 5]:
            name, _colon, seen = item.rpartition(":")
            if name in waiting and seen.isdecimal() and len(seen) < 19:
                found.append((waiting[name], int(seen)))
        return found


def _page_of(run: BulkRun) -> str:
    return f"{reverse('bulk_review')}?lan={run.public_id}"


def _shown(waiting: Any) -> dict[str, Any]:
    draft = services.draft_of(waiting.listing)
    examination = examine(draft)
    listing = waiting.listing
    return {
        "waiting": waiting,
        "title": draft.title or str(listing),
        "item": f"{listing.KIND}:{listing.public_id}:{listing.latest_revision_id}",
        "url": review_url(listing),
        "open": [*[gap.message for gap in gaps(draft)], *[one.title for one in examination.open]],
    }


def bulk_urls() -> list[URLPattern]:
    return [path("duyet-nhieu/", BulkReviewView.as_view(), name="bulk_review")]


def bulk_menu_item() -> DeskMenuItem:
    return menu_item(BulkReviewView, gettext_lazy("Duyệt nhiều bài"), "bulk_review", order=105)
