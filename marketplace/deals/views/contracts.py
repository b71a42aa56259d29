"""The contract of a deal: draft, confirmation, signed copies, registration."""

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.security import sensitive
from marketplace.core.idempotency import idempotent
from marketplace.core.printing import PrintingUnavailable
from marketplace.core.uploads import PDF
from marketplace.deals.forms.rooms import SignedCopyForm
from marketplace.deals.forms.terms import FactsForm, RegistrationForm
from marketplace.deals.models import ContractRecord, Deal, SignedCopy
from marketplace.deals.models.deals import NEGOTIATING, SIGNING
from marketplace.deals.papers import DOCX, contract_docx, contract_pdf
from marketplace.deals.presentation import tabs_of
from marketplace.deals.services import contracts
from marketplace.deals.services.signatures import hand_out
from marketplace.deals.signing import PAPERS, shown_signatures
from marketplace.deals.states import ContractState
from marketplace.deals.views.acts import deal_for, do, send, side_or_404
from marketplace.deals.views.disclosure import signs_as
from marketplace.deals.views.rooms import visible_deal


def _standing(deal: Deal) -> ContractRecord | None:
    rows = deal.contracts.exclude(state=ContractState.DISCARDED).select_related("deal", "sheet")
    found: ContractRecord | None = rows.first()
    return found


def _standing_or_404(deal: Deal) -> ContractRecord:
    found = _standing(deal)
    if found is None:
        raise Http404
    return found


@require_safe
def page(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _page(request, visible_deal(request, public_id))


def _page(
    request: SignedInRequest,
    found: Deal,
    *,
    file_form: SignedCopyForm | None = None,
    facts_form: FactsForm | None = None,
    registration_form: RegistrationForm | None = None,
) -> HttpResponse:
    side = found.side_of(request.user)
    contract = _standing(found)
    confirmations = (
        list(contract.confirmations.select_related("organization", "confirmed_by"))
        if contract
        else []
    )
    signs = Deal.objects.acted_on_by(request.user, SIGNING).filter(pk=found.pk).exists()
    facts = {name: getattr(contract, name) for name in contracts.FACTS} if contract else {}
    confirmed = {one.organization_id for one in confirmations}
    context = {
        "deal": found,
        "tabs": tabs_of(found, "hop-dong/"),
        "side": side,
        "contract": contract,
        "confirmations": confirmations,
        "may_confirm": bool(
            signs and contract and contract.state == ContractState.DRAFT
            and side and side.pk not in confirmed
        ),
        "signs": signs,
        "copies": _copies(contract, found) if contract else [],
        "duty": contract.duty if contract else None,
        "file_form": file_form or SignedCopyForm(prefix="file"),
        "facts_form": facts_form or FactsForm(prefix="facts", initial=facts),
        "registration_form": registration_form or RegistrationForm(prefix="reg"),
    }  # fmt: skip
    wrong = any((file_form, facts_form, registration_form))
    return render(request, "deals/contract.html", context, status=400 if wrong else 200)


def _copies(contract: ContractRecord, deal: Deal) -> list[SignedCopy]:
    rows = list(contract.copies.select_related("organization"))
    for row in rows:
        row.signers = shown_signatures(row, deal)
        row.paper = PAPERS.get(row.checked.get("paper", ""))
    return rows


@require_POST
@idempotent
def draw(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    return do(
        request,
        lambda: contracts.draw_contract(found, by=request.user),
        said=_("Đã soạn hợp đồng từ điều khoản. Hãy đọc kỹ trước khi xác nhận."),
        to=_url(found),
    )


@require_POST
def confirm(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """A signatory or an owner binds the organisation, with a second factor. Who may not is not asked for one."""
    deal_for(request, public_id, SIGNING)
    answer: HttpResponseBase = _confirm(request, public_id)
    return answer


@sensitive
@idempotent
def _confirm(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, SIGNING)
    side = side_or_404(found, request)
    contract = _standing_or_404(found)
    return do(
        request,
        lambda: contracts.confirm_contract(
            contract, side=side, sha256=request.POST.get("sha256", ""),
            signed_as=signs_as(found, request, side), by=request.user,
        ),
        said=_("Đã xác nhận. Hợp đồng có hiệu lực trên sàn khi cả hai bên đã xác nhận."),
        to=_url(found),
    )  # fmt: skip


@require_safe
def paper(request: SignedInRequest, public_id: str, kind: str) -> HttpResponse:
    """The contract as PDF or DOCX."""
    found = visible_deal(request, public_id)
    contract = _standing_or_404(found)
    if kind == "docx":
        content, content_type = contract_docx(contract), DOCX
    else:
        try:
            content, content_type = contract_pdf(contract), PDF
        except PrintingUnavailable as error:
            return HttpResponse(
                str(error.message), status=503, content_type="text/plain; charset=utf-8"
            )
        hand_out(contract, content)
    response = HttpResponse(content, content_type=content_type)
    name = f"hop-dong-{found.public_id}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@idempotent
def say_facts(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What decides on registration."""
    found = deal_for(request, public_id, NEGOTIATING)
    contract = _standing_or_404(found)
    form = FactsForm(request.POST, prefix="facts")
    return send(
        request,
        form,
        lambda: contracts.say_facts(contract, facts=form.cleaned_data, by=request.user),
        said=_("Đã ghi. Trang cho biết hợp đồng có phải đăng ký không."),
        to=_url(found),
        again=lambda: _page(request, found, facts_form=form),
    )


@require_POST
@idempotent
def register(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The number and day of the certificate of registration."""
    found = deal_for(request, public_id, NEGOTIATING)
    contract = _standing_or_404(found)
    form = RegistrationForm(request.POST, prefix="reg")
    return send(
        request,
        form,
        lambda: contracts.record_registration(contract, by=request.user, **form.cleaned_data),
        said=_("Đã ghi số đăng ký. Bên kia được báo."),
        to=_url(found),
        again=lambda: _page(request, found, registration_form=form),
    )


@require_POST
@idempotent
def upload_signed(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = deal_for(request, public_id, NEGOTIATING)
    side = side_or_404(found, request)
    contract = _standing_or_404(found)
    form = SignedCopyForm(request.POST, request.FILES, prefix="file")
    return send(
        request,
        form,
        lambda: contracts.add_signed_copy(
            contract, checked=form.cleaned_data["file"], side=side, by=request.user
        ),
        said=_("Đã lưu bản đã ký cùng mã kiểm tra."),
        to=_url(found),
        again=lambda: _page(request, found, file_form=form),
    )


@require_safe
def signed_copy(request: SignedInRequest, public_id: str, key: str) -> HttpResponseBase:
    rows = SignedCopy.objects.filter(contract__deal=visible_deal(request, public_id))
    row = get_object_or_404(rows, key=key)
    try:
        opened = row.file.open()
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, as_attachment=True, filename=row.display_name, content_type=PDF)
    response["Cache-Control"] = "private, no-store"
    return response


def _url(deal: Deal) -> str:
    return f"{deal.get_absolute_url()}hop-dong/"
