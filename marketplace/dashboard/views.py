"""The front page, and "my things": composed of what other apps know."""

from itertools import zip_longest
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.accounts.acting import acting_organization
from marketplace.accounts.fronts import front_of
from marketplace.accounts.requests import SignedInRequest
from marketplace.core.kept_pages import kept
from marketplace.dashboard import queries
from marketplace.listings import perms, services, wizard
from marketplace.listings.access import owned_or_404
from marketplace.listings.completeness import gaps
from marketplace.listings.liveness import unconfirmed_of
from marketplace.listings.models import (
    SUPPLY_MODELS,
    Listing,
    ListingStatus,
    Need,
    OwnReviewStep,
    ReturnReason,
    ReviewDecision,
)
from marketplace.listings.presentation import life
from marketplace.listings.upkeep import dead_links, rights_of

NEW_A_LIST = 6
LISTINGS_A_PAGE = 20


@login_not_required
@require_safe
@kept()
def front_page(request: HttpRequest) -> HttpResponse:
    front = front_of(request)
    # A kind in turn: a day on which a catalogue of services came in does not push the technologies out of sight.
    kinds = [queries.newest(model, NEW_A_LIST, front) for model in SUPPLY_MODELS.values()]
    offers = [row for rank in zip_longest(*kinds) for row in rank if row]
    if not front.is_default:
        offers.sort(key=lambda listing: listing.exchange_id != front.exchange.pk)
    return render(
        request,
        "pages/home.html",
        {
            "new_needs": queries.newest(Need, NEW_A_LIST, front),
            "new_offers": offers[:NEW_A_LIST],
            **queries.front_page_numbers(front),
            "news_panels": ["cms/_front_page_news.html", "accounts/_no_panel.html"],
            "example_elements": [
                {"text": _("Nguyên liệu: quả"), "state": "met"},
                {"text": _("Phương pháp: sấy lạnh"), "state": "met"},
                {"text": "45–55 °C", "state": "met"},
                {"text": _("Chưa nêu năng suất"), "state": "open"},
            ],
            "example_sentence": [
                (_("chanh leo sấy ở 48 °C"), True),
                (_(" giữ được 91 % "), False),
                (_("màu sắc ban đầu"), True),
                (_(" sau sáu tháng bảo quản"), False),
            ],
        },
    )


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    acting = acting_organization(request)
    rows = queries.my_listings(request.user, acting) if acting else []
    return render(
        request,
        "dashboard/home.html",
        {
            "organizations": list(request.user.organizations()),
            "acting": acting,
            "can_post": acting is not None and perms.edits_for(request.user, acting),
            "page": Paginator(
                [row for row in rows if row.status != ListingStatus.WITHDRAWN], LISTINGS_A_PAGE
            ).get_page(request.GET.get("page")),
            "withdrawn": [row for row in rows if row.status == ListingStatus.WITHDRAWN],
            "counts": queries.counts(rows),
            "to_confirm": len(unconfirmed_of(row.listing for row in rows)),
            "notices": queries.newest_notices(request.user),
            "my_matches": queries.newest_matches(request.user, acting) if acting else [],
        },
    )


