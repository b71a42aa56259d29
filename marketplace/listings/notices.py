"""Kinds of notice about a listing's own life; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from marketplace.listings.models import ReviewDecision
from marketplace.notifications.kinds import NoticeKind, register_kind

RETURNED = "review.returned"
PUBLISHED = "review.published"
REJECTED = "review.rejected"
APPROVED_STEP = "review.approved_step"
TAKEN_DOWN = "review.taken_down"
EXPIRES_SOON_NOTICE = "listing.expires_soon"
EXPIRED = "listing.expired"

#: Decisions answer something the poster did, so they always go at once.
KINDS = (
    NoticeKind(RETURNED, _("Tin cần chỉnh sửa"), "review_returned", transactional=True),
    NoticeKind(PUBLISHED, _("Tin đã được đăng"), "review_published", transactional=True),
    NoticeKind(REJECTED, _("Tin bị từ chối"), "review_rejected", transactional=True),
    NoticeKind(
        APPROVED_STEP, _("Tin đạt một bước duyệt"), "review_approved_step", transactional=True
    ),
    NoticeKind(TAKEN_DOWN, _("Tin bị gỡ"), "review_taken_down", transactional=True),
    NoticeKind(
        EXPIRES_SOON_NOTICE, _("Tin sắp hết hạn hiển thị"), "listing_expires_soon", digest=False
    ),
    NoticeKind(EXPIRED, _("Tin đã hết hạn hiển thị"), "listing_expired", transactional=True),
)
NOTICE_OF_DECISION = {
    ReviewDecision.Decision.APPROVED.value: APPROVED_STEP,
    ReviewDecision.Decision.PUBLISHED.value: PUBLISHED,
    ReviewDecision.Decision.RETURNED.value: RETURNED,
    ReviewDecision.Decision.REJECTED.value: REJECTED,
    ReviewDecision.Decision.TAKEN_DOWN.value: TAKEN_DOWN,
}


def register_notices() -> None:
    for kind in KINDS:
        register_kind(kind)
