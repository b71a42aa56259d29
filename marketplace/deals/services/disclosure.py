"""The disclosure ledger: agreed on, opened, read, taken back. Entry points authorize."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.transitions import transition
from marketplace.deals.models import (
    Agreement,
    AgreementAcceptance,
    Deal,
    Reading,
    Release,
    ReleaseKind,
)
from marketplace.deals.nda import digest, drawn, edition_on
from marketplace.deals.notices import deals as notices
from marketplace.deals.services.rows import locked, locked_running, subject_of
from marketplace.deals.states import RELEASE_TRANSITIONS, DealState, ReleaseState


class StaleText(DomainError):
    """What was on the page is not what stands now."""


def agreement_of(deal: Deal) -> Agreement:
    """The agreement as it was drawn, or as it would be drawn today: not kept before somebody accepts."""
    kept = Agreement.objects.filter(deal=deal).first()
    if kept is not None:
        return kept
    edition = edition_on(clock.today())
    text = drawn(edition, deal)
    return Agreement(deal=deal, edition=edition.version, text=text, sha256=digest(text))


@transaction.atomic
def accept_agreement(
    deal: Deal,
    *,
    side: Organization,
    sha256: str,
    signed_as: str,
    by_second_factor: bool,
    by: User,
) -> AgreementAcceptance:
    """One side accepts the wording that it read; once both have, parts can be opened.

    Args:
        deal: running.
        side: for which the person signs.
        sha256: of the text on the page.
        signed_as: what the person is there.
        by_second_factor: whether the session had passed one.
        by: who signs.

    Raises:
        StaleText: the text has another wording by now.
        InvalidTransition: this side has accepted already, or the deal has ended.
    """
    row = locked_running(deal)
    agreement = agreement_of(row)
    if agreement.sha256 != sha256:
        raise StaleText(_("Văn bản đã thay đổi. Hãy đọc lại rồi chấp thuận."))
    if agreement.pk is None:
        agreement.save()
    try:
        with transaction.atomic():
            made = AgreementAcceptance.objects.create(
                agreement=agreement,
                organization=side,
                accepted_by=by,
                signed_as=signed_as,
                by_second_factor=by_second_factor,
                sha256=sha256,
            )
    except IntegrityError as error:
        raise InvalidTransition(_("Tổ chức bạn đã chấp thuận thỏa thuận này.")) from error
    audit.record(
        "deal.nda_accepted", subject_of(row), by=by, side=side.public_id, sha256=sha256,
        edition=agreement.edition, signed_as=signed_as, second_factor=by_second_factor,
    )  # fmt: skip
    notices.tell_side(row, row.other(side), "nda", by=by, key=f"nda:{side.public_id}")
    return made


def is_agreed(deal: Deal) -> bool:
    sides = AgreementAcceptance.objects.filter(agreement__deal=deal)
    return sides.values("organization").distinct().count() == 2


def is_unfiled(deal: Deal) -> bool:
    """Whether what the deal is about may be an invention for which nobody has filed: opening it can cost
    its novelty."""
    subject = deal.origin.subject
    return getattr(subject, "ip_status", None) in ("none", "")


def release_text(deal: Deal, *, accepts_risk: bool = False, by: User) -> Release:
    """Opens the confidential part of the listing, as it stands now.

    Raises: as `_release`, and DomainError where there is none.
    """
    deal = _as_it_stands(deal)
    text = getattr(deal.origin.subject, "confidential", "").strip()
    if not text:
        raise DomainError(_("Tin này không có phần bảo mật."))
    return _release(
        deal,
        Release(kind=ReleaseKind.TEXT, title=_("Phần bảo mật"), text=text, sha256=digest(text)),
        accepts_risk=accepts_risk,
        by=by,
    )


def release_document(deal: Deal, *, key: str, accepts_risk: bool = False, by: User) -> Release:
    """Opens one restricted document of the listing: a copy of it as it is now.

    The storage may be elsewhere: the copy goes there before the transaction, the row within it.

    Raises: as `_release`, and DomainError where the listing has no such document.
    """
    deal = _as_it_stands(deal)
    document = next((one for one in restricted_documents(deal) if one.key == key), None)
    if document is None:
        raise DomainError(_("Tin này không còn tài liệu ấy."))
    with document.file.open() as file:
        content = file.read()
    row = Release(
        kind=ReleaseKind.DOCUMENT,
        part=key,
        title=document.display_name,
        content_type=document.content_type,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    row.file.save(document.display_name, ContentFile(content), save=False)
    try:
        return _release(deal, row, accepts_risk=accepts_risk, by=by)
    except DomainError:
        row.file.storage.delete(str(row.file.name))
        raise


def _as_it_stands(deal: Deal) -> Deal:
    """The deal with its listing read anew: what is opened is what stands now."""
    found: Deal = Deal.objects.with_sides().get(pk=deal.pk)
    return found


def restricted_documents(deal: Deal) -> list[Any]:
    """Documents of the listing that are shown to those only to whom they were opened."""
    subject = deal.origin.subject
    attachments = getattr(subject, "attachments", None)
    if attachments is None or not hasattr(subject, "confidential"):
        return []
    return [row for row in attachments.all() if row.is_confidential and not row.is_right_evidence]


@transaction.atomic
def _release(deal: Deal, release: Release, *, accepts_risk: bool, by: User) -> Release:
    """
    Raises:
        InvalidTransition: the deal has ended, or this part is open already.
        DomainError: the agreement is not in force, or nobody has filed and the opener was not asked.
    """
    row = locked_running(deal)
    if not is_agreed(row):
        raise DomainError(_("Hai bên cần chấp thuận thỏa thuận bảo mật trước."))
    release.was_warned = is_unfiled(row)
    if release.was_warned and not accepts_risk:
        raise DomainError(
            _(
                "Chưa nộp đơn đăng ký sáng chế: tiết lộ lúc này có thể làm mất tính mới. Hãy nộp đơn"
                " trước, hoặc xác nhận vẫn mở."
            )
        )
    release.deal, release.organization = row, row.other(row.discloser)
    release.released_by = by
    try:
        with transaction.atomic():
            release.save()
    except IntegrityError as error:
        raise InvalidTransition(
            _("Phần này đang mở. Muốn mở bản mới, hãy thu hồi bản cũ trước.")
        ) from error
    _record("released", release, by, warned=release.was_warned)
    notices.tell_side(row, release.organization, "released", by=by, key=f"released:{release.key}")
    return release


def release_identity(deal: Deal, *, by: User) -> None:
    """The owner who hid its name is known from now on: a line of the ledger, with the accepted interest."""
    made = Release.objects.create(
        deal=deal,
        kind=ReleaseKind.IDENTITY,
        title=_("Tên bên đăng"),
        organization=deal.other(deal.discloser),
        sha256=digest(deal.discloser.public_id),
        released_by=by,
    )
    _record("released", made, by)


@transaction.atomic
def revoke_release(release: Release, *, by: User) -> None:
    """Takes a part back for the future; what was read stays in the ledger.

    Raises:
        DomainError: a name that is known cannot be taken back.
        InvalidTransition: it was taken back already.
    """
    if release.kind == ReleaseKind.IDENTITY:
        raise DomainError(_("Bên kia đã biết tên; điều này không thu hồi được."))
    locked(release.deal)
    row = Release.objects.select_for_update(of=("self",)).get(pk=release.pk)
    if not row.is_open:
        raise InvalidTransition(_("Phần này đã được thu hồi."))
    transition(
        row,
        ReleaseState.REVOKED,
        table=RELEASE_TRANSITIONS,
        by=by,
        also={"revoked_at": clock.now(), "revoked_by": by},
    )
    release.refresh_from_db()
    _record("revoked", release, by)


@transaction.atomic
def read_release(release: Release, *, act: str, by: User) -> Release:
    """Writes down that somebody reads a part, before they do; a part taken back meanwhile is not read.

    Raises:
        InvalidTransition: it was taken back, or the deal was broken off.
    """
    row = Release.objects.select_for_update(of=("self",)).select_related("deal").get(pk=release.pk)
    if not row.is_open or row.deal.state == DealState.TERMINATED:
        raise InvalidTransition(_("Phần này không còn mở cho bạn."))
    Reading.objects.create(release=row, user=by, act=act, sha256=row.sha256)
    _record(act, row, by)
    return row


def _record(act: str, release: Release, by: User, **data: Any) -> None:
    audit.record(
        f"disclosure.{act}",
        subject_of(release.deal),
        by=by,
        release=release.key,
        sha256=release.sha256,
        to=release.organization.public_id,
        **data,
    )
