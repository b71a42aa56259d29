"""The owner's forms: a guided draft, saved at every step and in between."""

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.acting import acting_organization
from marketplace.accounts.fronts import front_of
from marketplace.accounts.models import Membership, Organization
from marketplace.accounts.requests import SignedInRequest
from marketplace.core import clock
from marketplace.core.errors import DomainError, StaleForm, UploadRejected
from marketplace.core.idempotency import idempotent
from marketplace.core.text import nfc, unturned
from marketplace.core.uploads import CheckedFile, check_image
from marketplace.listings import begun, need_helper, perms, services, wizard
from marketplace.listings.access import editable_or_404
from marketplace.listings.completeness import Gap, gaps
from marketplace.listings.decidability import decidability_of
from marketplace.listings.examining.documents import check_listing_document
from marketplace.listings.forms.disclosure import EvidenceForm, UploadForm
from marketplace.listings.kinds import KINDS
from marketplace.listings.models import LISTING_MODELS, Listing, Need, StaffPost
from marketplace.listings.views.public import detail_context
from marketplace.mandates.models import Mandate, Scope, firms_acted_for
from marketplace.reading.needs import load_corrections


@login_not_required
@require_http_methods(["GET", "POST"])
@idempotent
def create(request: SignedInRequest, kind: str) -> HttpResponse:
    """The door to the form: nothing is stored before somebody presses "begin".

    Visitors begin too; what they wrote waits in their session until they have signed up.
    """
    text = request.POST.get("text") or request.GET.get("text") or begun.text_of(request, kind)
    # It meets no form before the draft: what a form's field takes out is taken out here.
    text = unturned(nfc(text.replace("\0", "")))[: begun.LONGEST]
    if not request.user.is_authenticated:
        return _begin_as_visitor(request, kind, text)
    organizations = _editing_organizations(request, kind)
    if request.method == "POST" and not organizations:
        begun.keep(request, kind=kind, text=text)
    if request.method == "POST" and organizations:
        chosen = request.POST.get("organization")
        organization = next((o for o in organizations if o.public_id == chosen), None)
        if organization is None and len(organizations) == 1:
            organization = organizations[0]
        if organization is not None:
            listing = _begin(request, kind, organization, text)
            begun.forget(request, kind)
            return redirect(step_url(listing, wizard.STEPS[kind][0].slug))
    return _create_page(request, kind, text, organizations)


def _begin(request: SignedInRequest, kind: str, organization: Organization, text: str) -> Listing:
    """For one's own organisation, or through a broker for a firm that lets it."""
    language = request.user.language
    exchange = front_of(request).exchange
    if perms.edits_for(request.user, organization):
        return services.create_draft(
            kind,
            organization=organization,
            contact=request.user,
            text=text,
            language=language,
            exchange=exchange,
        )
    mandate = (
        Mandate.objects.allowing(Scope.POST)
        .held_by(request.user)
        .filter(firm=organization)
        .select_related("broker")
        .order_by("pk")
        .first()
    )
    owner = organization.memberships.filter(role=Membership.Role.OWNER).order_by("pk").first()
    if mandate is None or owner is None:
        raise Http404
    return services.create_draft(
        kind,
        organization=organization,
        contact=owner.user,
        text=text,
        language=language,
        by=request.user,
        broker=mandate.broker,
        exchange=exchange,
    )


def _begin_as_visitor(request: HttpRequest, kind: str, text: str) -> HttpResponse:
    if request.method == "POST":
        begun.keep(request, kind=kind, text=text)
        return redirect(f"{reverse('account_signup')}?{urlencode({'next': request.path})}")
    return _create_page(request, kind, text, [])


def _create_page(
    request: HttpRequest, kind: str, text: str, organizations: list[Organization]
) -> HttpResponse:
    return render(
        request,
        "listings/create.html",
        {
            "kind": kind,
            "heading": KINDS[kind].create,
            "start_label": KINDS[kind].start,
            "text": text,
            "organizations": organizations,
            "steps": [step.title for step in wizard.STEPS[kind]],
            "choose_organization": request.method == "POST" and len(organizations) > 1,
            "chosen": request.POST.get("organization") or request.GET.get("cho", ""),
        },
    )


