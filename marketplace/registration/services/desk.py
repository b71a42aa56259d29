"""What the focal point's people do with a dossier they received."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.registration import rules
from marketplace.registration.models import Dossier
from marketplace.registration.notices import ACCEPTED, REFUSED, RETURNED, tell_organization
from marketplace.registration.services.drafts import take_columns
from marketplace.registration.services.rows import locked, move
from marketplace.registration.states import DossierState


@transaction.atomic
def begin_review(dossier: Dossier, *, by: User) -> Dossier:
    """From here on the organisation can no longer recall it."""
    row = locked(dossier)
    move(row, DossierState.IN_REVIEW, by=by, by_desk=True, action="review_begun", due_on=row.due_on)
    return row


@transaction.atomic
def return_dossier(
    dossier: Dossier, *, by: User, reasons: Iterable[tuple[str, str]], note: str = ""
) -> Dossier:
    """Asks for corrections.

    Args:
        reasons: (reason code, item code or "") pairs of the editions in force; at least one.
        note: what to do, in words; asked for with the reason "other".
    """
    row = locked(dossier)
    given = [{"code": code, "item": item} for code, item in reasons]
    known_reasons = {reason.code for reason in rules.reasons(row.ruled_on)}
    known_items = {item.code for item in rules.items(row.ruled_on)} | {""}
    if not given:
        raise DomainError(_("Chọn ít nhất một lý do."))
    if any(g["code"] not in known_reasons or g["item"] not in known_items for g in given):
        raise DomainError(_("Lý do này không có trong danh mục."))
    if not note.strip() and any(g["code"] == "other" for g in given):
        raise DomainError(_("Ghi rõ lý do khác ở phần ghi chú."))
    take_columns(row)
    move(
        row,
        DossierState.RETURNED,
        by=by,
        by_desk=True,
        action="returned",
        reasons=given,
        note=note.strip(),
        due_on=row.due_on,
        decided_at=clock.now(),
    )
    tell_organization(row, RETURNED)
    return row


@transaction.atomic
def refuse_dossier(dossier: Dossier, *, by: User, note: str) -> Dossier:
    """Ends a dossier that can never lead to a certificate: not subject to registration, or another's."""
    if not note.strip():
        raise DomainError(_("Ghi lý do không tiếp nhận."))
    row = locked(dossier)
    move(
        row,
        DossierState.REFUSED,
        by=by,
        by_desk=True,
        action="refused",
        note=note.strip(),
        decided_at=clock.now(),
    )
    tell_organization(row, REFUSED)
    return row


@transaction.atomic
def accept_dossier(dossier: Dossier, *, by: User, note: str = "") -> Dossier:
    """The dossier is complete and right; the certificate is to be issued by its due day."""
    row = locked(dossier)
    move(
        row,
        DossierState.ACCEPTED,
        by=by,
        by_desk=True,
        action="accepted",
        note=note.strip(),
        due_on=row.due_on,
        decided_at=clock.now(),
    )
    tell_organization(row, ACCEPTED)
    return row


@transaction.atomic
def take_back_acceptance(dossier: Dossier, *, by: User, note: str) -> Dossier:
    """Who signs found a fault: the dossier is read again."""
    if not note.strip():
        raise DomainError(_("Ghi rõ cần xem lại điều gì."))
    row = locked(dossier)
    move(
        row,
        DossierState.IN_REVIEW,
        by=by,
        by_desk=True,
        action="acceptance_taken_back",
        note=note.strip(),
        due_on=row.due_on,
    )
    return row
