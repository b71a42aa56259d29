"""Reports of listings: taken from readers and authorities, and decided by staff."""

import hashlib
from datetime import datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.listings.models import Listing, ListingReport, ReviewDecision
from marketplace.listings.operating_rules import operating_rules, report_reasons
from marketplace.listings.services.review import record_review
from marketplace.listings.services.shown import withdraw
from marketplace.taxonomy.clocks import add_working_days

State = ListingReport.State

#: Reports that one address may send in a day; counted in the cache, where nobody reads it again.
MOST_A_DAY: Final = 5
_DAY: Final = 24 * 60 * 60


class TooManyReports(DomainError):
    """This address has sent as many reports today as one may."""


def report_listing(listing: Listing, *, reason: str, text: str, address: str) -> ListingReport:
    """A reader says that a listing breaks a rule.

    Args:
        listing: one that is shown.
        reason: a code of `report_reasons`.
        text: what is wrong.
        address: where the request came from; it is counted and not kept.

    Raises:
        TooManyReports: see `MOST_A_DAY`.
    """
    if reason not in dict(report_reasons()):
        raise DomainError(_("Chọn một lý do trong danh sách."))
    if not _may_send(address):
        raise TooManyReports(
            _("Hôm nay đã có nhiều phản ánh từ nơi bạn truy cập. Hãy gọi đường dây nóng của sàn.")
        )
    rules = operating_rules()
    due = add_working_days(clock.today(), rules.report_working_days)
    with transaction.atomic():
        made = ListingReport.objects.create(
            kind=listing.KIND,
            key=listing.public_id,
            title=listing.title,
            source=ListingReport.Source.READER,
            reason=reason,
            text=text,
            received_at=clock.now(),
            due_at=datetime.combine(due + timedelta(days=1), time(), tzinfo=clock.VIETNAM),
            rules_from=rules.valid_from,
        )
        audit.record("report.received", f"report:{made.public_id}", reason=reason)
    return made


@transaction.atomic
def record_authority_request(
    listing: Listing,
    *,
    authority: str,
    document_number: str,
    reason: str,
    text: str,
    received_at: datetime,
    by: User,
) -> ListingReport:
    """Staff enter an authority's request; its hours run from the moment it was received."""
    if received_at > clock.now():
        raise DomainError(_("Thời điểm nhận không thể ở tương lai."))
    rules = operating_rules(received_at.astimezone(clock.VIETNAM).date())
    made = ListingReport.objects.create(
        kind=listing.KIND,
        key=listing.public_id,
        title=listing.title or listing.draft_title,
        source=ListingReport.Source.AUTHORITY,
        reason=reason,
        text=text,
        authority=authority,
        document_number=document_number,
        received_at=received_at,
        due_at=received_at + timedelta(hours=rules.takedown_hours),
        rules_from=rules.valid_from,
        recorded_by=by,
    )
    audit.record("report.requested", f"report:{made.public_id}", by=by, reason=reason)
    return made


@transaction.atomic
def uphold_report(report: ListingReport, *, note: str, by: User) -> ListingReport:
    """The report is right: the listing is taken down at once, and its owner reads why."""
    row = _decide(report, State.UPHELD, note=note, by=by)
    listing = row.listing()
    if listing is not None and listing.live:
        revision = listing.live_revision_id
        withdraw(listing, by=by, reason=note)
        record_review(
            listing,
            decision=ReviewDecision.Decision.TAKEN_DOWN,
            step="",
            reason_codes=[],
            note=note,
            by=by,
            revision=revision,
        )
    return row


@transaction.atomic
def dismiss_report(report: ListingReport, *, note: str, by: User) -> ListingReport:
    """There is no ground for it: the listing stays."""
    return _decide(report, State.DISMISSED, note=note, by=by)


def _decide(report: ListingReport, state: State, *, note: str, by: User) -> ListingReport:
    if not note.strip():
        raise DomainError(_("Ghi căn cứ của quyết định."))
    row = ListingReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if row.state != State.OPEN:
        raise InvalidTransition(_("Phản ánh này đã được xử lý."))
    row.state, row.decision_note, row.decided_by, row.decided_at = state, note, by, clock.now()
    row.save(update_fields=["state", "decision_note", "decided_by", "decided_at"])
    audit.record(f"report.{state}", f"report:{row.public_id}", by=by)
    return row


def _may_send(address: str) -> bool:
    day = clock.today().isoformat()
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:report:{address}:{day}".encode()).hexdigest()
    key = f"reports:{digest[:32]}"
    if cache.add(key, 1, _DAY):
        return True
    try:
        return cache.incr(key) <= MOST_A_DAY
    except ValueError:  # it ran out in between
        return True
