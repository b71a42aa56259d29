"""Submissions by which an organisation shows who it is, and what staff decide on them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts import verification_notices as notices
from marketplace.accounts import verification_rules
from marketplace.accounts.lookalikes import ensure_plain_letters
from marketplace.accounts.models import (
    OPEN_VERIFICATION_STATES,
    Membership,
    Organization,
    User,
    Verification,
    VerificationState,
)
from marketplace.accounts.models.verification import VERIFIED_FACTS
from marketplace.accounts.names import clean_name, organization_key
from marketplace.accounts.services.evidence import rests_on_ended_paper
from marketplace.accounts.services.organizations import (
    end_recheck,
    recheck_organization,
    set_facts,
    verify_organization,
)
from marketplace.accounts.states import VERIFICATION_TRANSITIONS
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition
from marketplace.taxonomy.provinces import current_province


class Incomplete(DomainError):
    """Something that is asked for is missing; `gaps` names it: facts by name, and "papers"."""

    def __init__(self, gaps: list[str]) -> None:
        super().__init__(_("Hồ sơ còn thiếu. Hãy bổ sung những dòng được đánh dấu rồi gửi lại."))
        self.gaps = gaps


class OwnSubmission(DomainError):
    """Staff do not judge an organisation they belong to."""

    def __init__(self) -> None:
        super().__init__(_("Bạn thuộc tổ chức này nên không quyết định được. Hãy nhờ cán bộ khác."))


def shown_facts(organization: Organization) -> dict[str, Any]:
    """The facts that stand now, as a submission states them; an old province under its new code."""
    facts = {name: getattr(organization, name) for name in VERIFIED_FACTS}
    day: date | None = facts["registered_on"]
    return facts | {
        "registered_on": day.isoformat() if day else "",
        "province_code": current_province(organization.province_code),
    }


def open_verification(organization: Organization) -> Verification | None:
    return Verification.objects.open().filter(organization=organization).first()


@transaction.atomic
def begin_verification(organization: Organization, *, by: User) -> Verification:
    """The organisation's open submission; begun with the facts that stand where there is none."""
    if not organization.is_claimed:
        raise DomainError(_("Tổ chức chưa có tài khoản trên sàn nên chưa xác minh được."))
    found = open_verification(organization)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Verification.objects.create(
                organization=organization,
                facts=shown_facts(organization),
                edition=verification_rules.edition_on().code,
            )
    except IntegrityError:  # a colleague began it at the same moment
        return Verification.objects.open().get(organization=organization)


@transaction.atomic
def save_facts(
    verification: Verification, *, by: User, note: str = "", **facts: Any
) -> Verification:
    """Writes what the owner states; a draft may be incomplete.

    Raises:
        LooksLikeAnother: a letter of the name is not what it seems.
        InvalidTransition: it has been submitted meanwhile.
    """
    if unknown := facts.keys() - set(VERIFIED_FACTS):
        raise TypeError(f"not a fact that is verified: {', '.join(sorted(unknown))}")
    if name := facts.get("name"):
        facts["name"] = clean_name(name)
        ensure_plain_letters(facts["name"])
    stated = {
        name: value.isoformat() if isinstance(value, date) else value or ""
        for name, value in facts.items()
    }
    row = _editable(verification)
    row.facts = row.facts | stated
    row.note, row.changed_at = note, clock.now()
    row.save(update_fields=["facts", "note", "changed_at"])
    return row


def gaps(verification: Verification) -> list[str]:
    """Names of the facts that are asked for and missing, and "papers" where there is none that counts."""
    rules = verification_rules.edition(verification.edition)
    asked = rules.asked_of(verification.facts)
    missing = [name for name in asked.facts if not verification.facts.get(name)]
    if not organization_key(verification.facts.get("name", "")) and "name" not in missing:
        missing.append("name")
    held = verification.evidence.held().filter(kind__in=asked.papers)
    if not any(one.valid_until is None or one.valid_until >= clock.today() for one in held):
        missing.append("papers")
    return missing


def changed_facts(verification: Verification) -> list[str]:
    """Which facts a submission states otherwise than they are shown."""
    shown = shown_facts(verification.organization)
    return [name for name in VERIFIED_FACTS if verification.facts.get(name, "") != shown[name]]


@transaction.atomic
def submit_verification(verification: Verification, *, by: User) -> Verification:
    """Hands it to staff. Where a verified fact is to change, the mark says so from now on.

    Raises:
        Incomplete: something is missing.
        InvalidTransition: it was submitted already.
    """
    transition(verification, VerificationState.SUBMITTED, table=VERIFICATION_TRANSITIONS, by=by)
    # What is judged is the row as it is now that nobody can write to it any more.
    verification.refresh_from_db()
    if missing := gaps(verification):
        raise Incomplete(missing)
    verification.submitted_at, verification.submitted_by = clock.now(), by
    verification.save(update_fields=["submitted_at", "submitted_by"])
    if changed_facts(verification):
        recheck_organization(verification.organization, by=by, reason="facts")
    notices.tell_of_submission(verification)
    return verification