@require_safe
def listing(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    """Everything about one listing for the people of its organisation."""
    found = owned_or_404(request.user, kind, public_id)
    status = found.status
    can_edit = perms.can_edit(request.user, found)
    decisions = list(
        ReviewDecision.objects.filter(kind=kind, key=public_id).order_by("-at", "-pk")[:20]
    )
    own_steps = list(
        OwnReviewStep.objects.filter(kind=kind, key=public_id).select_related("by")[:20]
    )
    locked = found.get_lock()
    return render(
        request,
        "dashboard/listing.html",
        {
            "listing": found,
            "title": found.draft_title or str(found),
            "status": status,
            "stages": life(found),
            "next_step": queries.NEXT_STEPS[status],
            "can_edit": can_edit,
            "is_editable": can_edit
            and found.withdrawn_at is None
            and not (locked and locked.for_user(request.user)),
            "is_returned": status in (ListingStatus.RETURNED, ListingStatus.CHANGES_RETURNED),
            "is_rejected": _is_rejected(found, status, decisions),
            "is_in_review": status in (ListingStatus.IN_REVIEW, ListingStatus.CHANGES_IN_REVIEW),
            "own_steps": own_steps,
            "dead_links": dead_links(found),
            "flagged_rights": rights_of(found),
            "may_pass_on": found.own_asked_at is not None and perms.manages(request.user, found),
            "first_step": wizard.STEPS[kind][0].slug,
            "gaps": gaps(services.draft_of(found)) if status == ListingStatus.DRAFT else [],
            "decisions": _with_reasons(decisions),
            "timeline": _timeline(found, decisions, own_steps),
            "views": queries.views_by_day(found),
            "views_in_all": queries.views_in_all(found),
        },
    )


@require_safe
def broker_desk(request: SignedInRequest) -> HttpResponse:
    """A broker's firms, what it posted for them and what was found."""
    return render(
        request, "dashboard/broker_desk.html", {"desk": queries.broker_desk(request.user)}
    )


def _is_rejected(found: Listing, status: ListingStatus, decisions: list[ReviewDecision]) -> bool:
    """The last submission was refused, and nothing has been sent since."""
    return (
        status in (ListingStatus.DRAFT, ListingStatus.CHANGES_DRAFT)
        and bool(decisions)
        and decisions[0].decision == ReviewDecision.Decision.REJECTED
        and (found.submitted_at is None or found.submitted_at <= decisions[0].at)
    )


def _with_reasons(decisions: list[ReviewDecision]) -> list[dict[str, Any]]:
    codes = {code for decision in decisions for code in decision.reason_codes}
    reasons = {reason.code: reason for reason in ReturnReason.objects.filter(code__in=codes)}
    return [
        {
            "decision": decision,
            "reasons": [reasons[code] for code in decision.reason_codes if code in reasons],
        }
        for decision in decisions
    ]


def _timeline(
    found: Listing, decisions: list[ReviewDecision], own_steps: list[OwnReviewStep]
) -> list[dict[str, Any]]:
    """What has happened, oldest first, from the marks of the row and the decisions of staff."""
    adverse = (
        ReviewDecision.Decision.RETURNED,
        ReviewDecision.Decision.REJECTED,
        ReviewDecision.Decision.TAKEN_DOWN,
    )
    events: list[dict[str, Any]] = [{"title": _("Bắt đầu soạn"), "when": found.created_at}]
    if found.submitted_at:
        events.append({"title": _("Gửi duyệt lần gần nhất"), "when": found.submitted_at})
    events += [
        {
            "title": decision.get_decision_display(),
            "when": decision.at,
            "text": decision.step,
            "state": "care" if decision.decision in adverse else "done",
        }
        for decision in decisions
    ]
    events += [
        {
            "title": step.get_act_display(),
            "when": step.at,
            "text": " · ".join(str(part) for part in (step.by, step.note) if part),
            "state": "care" if step.act == OwnReviewStep.Act.RETURNED else "done",
        }
        for step in own_steps
    ]
    if found.suspended_at and found.can_be_renewed:
        events.append(
            {"title": _("Tạm ẩn vì chưa xác nhận"), "when": found.suspended_at, "state": "care"}
        )
    if found.last_confirmed_at:
        events.append({"title": _("Xác nhận còn đúng"), "when": found.last_confirmed_at})
    if found.withdrawn_at:
        events.append(
            {
                "title": _("Rút tin"),
                "when": found.withdrawn_at,
                "text": found.withdrawal_reason,
                "state": "care",
            }
        )
    events.sort(key=lambda event: event["when"])
    if found.is_public and found.valid_until:
        events.append({"title": _("Hiển thị đến"), "when": found.valid_until, "state": "todo"})
    return events
