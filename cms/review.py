"""The review page: the whole submission, what changed, and the decision, on one page."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.locks import BasicLock
from wagtail.models import Revision, TaskState

from cms import services
from cms.examination import Examination, examine
from cms.forms import ApproveForm, HandOverForm, RefuseForm, ReturnForm, TakeDownForm
from cms.rights import has_right, may_take_down
from cms.sheet import changes_in, sheet_of
from marketplace.accounts.models import User
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.listings.completeness import gaps
from marketplace.listings.models import (
    LISTING_MODELS,
    Listing,
    Need,
    OwnReviewStep,
    ReturnReason,
    ReviewDecision,
    ReviewStep,
)
from marketplace.listings.upkeep import dead_links, rights_of
from marketplace.matching.expecting import expected_matches
from marketplace.matching.models import Match
from search.engines.base import SearchUnavailable

_ON_WHAT_WAITS = frozenset({"approve", "reject", "refuse", "hold", "hand_over"})
_SHOWN_LISTINGS = 8
_SHOWN_REVISIONS = 10


class _ListingView(PermissionCheckedMixin):
    """A page about one listing, for staff who may see listings of its kind."""

    model: ClassVar[Any] = None
    any_permission_required: ClassVar[set[str]] = {"view", "change"}
    kwargs: dict[str, Any]

    @cached_property
    def listing(self) -> Listing:
        rows = self.model.objects.select_related(
            "organization", "contact", "latest_revision__user", "locked_by"
        )
        found: Listing = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found

    @cached_property
    def draft(self) -> Listing:
        return services.draft_of(self.listing)


@method_decorator(idempotent, name="post")
class ReviewView(_ListingView, WagtailAdminTemplateMixin, TemplateView):
    template_name = "cms/review.html"
    header_icon = "view"

    # --- what waits -----------------------------------------------------------------------------

    @cached_property
    def task_state(self) -> TaskState | None:
        state: TaskState | None = self.listing.current_workflow_task_state
        return state

    @cached_property
    def held_by_other(self) -> bool:
        """A colleague has taken the submission on; two would decide about it."""
        lock = self.listing.get_lock()
        return isinstance(lock, BasicLock) and bool(lock.for_user(self.request.user))

    @cached_property
    def decisions(self) -> set[str]:
        """What this person may decide now."""
        allowed: set[str] = set()
        if self.task_state is not None and not self.held_by_other:
            task = self.task_state.task.specific
            allowed |= {
                name for name, _label, _modal in task.get_actions(self.listing, self.request.user)
            }
            if allowed:
                allowed |= {"release" if self.listing.locked else "hold", "hand_over"}
        if self.held_by_other and has_right(self.request.user, "unlock", self.model):
            allowed.add("release")
        if self.listing.live and may_take_down(self.request.user, self.listing):
            allowed.add("take_down")
        return allowed

    # --- the forms ------------------------------------------------------------------------------

    def form_for(self, decision: str, data: Any = None) -> Any:
        if decision == "take_down":
            return TakeDownForm(data, prefix=decision)
        if decision in ("hold", "release"):
            return Form(data, prefix=decision)
        if decision == "hand_over":
            return HandOverForm(data, prefix=decision, people=self.colleagues)
        initial = {"seen": self.listing.latest_revision_id}
        if decision == "approve":
            return ApproveForm(
                data,
                prefix=decision,
                initial=initial,
                checks=self.task_state.task.specific.checks if self.task_state else (),
                is_clean=self.examination.is_clean,
            )
        if decision == "reject":
            return ReturnForm(data, prefix=decision, initial=initial, language=self.poster_language)
        return RefuseForm(data, prefix=decision, initial=initial)

    @cached_property
    def examination(self) -> Examination:
        return examine(self.draft)

    @cached_property
    def colleagues(self) -> list[User]:
        assert self.task_state is not None
        return services.colleagues_for(self.task_state, self.listing, by=self.request.user)

    @cached_property
    def poster_language(self) -> str:
        if self.task_state is None:
            return self.listing.language
        return services.poster_language(self.task_state, self.listing)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        decision = request.POST.get("decision", "")
        if decision not in self.decisions:
            if self.task_state is None and decision in _ON_WHAT_WAITS:
                messages.error(request, _("Bài này không còn chờ duyệt."))
                return redirect(request.path)
            raise PermissionDenied
        form = self.form_for(decision, request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(bound={decision: form}))
        if "prepare" in request.POST:
            data = request.POST.copy()
            data[form.add_prefix("text")] = services.prepared_text(
                form.cleaned_data["reasons"], self.poster_language
            )
            again = self.form_for(decision, data)
            return self.render_to_response(self.get_context_data(bound={decision: again}))
        try:
            told = self.decide(decision, form.cleaned_data)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect(request.path)
        messages.success(request, told)
        return redirect(request.path if decision in ("hold", "release") else "wagtailadmin_home")

    def decide(self, decision: str, cleaned: dict[str, Any]) -> str:
        by, names = self.request.user, {"title": self.draft.title or str(self.listing)}
        if decision == "take_down":
            services.take_down(self.listing, by=by, reason=cleaned["text"])
            return _("Đã gỡ “%(title)s” khỏi trang công khai.") % names
        if decision in ("hold", "release", "hand_over"):
            return self.pass_on(decision, cleaned)
        state, seen = self.task_state, cleaned["seen"]
        assert state is not None
        if decision == "approve":
            examined = self.examination.kept(
                edition=state.task.specific.current_edition().number,
                points=cleaned.get("points") or [],
                grounds=cleaned.get("grounds") or "",
            )
            made = services.approve(
                state, by=by, note=cleaned["text"], seen=seen, examined=examined
            )
            if made.decision == ReviewDecision.Decision.PUBLISHED:
                return _("Đã duyệt và đăng “%(title)s”.") % names
            return _("Đã duyệt “%(title)s”; bài chuyển sang bước sau.") % names
        if decision == "reject":
            services.return_for_changes(
                state, by=by, reasons=list(cleaned["reasons"]), text=cleaned["text"], seen=seen
            )
            return _("Đã trả lại “%(title)s” để chỉnh sửa.") % names
        services.refuse(state, by=by, text=cleaned["text"], seen=seen)
        return _("Đã từ chối “%(title)s”.") % names

    def pass_on(self, act: str, cleaned: dict[str, Any]) -> str:
        by, listing = self.request.user, self.listing
        if act == "hold":
            services.hold(listing, by=by)
            return _("Bạn đang giữ bài này; đồng nghiệp đọc được nhưng không quyết định.")
        if act == "release":
            services.release(listing, by=by)
            return _("Bài này lại chờ cả nhóm.")
        services.hand_over(listing, to=cleaned["to"], by=by, note=cleaned["note"])
        return _("Đã chuyển bài cho %(name)s.") % {"name": cleaned["to"]}

    # --- the page -------------------------------------------------------------------------------

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bound = kwargs.pop("bound", {})
        context = super().get_context_data(**kwargs)
        listing, state = self.listing, self.task_state
        before = listing if listing.first_published_at and listing.has_unpublished_changes else None
        sections = sheet_of(self.draft, before)
        forms = {name: bound.get(name) or self.form_for(name) for name in sorted(self.decisions)}
        task = state.task.specific if state is not None else None
        return context | {
            "listing": listing,
            "draft": self.draft,
            "status": listing.status,
            "sections": sections,
            "compared": before is not None,
            "changes": changes_in(sections),
            "state": state,
            "task": task,
            "gaps": gaps(self.draft) if state is not None else [],
            "examination": self.examination if state is not None else None,
            "edition": task.current_edition() if "approve" in forms and task else None,
            "can_see_matches": has_right(self.request.user, "view", Match),
            "forms": forms,
            "opened": next(iter(bound), ""),
            "held_by_other": self.held_by_other,
            "needs_another": task is not None and task.needs_another(state, self.request.user),
            "history": self.history(),
            "steps": self.steps(),
            "own_steps": self.own_steps(),
            "dead_links": dead_links(listing),
            "flagged_rights": rights_of(listing),
            "siblings": self.siblings(),
            "revisions": self.revisions(),
            "poster": listing.latest_revision.user if listing.latest_revision else None,
            "poster_language": self.poster_language,
            "urls": self.addresses(),
        }

    def history(self) -> list[ReviewDecision]:
        rows = list(
            ReviewDecision.objects.filter(
                kind=self.listing.KIND, key=self.listing.public_id
            ).select_related("by")
        )
        english = (get_language() or "vi").startswith("en")
        known = {
            reason.code: (reason.label_en if english else "") or reason.label_vi
            for reason in ReturnReason.objects.filter(
                code__in={code for row in rows for code in row.reason_codes}
            )
        }
        for row in rows:
            row.reason_names = [known.get(code, code) for code in row.reason_codes]
        return rows

    def steps(self) -> list[ReviewStep]:
        """Who held it and who was handed it, for staff."""
        rows = ReviewStep.objects.filter(kind=self.listing.KIND, key=self.listing.public_id)
        return list(rows.select_related("by", "to")[:_SHOWN_REVISIONS])

    def own_steps(self) -> list[OwnReviewStep]:
        """What the organisation's own managers said before it came here."""
        rows = OwnReviewStep.objects.filter(kind=self.listing.KIND, key=self.listing.public_id)
        return list(rows.select_related("by")[:_SHOWN_REVISIONS])

    def siblings(self) -> list[Listing]:
        """What the organisation shows already: the standard asks for no duplicates."""
        found: list[Listing] = []
        for model in LISTING_MODELS.values():
            rows: QuerySet = model.objects.public().filter(
                organization=self.listing.organization_id
            )
            if model is self.model:
                rows = rows.exclude(pk=self.listing.pk)
            found += rows.order_by("-first_published_at", "-pk")[:_SHOWN_LISTINGS]
        return found[:_SHOWN_LISTINGS]

    def revisions(self) -> list[Revision]:
        """What was handed in before, newest first; drafts in between are their writer's own."""
        handed_in = TaskState.objects.for_instance(self.listing).values("revision")
        found = list(
            self.listing.revisions.filter(pk__in=handed_in)
            .select_related("user")
            .defer("content")
            .order_by("-created_at", "-pk")[:_SHOWN_REVISIONS]
        )
        newest = self.listing.latest_revision_id
        for one in found:
            one.preview_url = self.address("revisions_view", self.listing.pk, one.pk)
            one.compare_url = (
                self.address("revisions_compare", self.listing.pk, one.pk, "latest")
                if one.pk != newest
                else ""
            )
        return found

    def addresses(self) -> dict[str, str]:
        pk, revision = self.listing.pk, self.listing.latest_revision_id
        urls = {
            name: self.address(name, pk) for name in ("edit", "history", "list", "review_matches")
        }
        if revision:
            urls["preview"] = self.address("revisions_view", pk, revision)
        if self.listing.live_revision_id and revision != self.listing.live_revision_id:
            urls["compare"] = self.address("revisions_compare", pk, "live", "latest")
        if self.listing.is_public:
            urls["public"] = self.listing.get_absolute_url()
        if isinstance(self.listing, Need) and has_right(self.request.user, "view", Match):
            urls["matches"] = reverse("need_matches", args=[pk])
        if isinstance(self.listing, Need) and may_take_down(self.request.user, self.listing):
            urls["merge"] = reverse("merge_need", args=[pk])
        if has_right(self.request.user, "change", self.model):
            urls["split"] = reverse(f"split_{self.listing.KIND}", args=[pk])
        urls["organization"] = reverse("organizations:edit", args=[self.listing.organization_id])
        return urls

    def address(self, name: str, *args: Any) -> str:
        options = self.model._meta
        prefix = f"wagtailsnippets_{options.app_label}_{options.model_name}"
        return reverse(f"{prefix}:{name}", args=args if name != "list" else [])

    # --- the header -----------------------------------------------------------------------------

    def get_page_title(self) -> str:
        return _("Đọc và duyệt")

    def get_page_subtitle(self) -> str:
        return self.draft.title or str(self.listing)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {
                "url": self.address("list"),
                "label": str(self.model._meta.verbose_name_plural).capitalize(),
            },
            {"url": "", "label": self.get_page_subtitle()},
        ]


class AttachmentView(_ListingView, View):
    """A document of a submission, for its reviewers; found in the draft or in what is live."""

    def get(self, request: Any, pk: int, stem: str) -> FileResponse:
        for listing in (self.draft, self.listing):
            for row in listing.attachments.all():
                if row.file.name.rpartition("/")[2].partition(".")[0] == stem:
                    response = FileResponse(
                        row.file.open("rb"),
                        as_attachment=True,
                        filename=row.display_name,
                        content_type=row.content_type,
                    )
                    response["Cache-Control"] = "private, no-store"
                    return response
        raise Http404


class MatchesView(_ListingView, TemplateView):
    """The matches a submission would get if it were published now; a piece of the review page."""

    template_name = "cms/review_matches.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not has_right(self.request.user, "view", Match):
            raise PermissionDenied
        try:
            found = expected_matches(self.draft)
        except SearchUnavailable:
            return context | {"is_down": True}
        return context | {"found": found}
