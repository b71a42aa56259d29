"""Staff write for a firm what it said on the telephone or at a visit; the firm confirms by the link of a mail.

Entry points authorize. Nothing is submitted, and so nothing is shown, before the firm has said yes.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.emails import email_key
from marketplace.accounts.models import Exchange, Membership, Organization, User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.ticks import kick
from marketplace.core.transitions import transition
from marketplace.listings.completeness import gaps
from marketplace.listings.models import (
    STAFF_POST_TRANSITIONS,
    Listing,
    StaffPost,
    StaffPostState,
    staff_post_terms,
)
from marketplace.listings.notices import STAFF_POST_ANSWERED, STAFF_POST_ASKED
from marketplace.listings.services.drafts import create_draft, draft_of
from marketplace.listings.services.review import Incomplete, submit
from marketplace.listings.services.rows import locked, record
from marketplace.listings.services.shown import withdraw
from marketplace.notifications.services import notify, write_to
from marketplace.taxonomy.choices import choices

WAYS: Final = "consent-ways"


@dataclass(frozen=True, slots=True)
class Consent:
    """Whose word a post rests on: how it was given, when, by whom, and where the question goes."""

    way: str
    agreed_on: date
    agreed_by: str
    email: str
    agreed_as: str = ""
    note: str = ""
    phone: str = ""
    language: str = "vi"


@transaction.atomic
def begin_staff_post(
    kind: str,
    *,
    organization: Organization,
    consent: Consent,
    by: User,
    text: str = "",
    exchange: Exchange | None = None,
) -> StaffPost:
    """A draft of the firm, begun by staff with the firm's recorded consent.

    Raises:
        DomainError: the consent is too old or unclear, or the firm has an account and the address belongs
            to none of who manages it.
    """
    _check(consent)
    contact = _manager_with(organization, consent.email)
    if organization.is_claimed and contact is None:
        raise DomainError(
            _(
                "Tổ chức này đã có tài khoản: ghi email của người quản lý tài khoản, để chính họ xác nhận."
            )
        )
    listing = create_draft(
        kind,
        organization=organization,
        contact=contact,
        text=text,
        language=consent.language,
        by=by,
        exchange=exchange,
    )
    post = StaffPost.objects.create(
        kind=kind,
        key=listing.public_id,
        organization=organization,
        by=by,
        way=consent.way,
        agreed_on=consent.agreed_on,
        agreed_by=consent.agreed_by.strip()[:120],
        agreed_as=consent.agreed_as.strip()[:120],
        note=consent.note.strip()[:500],
        email=consent.email,
        phone=consent.phone.strip()[:30],
        language=consent.language,
    )
    record("staff_post.begun", listing, by, way=consent.way, on=consent.agreed_on.isoformat())
    kick("cases.keep")
    return post


def _check(consent: Consent) -> None:
    if consent.way not in dict(choices(WAYS)):
        raise DomainError(_("Chọn cách doanh nghiệp đã đồng ý."))
    if not consent.agreed_by.strip():
        raise DomainError(_("Ghi tên người đã đồng ý."))
    today, days = clock.today(), staff_post_terms().consent_days
    if consent.agreed_on > today:
        raise DomainError(_("Ngày đồng ý còn chưa đến."))
    if consent.agreed_on < today - timedelta(days=days):
        raise DomainError(
            _("Doanh nghiệp đồng ý đã hơn %(days)s ngày. Hãy hỏi lại trước khi đăng hộ.")
            % {"days": days}
        )


def _manager_with(organization: Organization, email: str) -> User | None:
    managing = organization.memberships.filter(
        role__in=Membership.MANAGING_ROLES, user__is_active=True
    ).select_related("user")
    wanted = email_key(email)
    people = (membership.user for membership in managing.order_by("pk"))
    return next((person for person in people if email_key(person.email) == wanted), None)


@transaction.atomic
def ask_firm(post: StaffPost, *, by: User) -> StaffPost:
    """Asks the firm by a letter with a link; asked again, the former link is good no more.

    Raises:
        Incomplete: something that reviewers need is missing.
        DomainError: there is no address to write to.
    """
    row = _locked(post)
    listing = _listing_of(row)
    if row.state not in (StaffPostState.WRITING, StaffPostState.ASKED):
        raise InvalidTransition(_("Lấy tin về để sửa trước khi hỏi lại doanh nghiệp."))
    missing = gaps(draft_of(listing))
    if missing or listing.draft_inputs:
        raise Incomplete(missing)
    if not row.email:
        raise DomainError(_("Chưa có email của doanh nghiệp để gửi thư xác nhận."))
    now = clock.now()
    # What makes it valid is written first: the row may not be asked without it.
    StaffPost.objects.filter(pk=row.pk).update(
        serial=secrets.token_hex(8),
        asked_revision=listing.latest_revision_id,
        asked_at=now,
        expires_at=now + timedelta(days=staff_post_terms().link_days),
        answer="",
        answered_at=None,
    )
    if row.state != StaffPostState.ASKED:
        transition(row, StaffPostState.ASKED, table=STAFF_POST_TRANSITIONS, by=by)
    row.refresh_from_db()
    write_to(
        kind=STAFF_POST_ASKED,
        email=row.email,
        language=row.language,
        dedupe_key=f"{STAFF_POST_ASKED}:{row.public_id}:{row.asked_at:%Y%m%d%H%M%S%f}",
        context={"post": row.public_id, "asked": now.isoformat()},
    )
    record("staff_post.asked", listing, by, revision=listing.latest_revision_id)
    kick("cases.keep")
    return row


@transaction.atomic
def take_back(post: StaffPost, *, by: User) -> StaffPost:
    """To write on: the open link is good no more, and what the firm had said yes to is asked for anew.

    Raises:
        InvalidTransition: it is being written, or was given up; or reviewers have it, or it is shown.
    """
    row = _locked(post)
    listing = _listing_of(row)
    workflow = listing.current_workflow_state
    in_review = workflow is not None and workflow.status == workflow.STATUS_IN_PROGRESS
    if row.state == StaffPostState.CONFIRMED and (listing.live or in_review):
        raise InvalidTransition(
            _("Tin đang chờ duyệt hoặc đang đăng nên không lấy về được từ đây.")
        )
    transition(row, StaffPostState.WRITING, table=STAFF_POST_TRANSITIONS, by=by)
    _spend_link(row)
    record("staff_post.taken_back", listing, by)
    kick("cases.keep")
    return row


@transaction.atomic
def stop_staff_post(post: StaffPost, *, by: User) -> StaffPost:
    """Given up: the draft is withdrawn, and the link is good no more."""
    row = _locked(post)
    listing = _listing_of(row)
    transition(row, StaffPostState.STOPPED, table=STAFF_POST_TRANSITIONS, by=by)
    _spend_link(row)
    if listing.withdrawn_at is None:
        withdraw(listing, by=by)
    record("staff_post.stopped", listing, by)
    kick("cases.keep")
    return row


@transaction.atomic
def confirm_as_firm(post: StaffPost, *, serial: str, answer: str = "") -> StaffPost:
    """The firm says yes by its link: the very text it was asked about goes to review.

    Raises:
        InvalidTransition: the link was used, is too old, or another one was sent since.
    """
    row = _answered(post, StaffPostState.CONFIRMED, serial=serial, answer=answer)
    listing = _listing_of(row)
    submit(listing, by=row.by, revision_id=row.asked_revision, is_own_word=True)
    return row


@transaction.atomic
def reject_as_firm(post: StaffPost, *, serial: str, answer: str) -> StaffPost:
    """The firm says no, and what is wrong. Staff write it anew and ask again, or give it up.

    Raises:
        InvalidTransition: as `confirm_as_firm`.
    """
    return _answered(post, StaffPostState.REJECTED, serial=serial, answer=answer)


def _answered(post: StaffPost, to: StaffPostState, *, serial: str, answer: str) -> StaffPost:
    row = _locked(post)
    if not (row.has_open_link and secrets.compare_digest(row.serial, serial)):
        raise InvalidTransition(_("Đường dẫn này đã dùng hoặc đã quá hạn."))
    # Nobody signed in: the log says by which way the firm spoke.
    transition(row, to, table=STAFF_POST_TRANSITIONS, by="firm by link")
    StaffPost.objects.filter(pk=row.pk).update(
        serial="", answered_at=clock.now(), answer=answer.strip()[:500]
    )
    row.refresh_from_db()
    listing = _listing_of(row)
    audit.record(
        f"listing.staff_post.{to}",
        f"{row.kind}:{row.key}",
        by="firm by link",
        revision=row.asked_revision,
    )
    notify(
        kind=STAFF_POST_ANSWERED,
        recipient=row.by,
        dedupe_key=f"{STAFF_POST_ANSWERED}:{row.public_id}:{row.answered_at:%Y%m%d%H%M%S%f}",
        context={
            "title": draft_of(listing).title or str(listing),
            "organization": row.organization.name,
            "confirmed": to == StaffPostState.CONFIRMED,
        },
        url=listing.owner_url,
    )
    kick("cases.keep")
    return row


def _spend_link(row: StaffPost) -> None:
    StaffPost.objects.filter(pk=row.pk).update(serial="")
    row.serial = ""


def _locked(post: StaffPost) -> StaffPost:
    rows = StaffPost.objects.select_for_update(of=("self",)).select_related("organization", "by")
    return rows.get(pk=post.pk)


def _listing_of(row: StaffPost) -> Listing:
    if row.listing is None:
        raise InvalidTransition(_("Tin này không còn nữa."))
    return locked(row.listing)