@transaction.atomic
def withdraw_verification(verification: Verification, *, by: User) -> None:
    """Takes it back; the facts that were verified stand again."""
    transition(verification, VerificationState.WITHDRAWN, table=VERIFICATION_TRANSITIONS, by=by)
    _close(verification)
    _stand_again(verification.organization, by=by)


@transaction.atomic
def accept_verification(
    verification: Verification, *, by: User, checks: Iterable[str], text: str = ""
) -> Verification:
    """The mark is given, on the level that the checks amount to; what was stated is shown.

    Raises:
        DomainError: a required check was not ticked off, or name or tax code are another's.
        OwnSubmission: who decides belongs to the organisation.
        InvalidTransition: somebody has decided.
    """
    rules = verification_rules.edition(verification.edition)
    ticked = [code for code in rules.checks if code in set(checks)]
    if missing := rules.required_checks() - set(ticked):
        names = "; ".join(str(rules.checks[code].words) for code in rules.checks if code in missing)
        raise DomainError(_("Chưa kiểm tra: %(checks)s.") % {"checks": names})
    _ensure_impartial(verification.organization, by)
    for former in verification.organization.verifications.accepted():
        transition(former, VerificationState.REPLACED, table=VERIFICATION_TRANSITIONS, by=by)
        _close(former)
    transition(verification, VerificationState.ACCEPTED, table=VERIFICATION_TRANSITIONS, by=by)
    verification.refresh_from_db()
    _decide(verification, by=by, checks=ticked, level=rules.level_for(ticked), text=text)
    organization = verification.organization
    set_facts(organization, by=by, **verification.stated)
    verify_organization(organization, by=by, level=verification.level)
    notices.tell_of_verification(verification)
    return verification


@transaction.atomic
def return_verification(
    verification: Verification, *, by: User, reasons: Iterable[str], text: str
) -> Verification:
    """The owner mends it and submits again."""
    return _send_back(verification, VerificationState.RETURNED, by=by, reasons=reasons, text=text)


@transaction.atomic
def refuse_verification(
    verification: Verification, *, by: User, reasons: Iterable[str], text: str
) -> Verification:
    """It is over; the facts of before stand again."""
    row = _send_back(verification, VerificationState.REFUSED, by=by, reasons=reasons, text=text)
    _close(row)
    _stand_again(row.organization, by=by)
    return row


def _send_back(
    verification: Verification, to: str, *, by: User, reasons: Iterable[str], text: str
) -> Verification:
    rules = verification_rules.edition(verification.edition)
    wanted = set(reasons)
    codes = [code for code in rules.reasons if code in wanted]
    if not codes or not text.strip():
        raise DomainError(_("Chọn ít nhất một lý do và viết cho tổ chức biết cần làm gì."))
    _ensure_impartial(verification.organization, by)
    transition(verification, to, table=VERIFICATION_TRANSITIONS, by=by, reason=" ".join(codes))
    _decide(verification, by=by, reasons=codes, text=text.strip())
    notices.tell_of_verification(verification)
    return verification


def _decide(verification: Verification, *, by: User, **said: Any) -> None:
    said |= {"decided_at": clock.now(), "decided_by": by, "changed_at": clock.now()}
    for name, value in said.items():
        setattr(verification, name, value)
    verification.save(update_fields=list(said))
    subject = f"organization:{verification.organization.public_id}"
    audit.record(
        "verification.decided",
        subject,
        by=by,
        state=verification.state,
        level=verification.level,
        checks=verification.checks,
    )


def _ensure_impartial(organization: Organization, by: User) -> None:
    if Membership.objects.filter(user=by, organization=organization).exists():
        raise OwnSubmission


def _editable(verification: Verification) -> Verification:
    rows = Verification.objects.select_for_update(of=("self",)).select_related("organization")
    row = rows.get(pk=verification.pk)
    if not row.is_editable:
        raise InvalidTransition(_("Hồ sơ đã gửi nên không sửa được. Hãy rút lại trước khi sửa."))
    return row


def _close(verification: Verification) -> None:
    """Counts the days until its papers leave the storage from now."""
    Verification.objects.filter(pk=verification.pk).update(changed_at=clock.now())


def _stand_again(organization: Organization, *, by: User) -> None:
    still_open = organization.verifications.filter(state__in=OPEN_VERIFICATION_STATES).exists()
    if not still_open and not rests_on_ended_paper(organization):
        end_recheck(organization, by=by)