def _editing_organizations(request: SignedInRequest, kind: str) -> list[Organization]:
    """Where the person may post; the one they act for comes first, firms that a broker acts for last."""
    own = own_organizations(request)
    if kind != Need.KIND:
        return own
    firms = firms_acted_for(request.user, Scope.POST).exclude(pk__in=[one.pk for one in own])
    return [*own, *firms.order_by("name", "pk")]


def own_organizations(request: SignedInRequest) -> list[Organization]:
    """Where the person writes as one of its people; the one they act for comes first."""
    own = list(
        Organization.objects.filter(
            memberships__user=request.user, memberships__role__in=Membership.EDITING_ROLES
        ).order_by("name", "pk")
    )
    acting = acting_organization(request)
    own.sort(key=lambda organization: organization != acting)
    return own


def step_url(listing: Listing, slug: str) -> str:
    return reverse("listings:edit", args=[listing.KIND, listing.public_id, slug])


@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, kind: str, public_id: str, step: str) -> HttpResponse:
    """One step. A save may be repeated freely, since it sets values: no key guards it, for a page
    taken from the browser's history would then be answered without being saved."""
    listing = editable_or_404(request.user, kind, public_id)
    current = wizard.find_step(kind, step)
    if current is None:
        raise Http404
    if request.method == "POST":
        return (
            _autosave(request, listing, current)
            if "tu-dong" in request.POST
            else _save(request, listing, current)
        )
    try:
        services.ensure_editable(listing, by=request.user)
    except services.Locked as locked:
        messages.warning(request, str(locked.message))
        return redirect(listing.owner_url)
    draft = services.draft_of(listing)
    page = wizard.StepPage(current, draft, more_rows_of=request.GET.get("them", ""))
    return render(request, "listings/edit_step.html", _step_context(request, listing, page))


def _step_context(
    request: SignedInRequest, listing: Listing, page: wizard.StepPage, **more: Any
) -> dict[str, Any]:
    draft, step = page.draft, page.step
    before, _after = wizard.neighbours(listing.KIND, step)
    missing = gaps(draft)
    return {
        "listing": listing,
        "draft": draft,
        "heading": KINDS[listing.KIND].create,
        "step": step,
        "page": page,
        "form": page.form,
        "stages": [
            {"label": title, "state": state, "url": step_url(listing, slug)}
            for slug, title, state in wizard.stages(listing.KIND, draft, missing, step.slug)
        ],
        "before": before,
        "seen": services.fingerprint(draft, step.names),
        "session": secrets.token_hex(8),
        "saved_at": listing.latest_revision.created_at if listing.latest_revision else None,
        "uploads": UploadForm() if step.has_uploads else None,
        "evidence": EvidenceForm() if step.has_evidence else None,
        "documents": _files(listing, draft, evidence=False) if step.has_uploads else [],
        "proofs": _files(listing, draft, evidence=True) if step.has_evidence else [],
        "pictures": list(draft.pictures.all()) if step.has_uploads else [],
        "helper": (
            need_helper.help_with(draft)
            if isinstance(draft, Need) and step.slug in need_helper.STEPS
            else None
        ),
        "with_preview": "goi-y" in request.GET,
        **more,
    }


def _files(listing: Listing, draft: Listing, *, evidence: bool) -> list[dict[str, Any]]:
    return [
        {
            "name": row.display_name,
            "size": row.size,
            "url": reverse("listings:attachment", args=[listing.KIND, listing.public_id, row.key]),
            "key": row.key,
            "is_confidential": row.is_confidential,
        }
        for row in draft.attachments.all()
        if row.is_right_evidence == evidence
    ]


def _store(request: SignedInRequest, listing: Listing, page: wizard.StepPage) -> Listing:
    changes = page.changes() | _kept_files(request, page)
    return services.save_draft(
        listing,
        changes=changes,
        by=request.user,
        unread=page.unread(),
        step=page.step.slug,
        watched=page.step.names,
        seen="" if "de-len" in request.POST else request.POST.get("seen", ""),
        session=request.POST.get("session", "")[:32],
        keystroke=_keystroke(request),
    )


