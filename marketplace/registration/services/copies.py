"""Certified copies: asked for, issued with a number of the certificate's own series, each one logged."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError
from marketplace.core.transitions import transition
from marketplace.registration.models import Certificate, CertifiedCopy
from marketplace.registration.notices import COPY_ASKED, COPY_ISSUED, tell_desk, tell_organization
from marketplace.registration.services.rows import record
from marketplace.registration.states import COPY_TRANSITIONS, CopyState


@transaction.atomic
def request_copy(certificate: Certificate, *, by: User, purpose: str) -> CertifiedCopy:
    """One request waits at a time, so that a second click asks for nothing more."""
    purpose = purpose.strip()
    if not purpose:
        raise DomainError(_("Ghi bản sao dùng vào việc gì."))
    # The certificate's row is the lock of its copies.
    Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    waiting = CertifiedCopy.objects.filter(certificate=certificate, state=CopyState.REQUESTED)
    if found := waiting.first():
        return found
    copy = CertifiedCopy.objects.create(
        certificate=certificate, purpose=purpose[:300], requested_by=by, requested_at=clock.now()
    )
    record(certificate.dossier, "copy_requested", by=by, note=purpose[:300])
    audit.record("certificate.copy_requested", f"certificate:{certificate.number}", by=by)
    tell_desk(certificate.dossier, COPY_ASKED, copy=copy.public_id)
    return copy


@transaction.atomic
def issue_copy(copy: CertifiedCopy, *, by: User) -> CertifiedCopy:
    Certificate.objects.select_for_update(of=("self",)).get(pk=copy.certificate_id)
    last = CertifiedCopy.objects.filter(certificate=copy.certificate_id).aggregate(
        last=Max("sequence")
    )["last"]
    CertifiedCopy.objects.filter(pk=copy.pk, state=CopyState.REQUESTED).update(
        sequence=(last or 0) + 1, issued_at=clock.now(), issued_by=by
    )
    transition(copy, CopyState.ISSUED, table=COPY_TRANSITIONS, by=by)
    copy.refresh_from_db()
    dossier = copy.certificate.dossier
    record(dossier, "copy_issued", by=by, by_desk=True, note=str(copy.sequence))
    tell_organization(dossier, COPY_ISSUED, copy=copy.public_id)
    return copy


@transaction.atomic
def decline_copy(copy: CertifiedCopy, *, by: User, note: str) -> CertifiedCopy:
    if not note.strip():
        raise DomainError(_("Ghi lý do không cấp bản sao."))
    transition(copy, CopyState.DECLINED, table=COPY_TRANSITIONS, by=by)
    record(copy.certificate.dossier, "copy_declined", by=by, by_desk=True, note=note.strip())
    return copy
