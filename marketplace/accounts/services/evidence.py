"""Papers: taken in encrypted, read by few and each time logged, reminded of and removed in time."""

from datetime import date, timedelta
from typing import Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from marketplace.accounts import verification_notices as notices
from marketplace.accounts import verification_rules
from marketplace.accounts.models import (
    ClaimRequest,
    ClaimState,
    Evidence,
    Organization,
    User,
    Verification,
    VerificationState,
)
from marketplace.accounts.services.organizations import recheck_organization
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.sealing import Unreadable, seal, unseal
from marketplace.core.uploads import CheckedFile

PURPOSE: Final = "papers of organisations"
MOST: Final = 12
#: How the stage signs in the audit log.
STAGE: Final = "accounts.evidence"


def add_evidence(
    shows: Verification | ClaimRequest,
    *,
    kind: str,
    checked: CheckedFile,
    by: User,
    valid_until: date | None = None,
) -> Evidence:
    """Keeps a checked file, encrypted; `shows` says what for.

    Raises:
        DomainError: no such kind of paper, or too many of them.
        InvalidTransition: the submission is with staff, the claim decided.
    """
    if kind not in verification_rules.edition_on().papers:
        raise DomainError(_("Hãy chọn loại giấy tờ trong danh sách."))
    row = Evidence(
        verification=shows if isinstance(shows, Verification) else None,
        claim=shows if isinstance(shows, ClaimRequest) else None,
        kind=kind,
        display_name=checked.display_name,
        content_type=checked.content_type,
        size=checked.size,
        valid_until=valid_until,
        uploaded_by=by,
    )
    checked.content.seek(0)
    sealed = seal(checked.content.read(), purpose=PURPOSE)
    # The storage may be elsewhere: the file goes there before the transaction, the row within it.
    row.file.save("x.sealed", ContentFile(sealed), save=False)
    try:
        with transaction.atomic():
            _ensure_open(row)
            if shows.evidence.held().count() >= MOST:
                raise DomainError(_("Tối đa %(most)d tệp cho một hồ sơ.") % {"most": MOST})
            row.save()
    except DomainError:
        row.file.storage.delete(str(row.file.name))
        raise
    audit.record("evidence.added", f"evidence:{row.public_id}", by=by, kind=kind)
    return row


def read_evidence(evidence: Evidence, *, by: User) -> bytes:
    """The paper as it was sent; the access is logged before anything is handed out.

    Raises:
        FileNotFoundError: the file is gone or cannot be unsealed.
    """
    audit.record("evidence.read", f"evidence:{evidence.public_id}", by=by)
    with evidence.file.open("rb") as sealed:
        try:
            return unseal(sealed.read(), purpose=PURPOSE)
        except Unreadable as error:
            raise FileNotFoundError(evidence.public_id) from error


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: User) -> None:
    """Takes a paper out of a submission that is still being written."""
    _ensure_open(evidence)
    _remove(evidence, by=by)


def rests_on_ended_paper(organization: Organization) -> bool:
    """Whether a paper that the mark rests on is no longer valid."""
    return (
        Evidence.objects.filter(
            verification__organization=organization,
            verification__state=VerificationState.ACCEPTED,
            valid_until__lt=clock.today(),
        )
        .exclude(kind="authorization")
        .exists()
    )


def follow_up_batch(limit: int = 50) -> int:
    """Tells of papers that end, lets the mark be checked again when they have, removes old files."""
    return _remind(limit) + _end(limit) + _remove_outdated(limit)


def _carrying() -> QuerySet[Evidence]:
    """Papers that a mark rests on."""
    return (
        Evidence.objects.held()
        .filter(verification__state=VerificationState.ACCEPTED, ended_at=None)
        .exclude(kind="authorization")
        .select_related("verification__organization")
        .order_by("pk")
    )


def _remind(limit: int) -> int:
    soon = clock.today() + timedelta(days=verification_rules.edition_on().remind_days)
    due = _carrying().filter(valid_until__range=(clock.today(), soon), reminded_at=None)
    done = 0
    for paper in due[:limit]:
        with transaction.atomic():
            if Evidence.objects.filter(pk=paper.pk, reminded_at=None).update(
                reminded_at=clock.now()
            ):
                notices.tell_of_paper(paper, ended=False)
        done += 1
    return done


def _end(limit: int) -> int:
    done = 0
    for paper in _carrying().filter(valid_until__lt=clock.today())[:limit]:
        with transaction.atomic():
            if Evidence.objects.filter(pk=paper.pk, ended_at=None).update(ended_at=clock.now()):
                assert paper.verification is not None
                recheck_organization(paper.verification.organization, by=STAGE, reason="paper")
                notices.tell_of_paper(paper, ended=True)
        done += 1
    return done


def _remove_outdated(limit: int) -> int:
    rules, now, state = verification_rules.edition_on(), clock.now(), VerificationState
    begun = Q(verification__state__in=[state.DRAFT, state.RETURNED])
    ended = Q(verification__state__in=[state.REFUSED, state.WITHDRAWN, state.REPLACED])
    outdated = Evidence.objects.held().filter(
        begun & Q(verification__changed_at__lte=now - timedelta(days=rules.keep_draft_days))
        | ended & Q(verification__changed_at__lte=now - timedelta(days=rules.keep_days))
        | Q(claim__decided_at__lte=now - timedelta(days=rules.keep_days))
    )
    rows = list(outdated.order_by("pk")[:limit])
    for row in rows:
        with transaction.atomic():
            _remove(row, by=STAGE)
    return len(rows)


def _remove(evidence: Evidence, *, by: User | str) -> None:
    """The file first: killed before the row says so, the next run finds the row again."""
    name = str(evidence.file.name)
    if name:
        evidence.file.storage.delete(name)
    gone = Evidence.objects.filter(pk=evidence.pk, removed_at=None)
    if gone.update(removed_at=clock.now(), file="", display_name=""):
        audit.record("evidence.removed", f"evidence:{evidence.public_id}", by=by)


def _ensure_open(evidence: Evidence) -> None:
    if evidence.claim is not None:
        claims = ClaimRequest.objects.select_for_update(of=("self",))
        is_open = claims.get(pk=evidence.claim.pk).state == ClaimState.OPEN
    else:
        assert evidence.verification is not None
        rows = Verification.objects.select_for_update(of=("self",))
        is_open = rows.get(pk=evidence.verification.pk).is_editable
    if not is_open:
        raise InvalidTransition(_("Hồ sơ đã gửi nên không sửa được. Hãy rút lại trước khi sửa."))
