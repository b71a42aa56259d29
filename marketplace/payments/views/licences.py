"""Standard licences: read, taken and paid by a buyer; offered and taken back by a seller."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.models import Membership
from marketplace.accounts.requests import SignedInRequest
from marketplace.accounts.security import sensitive
from marketplace.core import clock
from marketplace.core.idempotency import idempotent
from marketplace.deals.comparing import lines_of
from marketplace.deals.forms.licences import LicenceForm
from marketplace.deals.licensing import edition_on, may_be_licensed
from marketplace.deals.models import StandardLicence
from marketplace.deals.models.licences import bound_by
from marketplace.deals.services.licences import offer_licence, withdraw_licence
from marketplace.deals.subjects import open_subjects
from marketplace.deals.views.acts import do, send
from marketplace.payments.forms import BuyLicenceForm
from marketplace.payments.models import PayeeAccount
from marketplace.payments.services.licences import accounts_for, buy_licence


@require_safe
def licence(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _page(request, _visible(request, public_id))


def _visible(request: SignedInRequest, public_id: str) -> StandardLicence:
    """One that stands, while its row is open; else to the seller's people and to who took it."""
    rows = StandardLicence.objects.visible_to(request.user).select_related("organization")
    found = get_object_or_404(rows, public_id=public_id)
    mine = Membership.objects.filter(user=request.user).values("organization")
    is_ours = mine.filter(organization=found.organization_id).exists()
    took = found.acceptances.filter(organization__in=mine)
    if found.open_subject is None and not is_ours and not took.exists():
        raise Http404
    return found


def _page(
    request: SignedInRequest, found: StandardLicence, form: BuyLicenceForm | None = None
) -> HttpResponse:
    mine = Membership.objects.filter(user=request.user).values("organization")
    took = found.acceptances.values("organization")
    buyers = bound_by(request.user).exclude(pk=found.organization_id).exclude(pk__in=took)
    sells = mine.filter(organization=found.organization_id).exists()
    stands = StandardLicence.objects.standing().filter(pk=found.pk).exists()
    taken = found.acceptances.filter(organization__in=mine).select_related("deal")
    accounts = accounts_for(found)
    may_buy = bool(stands and found.open_subject and accounts and buyers and not sells)
    context: dict[str, Any] = {
        "licence": found,
        "lines": lines_of(found).values(),
        "sells": sells,
        "signs": bound_by(request.user).filter(pk=found.organization_id).exists(),
        "stands": stands and found.open_subject is not None,
        "has_account": bool(accounts),
        "taken": taken,
        "form": form
        or (
            BuyLicenceForm(buyers=buyers.order_by("name", "pk"), accounts=accounts)
            if may_buy
            else None
        ),
        "edition": edition_on(found.made_at.astimezone(clock.VIETNAM).date()),
    }
    wrong = form is not None and bool(form.errors)
    return render(request, "payments/licence.html", context, status=400 if wrong else 200)


@require_POST
def buy(request: SignedInRequest, public_id: str) -> HttpResponseBase:
    """An owner binds the buyer, with a second factor. Who may not is not asked for one."""
    _bought_by(request, public_id)
    answer: HttpResponseBase = _buy(request, public_id)
    return answer


def _bought_by(request: SignedInRequest, public_id: str) -> StandardLicence:
    """A licence that the person may take, or took, for an organisation that they bind."""
    found = _visible(request, public_id)
    buyers = bound_by(request.user)
    if not buyers.exclude(pk=found.organization_id).exists():
        raise Http404
    if Membership.objects.filter(user=request.user, organization=found.organization_id).exists():
        raise Http404
    return found


@sensitive
@idempotent
def _buy(request: SignedInRequest, public_id: str) -> HttpResponse:
    found = _bought_by(request, public_id)
    buyers = bound_by(request.user).order_by("name", "pk")
    form = BuyLicenceForm(request.POST, buyers=buyers, accounts=accounts_for(found))
    came: list[Any] = []
    return send(
        request,
        form,
        lambda: came.append(
            buy_licence(
                found, buyer=form.buyer(), account=form.payee_account(),
                sha256=request.POST.get("sha256", ""), by=request.user,
            )
        ),
        said=_("Hợp đồng đã có hai bên xác nhận. Trả khoản đầu tiên ở trang này."),
        to=lambda: came[0].get_absolute_url(),
        again=lambda: _page(request, found, form),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def offer(request: SignedInRequest, kind: str, public_id: str) -> HttpResponseBase:
    """An owner of the row's organisation binds it to what anybody may accept, with a second factor."""
    _offered_by(request, kind, public_id)
    answer: HttpResponseBase = _offer(request, kind, public_id)
    return answer


def _offered_by(request: SignedInRequest, kind: str, public_id: str) -> Any:
    rows = open_subjects(kind) if may_be_licensed(kind, clock.today()) else None
    if rows is None:
        raise Http404
    own = rows.filter(organization__in=bound_by(request.user).values("pk"))
    return get_object_or_404(own.select_related("organization"), public_id=public_id)


@sensitive
@idempotent
def _offer(request: SignedInRequest, kind: str, public_id: str) -> HttpResponse:
    subject = _offered_by(request, kind, public_id)
    versions = StandardLicence.objects.of(kind, subject.pk).order_by("-number")
    newest = versions.first()
    form = LicenceForm(request.POST or None, licence=newest)
    accounts = PayeeAccount.objects.of(subject.organization).verified()

    def again() -> HttpResponse:
        context = {
            "subject": subject,
            "form": form,
            "newest": newest,
            "has_account": accounts.exists(),
            "edition": edition_on(clock.today()),
        }
        wrong = bool(form.errors)
        return render(request, "payments/licence_offer.html", context, status=400 if wrong else 200)

    if request.method != "POST":
        return again()
    if form.is_valid() and not accounts.filter(currency=form.cleaned_data["currency"]).exists():
        form.add_error(None, _("Thêm và xác minh tài khoản của tổ chức trước."))
    came: list[StandardLicence] = []
    return send(
        request,
        form,
        lambda: came.append(
            offer_licence(subject, kind=kind, terms=form.licence_terms(), by=request.user)
        ),
        said=_("Đã mở giấy phép theo điều khoản sẵn trên trang của mục này."),
        to=lambda: came[0].get_absolute_url(),
        again=again,
    )


@require_POST
@idempotent
def withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    rows = StandardLicence.objects.signed_for_by(request.user)
    found = get_object_or_404(rows, public_id=public_id)
    return do(
        request,
        lambda: withdraw_licence(found, by=request.user),
        said=_("Đã rút. Hợp đồng đã có theo bản này vẫn giữ nguyên."),
        to=found,
    )
