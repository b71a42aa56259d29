"""What is confidential in a deal: the agreement, what is open, what was read."""

import csv
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.accounts.models import Membership, Organization
from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.security import page_for_second_factor, sensitive
from marketplace.core import clock
from marketplace.core.cells import harmless
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.core.printing import PrintingUnavailable, pdf_of
from marketplace.core.stamping import CannotBeStamped, stamped
from marketplace.core.uploads import PDF
from marketplace.deals.models import Deal, DealMember, MemberRole, Reading, Release, ReleaseKind
from marketplace.deals.presentation import tabs_of
from marketplace.deals.services import disclosure
from marketplace.deals.views.acts import deal_for, do, side_or_404
from marketplace.deals.views.rooms import visible_deal

#: Who binds a side to secrecy, and opens what is its own.
BINDING = frozenset({MemberRole.LEAD, MemberRole.SIGNATORY})
STAMP = "css/full-text-stamp.css"


@require_safe
def page(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = visible_deal(request, public_id)
    side = found.side_of(request.user)
    agreement = disclosure.agreement_of(found)
    acceptances = (
        list(agreement.acceptances.select_related("organization", "accepted_by"))
        if agreement.pk
        else []
    )
    discloses = side is None or side == found.discloser
    releases = list(found.releases.select_related("organization"))
    open_parts = {(one.kind, one.part) for one in releases if one.is_open}
    context = {
        "deal": found,
        "tabs": tabs_of(found, "bao-mat/"),
        "side": side,
        "agreement": agreement,
        "acceptances": acceptances,
        "has_accepted": any(one.organization_id == getattr(side, "pk", 0) for one in acceptances),
        "is_agreed": len(acceptances) == 2,
        "discloses": discloses,
        "parts": _parts(found, open_parts) if discloses else [],
        "is_unfiled": discloses and disclosure.is_unfiled(found),
        "releases": [one for one in releases if discloses or one.is_open],
        "readings": _readings(found) if discloses else [],
    }
    return render(request, "deals/disclosure.html", context)


def _parts(deal: Deal, open_parts: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """What the owner can still open."""
    parts = []
    subject = deal.origin.subject
    if getattr(subject, "confidential", "").strip():
        parts.append(
            {"key": "", "title": _("Phần bảo mật"), "is_stamped": True, "kind": ReleaseKind.TEXT}
        )
    parts += [
        {
            "key": row.key,
            "title": row.display_name,
            "is_stamped": row.content_type == PDF,
            "kind": ReleaseKind.DOCUMENT,
        }
        for row in disclosure.restricted_documents(deal)
    ]  # fmt: skip
    return [part for part in parts if (part["kind"], part["key"]) not in open_parts]


def _readings(deal: Deal) -> list[Reading]:
    rows = Reading.objects.filter(release__deal=deal).select_related("release", "user")
    return list(rows.order_by("-at", "-pk")[:200])


def _is_an_owner(request: HttpRequest) -> bool:
    """An owner's account binds the whole organisation: what it discloses or signs waits for a second factor."""
    owned = Membership.objects.filter(user_id=request.user.pk, role=Membership.Role.OWNER)
    return request.method == "POST" and owned.exists()


@require_POST
def accept(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """One side accepts the confidentiality agreement. Who may not is not asked for a second factor."""
    deal_for(request, public_id, BINDING)
    answer: HttpResponseBase = _accept(request, public_id)
    return answer


@sensitive(when=_is_an_owner)
@idempotent
def _accept(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, BINDING)
    side = side_or_404(found, request)
    return do(
        request,
        lambda: disclosure.accept_agreement(
            found,
            side=side,
            sha256=request.POST.get("sha256", ""),
            signed_as=signs_as(found, request, side),
            by_second_factor=not page_for_second_factor(request),
            by=request.user,
        ),
        said=_("Đã chấp thuận. Thời điểm và mã kiểm tra của văn bản được ghi lại."),
        to=_url(found),
    )


def signs_as(deal: Deal, request: SignedInRequest, side: Organization) -> str:
    """The person's role in the deal, or else in the organisation."""
    seats = DealMember.objects.filter(deal=deal, user=request.user, left_at=None)
    rank = Membership.objects.filter(user=request.user, organization=side)
    return str(
        seats.values_list("role", flat=True).first()
        or rank.values_list("role", flat=True).first()
        or ""
    )


@require_POST
def release(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """The owner opens a part to the other side. Who may not is not asked for a second factor."""
    _disclosed_by(request, public_id)
    answer: HttpResponseBase = _release(request, public_id)
    return answer


def _disclosed_by(request: SignedInRequest, public_id: str) -> Deal:
    """A deal in which the person speaks for the side whose confidential parts they are."""
    found = deal_for(request, public_id, BINDING)
    if side_or_404(found, request) != found.discloser:
        raise Http404
    return found


@sensitive(when=_is_an_owner)
@idempotent
def _release(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _disclosed_by(request, public_id)
    key = request.POST.get("phan", "")
    values = {"accepts_risk": request.POST.get("van-mo") == "1", "by": request.user}
    return do(
        request,
        lambda: (
            disclosure.release_document(found, key=key, **values)
            if key
            else disclosure.release_text(found, **values)
        ),
        said=_("Đã mở cho bên kia. Mỗi lượt đọc được ghi lại."),
        to=_url(found),
    )


@require_POST
@idempotent
def revoke(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    found = _disclosed_by(request, public_id)
    row = get_object_or_404(found.releases.select_related("deal", "organization"), key=key)
    return do(
        request,
        lambda: disclosure.revoke_release(row, by=request.user),
        said=_("Đã thu hồi. Từ bây giờ bên kia không mở được nữa."),
        to=_url(found),
    )


@require_safe
def read(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    """A part that was opened to the person's side, on a page. It is written down first."""
    row = _read(request, public_id, key, "read")
    context = {"deal": row.deal, "release": row, "tabs": tabs_of(row.deal, "bao-mat/")}
    response = render(request, "deals/released.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def download(request: SignedInRequest, public_id: str, key: str) -> HttpResponse:
    """The same as a file, stamped with the reader's name where it is a PDF."""
    row = _read(request, public_id, key, "download")
    try:
        content, kind, name = _file_of(row, request)
    except PrintingUnavailable as error:
        return HttpResponse(
            str(error.message), status=503, content_type="text/plain; charset=utf-8"
        )
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _read(request: SignedInRequest, public_id: str, key: str, act: str) -> Release:
    rows = Release.objects.readable_by(request.user).exclude(kind=ReleaseKind.IDENTITY)
    found = get_object_or_404(rows, deal__public_id=public_id, key=key)
    try:
        row = disclosure.read_release(found, act=act, by=request.user)
    except DomainError as error:
        raise Http404 from error
    return row


def _file_of(row: Release, request: SignedInRequest) -> tuple[bytes, str, str]:
    if row.kind == ReleaseKind.TEXT:
        with translation.override("vi"):
            html = render_to_string("deals/released_paper.html", {"release": row})
        return (
            stamped(pdf_of(html, stylesheet="css/letter.css"), _stamp(row, request)),
            PDF,
            f"phan-bao-mat-{row.key}.pdf",
        )
    try:
        with row.file.open() as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    suffix = str(row.file.name).rpartition(".")[2]
    if row.content_type == PDF:
        try:
            content = stamped(content, _stamp(row, request))
        except CannotBeStamped as error:
            # Handed out bare it could not be told from any other copy.
            raise Http404 from error
    return content, row.content_type, f"tai-lieu-{row.key}.{suffix}"


def _stamp(row: Release, request: SignedInRequest) -> bytes:
    context = {
        "number": row.key,
        "requester": request.user.get_full_name() or request.user.email,
        "organization": row.organization.name,
        "decided_at": clock.now(),
    }
    with translation.override("vi"):
        return pdf_of(render_to_string("research/full_text_stamp.html", context), stylesheet=STAMP)


@require_safe
def ledger(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The ledger as evidence: what was accepted, opened, read and taken back, each with its hash."""
    found = visible_deal(request, public_id)
    side = found.side_of(request.user)
    if side is not None and side != found.discloser:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="so-tiet-lo-{found.public_id}.csv"'
    response["Cache-Control"] = "private, no-store"
    response.write("\ufeff")
    lines = csv.writer(response)
    lines.writerow([_("Lúc"), _("Việc"), _("Phần"), _("Ai"), _("Tổ chức"), _("Vai trò"), "SHA-256"])
    for line in sorted(_lines(found), key=lambda one: str(one[0])):
        lines.writerow([line[0].isoformat(), *(harmless(str(cell)) for cell in line[1:])])
    return response


def _lines(deal: Deal) -> list[tuple[Any, ...]]:
    agreement = disclosure.agreement_of(deal)
    lines: list[tuple[Any, ...]] = []
    if agreement.pk:
        for one in agreement.acceptances.select_related("organization", "accepted_by"):
            lines.append(
                (
                    one.at,
                    "nda",
                    "",
                    one.accepted_by or "",
                    one.organization,
                    one.signed_as,
                    one.sha256,
                )
            )
    releases = deal.releases.select_related("organization", "released_by", "revoked_by")
    for row in releases:
        to = row.organization
        lines.append(
            (row.released_at, "open", row.title, row.released_by or "", to, "", row.sha256)
        )
        if row.revoked_at:
            lines.append(
                (row.revoked_at, "revoke", row.title, row.revoked_by or "", to, "", row.sha256)
            )
    readings = Reading.objects.filter(release__deal=deal)
    for read_ in readings.select_related("release__organization", "user"):
        row = read_.release
        lines.append(
            (read_.at, read_.act, row.title, read_.user, row.organization, "", read_.sha256)
        )
    return lines


def _url(deal: Deal) -> str:
    return f"{deal.get_absolute_url()}bao-mat/"
