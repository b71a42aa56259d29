"""Showing who one is: facts, papers, and what staff said."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from marketplace.accounts import services, verification_rules
from marketplace.accounts.forms import EvidenceForm, VerificationForm
from marketplace.accounts.models import Evidence, Organization, Verification
from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.services.verification import Incomplete
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent


@require_http_methods(["GET", "POST"])
@idempotent
def verification(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One page for all of it. Every button saves what was typed first, so that nothing is lost."""
    organization = get_object_or_404(
        Organization.objects.managed_by(request.user), public_id=public_id
    )
    row = services.open_verification(organization)
    if request.method == "POST":
        return _act(request, organization, row)
    return _shown(request, organization, row)


def _act(
    request: SignedInRequest, organization: Organization, row: Verification | None
) -> HttpResponse:
    act = request.POST.get("viec", "")
    try:
        if row is None or act == "bat-dau":
            services.begin_verification(organization, by=request.user)
        elif act == "rut":
            services.withdraw_verification(row, by=request.user)
            messages.success(request, _("Đã rút hồ sơ. Thông tin đang hiện giữ như trước."))
        elif row.is_editable:
            return _edit(request, organization, row, act)
        else:
            messages.error(
                request, _("Hồ sơ đã gửi nên không sửa được. Hãy rút lại trước khi sửa.")
            )
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("accounts:verification", organization.public_id)


def _edit(
    request: SignedInRequest, organization: Organization, row: Verification, act: str
) -> HttpResponse:
    form = VerificationForm(request.POST, verification=row)
    paper = EvidenceForm(request.POST, request.FILES) if act == "giay-to" else None
    if not form.is_valid() or (paper is not None and not paper.is_valid()):
        return _shown(request, organization, row, form=form, paper=paper)
    try:
        row = services.save_facts(row, by=request.user, **form.cleaned_data)
        if paper is not None:
            services.add_evidence(
                row,
                kind=paper.cleaned_data["kind"],
                checked=paper.cleaned_data["file"],
                valid_until=paper.cleaned_data["valid_until"],
                by=request.user,
            )
            messages.success(request, _("Đã lưu giấy tờ ở dạng mã hóa."))
        elif key := request.POST.get("go", ""):
            _take_out(row, key, request)
        elif act == "gui":
            services.submit_verification(row, by=request.user)
            messages.success(request, _("Đã gửi. Cán bộ sàn đối chiếu rồi báo cho bạn."))
        else:
            messages.success(request, _("Đã lưu bản nháp."))
    except Incomplete as error:
        for name in error.gaps:
            if name in form.fields:
                form.add_error(name, _("Cần có để sàn kiểm tra."))
        return _shown(request, organization, row, form=form, lacks_papers="papers" in error.gaps)
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _shown(request, organization, row, form=form, paper=paper)
    return redirect("accounts:verification", organization.public_id)


def _take_out(row: Verification, key: str, request: SignedInRequest) -> None:
    paper = get_object_or_404(row.evidence.held(), public_id=key.replace("\0", ""))
    services.remove_evidence(paper, by=request.user)
    messages.success(request, _("Đã gỡ giấy tờ."))


def _shown(
    request: SignedInRequest,
    organization: Organization,
    row: Verification | None,
    *,
    form: VerificationForm | None = None,
    paper: EvidenceForm | None = None,
    lacks_papers: bool = False,
) -> HttpResponse:
    rules = verification_rules.edition(row.edition) if row else verification_rules.edition_on()
    last = organization.verifications.exclude(decided_at=None).order_by("-decided_at").first()
    asked = rules.asked_of(row.facts if row else {"kind": organization.kind})
    context: dict[str, Any] = {
        "organization": organization,
        "verification": row,
        "form": form or (VerificationForm(verification=row) if row and row.is_editable else None),
        "paper_form": paper or EvidenceForm(),
        "papers": _named(row.evidence.held(), rules) if row else [],
        "asked_papers": [rules.papers[code] for code in asked.papers],
        "lacks_papers": lacks_papers,
        "last": last,
        "reasons": [rules.reasons[code].words for code in last.reasons if code in rules.reasons]
        if last
        else [],
        "rules": rules,
    }
    return render(request, "accounts/verification/page.html", context)


def _named(papers: Any, rules: verification_rules.Edition) -> list[tuple[Evidence, Any]]:
    return [(paper, rules.papers.get(paper.kind, paper.kind)) for paper in papers]


@require_GET
def evidence_file(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A paper, for those who manage the organisation; each time it is read is logged."""
    paper = get_object_or_404(Evidence.objects.readable_by(request.user), public_id=public_id)
    return paper_response(paper, by=request.user)


def paper_response(paper: Evidence, *, by: Any) -> HttpResponse:
    try:
        content = services.read_evidence(paper, by=by)
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(
        content,
        content_type=paper.content_type,
        headers={"Cache-Control": "private, no-store"},
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    named = content_disposition_header(as_attachment=True, filename=paper.display_name)
    response["Content-Disposition"] = named or "attachment"
    return response
