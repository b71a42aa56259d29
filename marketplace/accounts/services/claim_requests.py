"""Claims with proof: a paper, or a proved address at the organisation's own domain. Staff decide."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace.accounts import verification_notices as notices
from marketplace.accounts import verification_rules
from marketplace.accounts.emails import proved_keys
from marketplace.accounts.models import ClaimRequest, ClaimState, Organization, User
from marketplace.accounts.services.evidence import add_evidence
from marketplace.accounts.states import CLAIM_TRANSITIONS
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition
from marketplace.core.uploads import CheckedFile


class NoProof(DomainError):
    """There is neither a paper nor an address at the organisation's domain."""

    def __init__(self) -> None:
        super().__init__(
            _("Hãy gửi giấy giới thiệu hoặc giấy tờ của tổ chức, hoặc xác nhận email công việc.")
        )


def domain_of(organization: Organization) -> str:
    """The domain of its website, by which an address at it is known; "" without one."""
    host = (urlsplit(organization.website).hostname or "").lower().removeprefix("www.")
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def proved_domain(organization: Organization, user: User) -> str:
    """The organisation's domain where the person has confirmed an address at it or below it."""
    domain = domain_of(organization)
    if not domain or "." not in domain:
        return ""
    hosts = (key.rpartition("@")[2] for key in proved_keys(user))
    return domain if any(host == domain or host.endswith(f".{domain}") for host in hosts) else ""


def ask_with_proof(
    organization: Organization,
    *,
    user: User,
    note: str,
    kind: str = "",
    paper: CheckedFile | None = None,
) -> ClaimRequest:
    """Hands the claim to staff. Nothing of the organisation is the person's before they decide.

    Raises:
        NoProof: nothing shows that the person speaks for it.
        DomainError: it has an owner already, or the person has asked.
    """
    domain = proved_domain(organization, user)
    if paper is None and not domain:
        raise NoProof
    with transaction.atomic():
        if Organization.objects.get(pk=organization.pk).is_claimed:
            raise InvalidTransition(
                _("Tổ chức này vừa có chủ tài khoản. Bạn làm việc ở đây thì hãy xin tham gia.")
            )
        try:
            with transaction.atomic():
                claim = ClaimRequest.objects.create(
                    organization=organization, user=user, note=note, proved_domain=domain
                )
        except IntegrityError as error:
            raise DomainError(_("Bạn đã gửi đề nghị này. Cán bộ sàn đang kiểm tra.")) from error
        if paper is not None:
            add_evidence(claim, kind=kind, checked=paper, by=user)
        _log("claim.asked", claim, by=user, has_paper=paper is not None, has_domain=bool(domain))
        notices.tell_of_claim(claim)
    return claim


@transaction.atomic
def withdraw_claim(claim: ClaimRequest, *, by: User) -> None:
    transition(claim, ClaimState.WITHDRAWN, table=CLAIM_TRANSITIONS, by=by)
    ClaimRequest.objects.filter(pk=claim.pk).update(decided_at=clock.now())
    notices.retire_claim(claim)


@transaction.atomic
def decline_claim(claim: ClaimRequest, *, by: User, reasons: Iterable[str], text: str) -> None:
    """Raises DomainError without a reason of the rules and words to the person."""
    rules, wanted = verification_rules.edition_on(), set(reasons)
    codes = [code for code in rules.claim_reasons if code in wanted]
    if not codes or not text.strip():
        raise DomainError(_("Chọn ít nhất một lý do và viết cho người đề nghị biết cần làm gì."))
    _ensure_not_own(claim, by)
    _end(claim, ClaimState.DECLINED, by=by, reasons=codes, text=text.strip())


def mark_accepted(claim: ClaimRequest, *, by: User) -> None:
    """Inside the transaction that hands the organisation over."""
    _ensure_not_own(claim, by)
    _end(claim, ClaimState.ACCEPTED, by=by, reasons=[], text="")


def end_other_claims(organization: Organization, *, winner: User, by: User) -> None:
    """Who asked too learns that it has an owner now, and that they can ask to join."""
    for claim in ClaimRequest.objects.open().filter(organization=organization).exclude(user=winner):
        with override(claim.user.language):
            said = _("Tổ chức này vừa có chủ tài khoản. Bạn làm việc ở đây thì hãy xin tham gia.")
        _end(claim, ClaimState.DECLINED, by=by, reasons=["duplicate"], text=said)
    for own in ClaimRequest.objects.open().filter(organization=organization, user=winner):
        _end(own, ClaimState.ACCEPTED, by=by, reasons=[], text="")


def _end(claim: ClaimRequest, to: str, *, by: User, reasons: list[str], text: str) -> None:
    transition(claim, to, table=CLAIM_TRANSITIONS, by=by, reason=" ".join(reasons))
    claim.decided_at, claim.decided_by = clock.now(), by
    claim.reasons, claim.text = reasons, text
    claim.save(update_fields=["decided_at", "decided_by", "reasons", "text"])
    notices.tell_of_claim_decision(claim)


def _ensure_not_own(claim: ClaimRequest, by: User) -> None:
    if claim.user_id == by.pk:
        raise DomainError(_("Đây là đề nghị của chính bạn. Hãy nhờ cán bộ khác."))


def _log(action: str, claim: ClaimRequest, *, by: User, **data: object) -> None:
    subject = f"organization:{claim.organization.public_id}"
    audit.record(action, subject, by=by, claim=claim.public_id, **data)