def _correct_reading(request: SignedInRequest, listing: Listing) -> None:
    """A part of the reading taken away, moved to another kind, or added by hand."""
    asked = request.POST.get("sua-doc", "")
    if not asked or not isinstance(listing, Need):
        return
    if asked == "them":
        row = {"text": request.POST.get("them-phan", ""), "kind": request.POST.get("them-loai", "")}
    else:
        was, kind, text = [*asked.split("|", 2), "", ""][:3]
        row = {"text": text, "was": was, "kind": kind}
    for correction in load_corrections([row]):
        services.correct_reading(listing, correction=correction, by=request.user)


def _keystroke(request: SignedInRequest) -> int:
    typed = request.POST.get("keystroke", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def _kept_files(request: SignedInRequest, page: wizard.StepPage) -> dict[str, Any]:
    """Files already there: which stay, which are confidential, what pictures are called."""
    post, changes = request.POST, {}
    if "tep-hien-co" in post or "go-tep" in post:
        kept = [row for row in page.draft.attachments.all() if row.key != post.get("go-tep")]
        if page.step.has_uploads:
            for row in kept:
                if not row.is_right_evidence:
                    row.is_confidential = row.key in post.getlist("bao-mat")
        changes["attachments"] = kept
    if "anh-hien-co" in post or "go-anh" in post:
        pictures = [row for row in page.draft.pictures.all() if row.key != post.get("go-anh")]
        for row in pictures:
            row.caption = post.get(f"chu-thich-{row.key}", row.caption).strip()[:200]
        changes["pictures"] = pictures
    return changes


def _autosave(request: SignedInRequest, listing: Listing, step: wizard.Step) -> HttpResponse:
    """In the background: says when it saved, or quietly that it did not."""
    page = wizard.StepPage(step, services.draft_of(listing), posted=request.POST)
    problem = ""
    try:
        _store(request, listing, page)
    except DomainError as error:
        problem = str(error.message)
    return render(
        request,
        "listings/_saved.html",
        {"at": None if problem else clock.now(), "problem": problem},
    )


def _save(request: SignedInRequest, listing: Listing, step: wizard.Step) -> HttpResponse:
    page = wizard.StepPage(step, services.draft_of(listing), posted=request.POST)
    try:
        _store(request, listing, page)
        problems = _take_files(request, listing, step)
        _correct_reading(request, listing)
    except StaleForm as stale:
        context = _step_context(request, listing, page, stale=stale.message)
        return render(request, "listings/edit_step.html", context, status=409)
    except DomainError as error:
        context = _step_context(request, listing, page, locked=error.message)
        return render(request, "listings/edit_step.html", context, status=409)
    for problem in problems:
        messages.error(request, problem)
    stays = bool(problems or page.unread())
    return HttpResponseRedirect(_next_place(request, listing, page, stays=stays))


def _next_place(
    request: SignedInRequest, listing: Listing, page: wizard.StepPage, *, stays: bool
) -> str:
    post, here = request.POST, step_url(listing, page.step.slug)
    before, after = wizard.neighbours(listing.KIND, page.step)
    if {"goi-y", "sua-doc"} & set(post):
        return f"{here}?goi-y=1#doc-hieu"
    if "them-dong" in post:
        return f"{here}?them={post['them-dong']}#{post['them-dong']}"
    if {"tai-len", "go-tep", "go-anh"} & set(post):
        return f"{here}#tai-len"
    if "quay-lai" in post and before:
        return step_url(listing, before)
    if "de-sau" in post:
        messages.success(request, _("Đã lưu nháp. Bạn viết tiếp bất cứ lúc nào."))
        return listing.owner_url
    if stays:
        return here
    return _review_url(listing) if after == wizard.REVIEW else step_url(listing, after)


def _review_url(listing: Listing) -> str:
    return reverse("listings:review", args=[listing.KIND, listing.public_id])


def _take_files(request: SignedInRequest, listing: Listing, step: wizard.Step) -> list[str]:
    """Stores what can be taken and says what cannot, file by file."""
    problems: list[str] = []
    if step.has_uploads:
        documents = _checked(request, "documents", check_listing_document, problems)
        pictures = _checked(request, "pictures", check_image, problems)
        if documents or pictures:
            services.add_files(
                listing,
                documents=documents,
                pictures=pictures,
                confidential="documents_confidential" in request.POST,
                by=request.user,
            )
    if step.has_evidence and (
        evidence := _checked(request, "evidence", check_listing_document, problems)
    ):
        services.add_files(listing, documents=evidence, evidence=True, by=request.user)
    return problems


def _checked(
    request: SignedInRequest,
    name: str,
    check: Callable[[UploadedFile], CheckedFile],
    problems: list[str],
) -> list[CheckedFile]:
    taken = []
    for upload in request.FILES.getlist(name)[: services.MOST_ATTACHMENTS]:
        try:
            taken.append(check(upload))
        except UploadRejected as rejected:
            problems.append(f"{upload.name}: {rejected.message}")
    return taken


@require_safe
def review(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    """The last step: what is still missing, how it will look, and the button."""
    listing = editable_or_404(request.user, kind, public_id)
    return render(request, "listings/edit_review.html", review_context(listing))


def review_context(listing: Listing, **more: Any) -> dict[str, Any]:
    draft = services.draft_of(listing)
    missing = gaps(draft)
    unread = [
        (step.title, step_url(listing, step.slug))
        for step in wizard.STEPS[listing.KIND]
        if listing.draft_inputs.get(step.slug)
    ]
    return {
        "listing": listing,
        "draft": draft,
        "heading": KINDS[listing.KIND].create,
        "gaps": [_gap_link(listing, gap) for gap in missing],
        "unread": unread,
        "decidability": _decidability(listing, draft),
        "stages": [
            {
                "label": title,
                "state": state,
                "url": _review_url(listing) if slug == wizard.REVIEW else step_url(listing, slug),
            }
            for slug, title, state in wizard.stages(listing.KIND, draft, missing, wizard.REVIEW)
        ],
        "before": wizard.STEPS[listing.KIND][-1].slug,
        "back_url": step_url(listing, wizard.STEPS[listing.KIND][-1].slug),
        "staff_post": StaffPost.objects.of(listing).running().first(),
        **more,
    }


def _gap_link(listing: Listing, gap: Gap) -> dict[str, Any]:
    step = wizard.step_of(listing.KIND, gap.field)
    return {
        "message": gap.message,
        "step": step.title,
        "url": f"{step_url(listing, step.slug)}#{wizard.anchor_of(step, gap.field)}",
    }


def _decidability(listing: Listing, draft: Listing) -> dict[str, Any] | None:
    """Whether a buyer could decide by the offer, with the way to each gap."""
    found = decidability_of(draft)
    if found is None:
        return None
    return {"found": found, "gaps": [_gap_link(listing, gap) for gap in found.gaps]}


@require_safe
def preview(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    """The public page as it would be: the same template over the draft."""
    listing = _readable(request, kind, public_id)
    draft = services.draft_of(listing)
    context = detail_context(draft, sees_everything=False) | {
        "is_preview": True,
        "back_url": listing.owner_url,
    }
    return render(request, f"listings/{kind}_detail.html", context)


def _readable(request: SignedInRequest, kind: str, public_id: str) -> Listing:
    listings = LISTING_MODELS[kind].objects.select_related("organization").with_status()
    listing = get_object_or_404(listings, public_id=public_id)
    if not perms.sees_everything(request.user, listing):
        raise Http404
    return listing


@require_POST
@idempotent
def submit(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    listing = editable_or_404(request.user, kind, public_id)
    seen = request.POST.get("revision", "")
    try:
        handed_in = services.submit(
            listing, by=request.user, revision_id=int(seen) if seen.isdecimal() else None
        )
    except services.Incomplete as incomplete:
        fresh = editable_or_404(request.user, kind, public_id)
        context = review_context(fresh, problem=incomplete.message)
        return render(request, "listings/edit_review.html", context, status=400)
    except DomainError as error:
        messages.warning(request, str(error.message))
        return redirect(_review_url(listing) if isinstance(error, StaleForm) else listing.owner_url)
    messages.success(
        request,
        _("Đã trình người quản lý của tổ chức. Bạn nhận thư khi họ trả lời.")
        if handed_in.own_asked_at
        else _("Đã gửi duyệt. Bạn nhận thư ngay khi có kết quả."),
    )
    return redirect(listing.owner_url)
