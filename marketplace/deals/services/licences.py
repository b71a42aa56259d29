"""Standard licences: offered in versions, taken back, and taken by who accepts one exactly. Entry points authorize.

Taking one goes the way of every deal at once: interest, terms, contract and milestones are written by their own
services in one transaction, so that a deal which began so differs from no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Membership, Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition
from marketplace.deals.licensing import LicenceEdition, edition_on, may_be_licensed
from marketplace.deals.models import (
    Deal,
    DealMember,
    ExpressionOfInterest,
    LicenceAcceptance,
    MemberRole,
    StandardLicence,
)
from marketplace.deals.services.contracts import confirm_contract, draw_contract
from marketplace.deals.services.disclosure import StaleText
from marketplace.deals.services.expressions import accept_interest, express_interest
from marketplace.deals.services.people import seat_person
from marketplace.deals.services.terms import (
    PlanLine,
    Terms,
    accept_terms,
    check_terms,
    digest_of,
    offer_terms,
)
from marketplace.deals.states import LICENCE_TRANSITIONS, LicenceState
from marketplace.deals.subjects import subject_is_open
from marketplace.matching.models import Match
from marketplace.notifications.services import retire_notices

#: What is wanted by who takes one, as a code of "connection-wants".
_WANTS: Final = "transfer"
#: The right of an owner, as the contract names it.
_SIGNED_AS: Final = str(Membership.Role.OWNER)


@dataclass(frozen=True, slots=True)
class LicenceTerms:
    """Terms whose payments are due so many days after the acceptance; None where no day is said."""

    terms: Terms
    days: Sequence[int | None]
    is_exclusive: bool = False

    def as_json(self, edition: LicenceEdition) -> dict[str, Any]:
        content = self.terms.as_json()
        plan = [
            line | {"due_on": "", "days": days}
            for line, days in zip(content["plan"], self.days, strict=True)
        ]
        said = {"plan": plan, "is_exclusive": self.is_exclusive, "edition": edition.version}
        return content | said


@transaction.atomic
def offer_licence(subject: Any, *, kind: str, terms: LicenceTerms, by: User) -> StandardLicence:
    """A seller stands by a version of the terms until it takes it back; an older one ends by it.

    Args:
        subject: a row of supply that is open and says whose it is.
        kind: which of them.
        terms: what anybody may accept.
        by: binds the owner of the row, with a second factor.

    Raises:
        DomainError: the row has no licence to give, or something that every contract needs is missing.
        InvalidTransition: a colleague has just offered one.
    """
    edition = edition_on(clock.today())
    if subject.organization is None or not may_be_licensed(kind, clock.today()):
        raise DomainError(_("Mục này không chuyển quyền sử dụng theo điều khoản sẵn được."))
    if not subject_is_open(kind, subject.pk):
        raise DomainError(_("Mục này không còn mở để kết nối."))
    if getattr(subject, "hide_owner", False):
        raise DomainError(_("Tin đang ẩn tên tổ chức; hợp đồng phải nêu tên hai bên."))
    _check(terms, edition)
    content = terms.as_json(edition)
    sha256 = digest_of(content)
    before = StandardLicence.objects.of(kind, subject.pk).select_for_update(of=("self",))
    newest = before.order_by("-number").first()
    if newest is not None and newest.is_offered:
        if newest.sha256 == sha256 and newest.offered_by == by:
            raise DomainError(_("Bản này giống hệt bản đang mở."))
        _end(newest, LicenceState.REPLACED, by=by)
    try:
        with transaction.atomic():
            made = StandardLicence.objects.create(
                kind=kind,
                subject_id=subject.pk,
                number=(newest.number if newest else 0) + 1,
                organization=subject.organization,
                is_exclusive=terms.is_exclusive,
                content=content,
                sha256=sha256,
                offered_by=by,
            )
    except IntegrityError as error:
        raise InvalidTransition(_("Người khác vừa gửi một bản. Hãy tải lại trang.")) from error
    _record("offered", made, by)
    return made


def _check(terms: LicenceTerms, edition: LicenceEdition) -> None:
    check_terms(terms.terms)
    if terms.terms.price_form not in edition.price_forms:
        raise DomainError(_("Giấy phép theo điều khoản sẵn trả một lần hoặc nhiều lần bằng tiền."))
    if (len(terms.terms.plan) == 1) != (terms.terms.price_form == "lump_sum"):
        raise DomainError(_("Trả một lần thì có đúng một mốc; trả nhiều lần thì từ hai mốc."))
    if any(days is not None and not 0 <= days <= 3650 for days in terms.days):
        raise DomainError(_("Số ngày từ 0 tới 3650."))


@transaction.atomic
def withdraw_licence(licence: StandardLicence, *, by: User) -> None:
    """Nobody takes it from now on; deals that came of it stand.

    Raises InvalidTransition where it has ended already.
    """
    _end(_locked(licence), LicenceState.WITHDRAWN, by=by)
    licence.refresh_from_db()
    _record("withdrawn", licence, by)


@transaction.atomic
def take_licence(
    licence: StandardLicence, *, buyer: Organization, sha256: str, by: User
) -> LicenceAcceptance:
    """A buyer accepts exactly this version: the contract is in force, and its milestones stand.

    The entry point has asked for a second factor. Who took it before is given what came of it then.

    Raises:
        StaleText: it is not the text that was read.
        InvalidTransition: it was taken back, or another version has taken its place.
        DomainError: the row is not open any more, or is the buyer's own.
    """
    row = _locked(licence)
    taken = row.acceptances.filter(organization=buyer).select_related("deal").first()
    if taken is not None:
        return taken
    if not StandardLicence.objects.standing().filter(pk=row.pk).exists():
        raise InvalidTransition(_("Giấy phép này không còn mở theo điều khoản sẵn."))
    if row.sha256 != sha256:
        raise StaleText(_("Văn bản đã thay đổi. Hãy đọc lại rồi chấp thuận."))
    deal = _deal_of(row, buyer, by=by)
    made = LicenceAcceptance.objects.create(
        licence=row, organization=buyer, deal=deal, accepted_by=by, sha256=row.sha256
    )
    _contract(row, deal, buyer=buyer, by=by)
    if row.is_exclusive:
        _end(row, LicenceState.TAKEN, by=by)
    _record("taken", row, by, buyer=buyer.public_id, deal=deal.public_id)
    deal.refresh_from_db()
    return made


def _deal_of(licence: StandardLicence, buyer: Organization, *, by: User) -> Deal:
    """Of an interest that waits, or of one of this moment: the seller has said yes beforehand."""
    subject = licence.open_subject
    if subject is None:
        raise DomainError(_("Mục này không còn mở để kết nối."))
    waiting = ExpressionOfInterest.objects.waiting().filter(
        kind=licence.kind, subject_id=licence.subject_id, asker=buyer
    )
    expression = waiting.order_by("pk").first() or express_interest(
        subject,
        kind=licence.kind,
        asker=buyer,
        why=_("Chấp nhận giấy phép theo điều khoản sẵn, bản %(number)s.")
        % {"number": licence.number},
        wants=_WANTS,
        match=_match(licence, buyer),
        by=by,
    )
    deal = accept_interest(expression, by=_signer(licence))
    seats = DealMember.objects.filter(deal=deal, organization=buyer, user=by, left_at=None)
    if not seats.exists():
        seat_person(deal, person=by, organization=buyer, role=MemberRole.SIGNATORY, by=by)
    # Of what happened in one moment people read how it ended.
    retire_notices(f"interest:{expression.public_id}:")
    return deal


def _match(licence: StandardLicence, buyer: Organization) -> Match | None:
    """Of a need of the buyer with this row: who found the need is credited with what comes of it."""
    found = Match.objects.active().filter(
        need__organization=buyer, kind=licence.kind, candidate_id=licence.subject_id
    )
    return found.order_by("rank", "pk").first()


def _contract(licence: StandardLicence, deal: Deal, *, buyer: Organization, by: User) -> None:
    seller, signer = licence.organization, _signer(licence)
    sheet = offer_terms(deal, _terms_of(licence), side=seller, by=signer)
    accept_terms(sheet, side=buyer, sha256=sheet.sha256, by=by)
    contract = draw_contract(deal, by=signer)
    for side, person in ((seller, signer), (buyer, by)):
        confirm_contract(
            contract, side=side, sha256=contract.sha256, signed_as=_SIGNED_AS, by=person
        )
    for step in ("offered", "agreed", "drawn", "waits"):
        retire_notices(f"deal:{deal.public_id}:{step}:")


def _terms_of(licence: StandardLicence) -> Terms:
    """The same terms with their days counted from today, and with the name of this version."""
    content, today = licence.content, clock.today()
    edition = edition_on(licence.made_at.astimezone(clock.VIETNAM).date())
    closing = edition.closing.format(number=licence.number, sha256=licence.sha256)
    other = "\n".join(filter(None, (licence.contents.get("other", ""), closing)))
    plan = [PlanLine(line["title"], line["amount"]) for line in licence.plan]
    dated = [
        line if days is None else replace(line, due_on=(today + timedelta(days=days)).isoformat())
        for line, days in zip(plan, (one["days"] for one in licence.plan), strict=True)
    ]
    contents = licence.contents | {"other": other}
    return Terms(content["price_form"], contents, dated, content["currency"])


def _signer(licence: StandardLicence) -> User:
    if licence.offered_by is None:  # `standing` has asked for one
        raise InvalidTransition(_("Giấy phép này không còn mở theo điều khoản sẵn."))
    return licence.offered_by


def _locked(licence: StandardLicence) -> StandardLicence:
    rows = StandardLicence.objects.select_for_update(of=("self",))
    found: StandardLicence = rows.select_related("organization", "offered_by").get(pk=licence.pk)
    return found


def _end(licence: StandardLicence, state: LicenceState, *, by: User) -> None:
    if state not in LICENCE_TRANSITIONS.get(licence.state, frozenset()):
        raise InvalidTransition(
            _("Không làm được nữa: giấy phép này %(state)s.")
            % {"state": str(licence.get_state_display()).lower()}
        )
    transition(licence, state, table=LICENCE_TRANSITIONS, by=by, also={"ended_at": clock.now()})


def _record(act: str, licence: StandardLicence, by: User, **data: Any) -> None:
    audit.record(
        f"licence.{act}", f"licence:{licence.public_id}", by=by, number=licence.number,
        sha256=licence.sha256, **data,
    )  # fmt: skip
