"""Kinds of notice about a listing's own life; registered when the app is ready."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.listings.liveness import renewal_url
from marketplace.listings.models import LISTING_MODELS, ReviewDecision, StaffPost
from marketplace.listings.staff_links import answer_url, draft_of_post
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.models import Notice
from marketplace.taxonomy.labels import label

RETURNED = "review.returned"
PUBLISHED = "review.published"
REJECTED = "review.rejected"
APPROVED_STEP = "review.approved_step"
TAKEN_DOWN = "review.taken_down"
UNDONE = "review.undone"
EXPIRES_SOON_NOTICE = "listing.expires_soon"
EXPIRED = "listing.expired"
STILL_HOLDS = "listing.still_holds"
SUSPENDED = "listing.suspended"
STAFF_POST_ASKED = "listing.staff_post_asked"
STAFF_POST_ANSWERED = "listing.staff_post_answered"
OWN_APPROVAL_ASKED = "listing.own_approval_asked"
NEED_MERGED = "listing.need_merged"
DEAD_LINK = "listing.dead_link"
RIGHT_LAPSES = "listing.right_lapses"
LISTING_SPLIT = "listing.split"
OWN_APPROVAL_ANSWERED = "listing.own_approval_answered"


def _with_link(notice: Notice) -> dict[str, Any] | None:
    """The mail of a question carries a link that answers it without signing in; it lies in no table.

    None where there is nothing to answer any more.
    """
    context = notice.context
    if "key" not in context:  # written before there were such links
        return context
    rows = LISTING_MODELS[context["kind"]].objects.filter(public_id=context["key"])
    listing = rows.first()
    if listing is None or not listing.can_be_renewed:
        return None
    notice.url = renewal_url(listing, notice.recipient)
    return context


def _asked_of_firm(notice: Notice) -> dict[str, Any] | None:
    """The letter to a firm as it is when it leaves; its link is made here. None where it was taken back,
    answered, or asked again since."""
    rows = StaffPost.objects.select_related("organization", "by")
    post = rows.filter(public_id=notice.context["post"]).first()
    if post is None or not post.has_open_link or post.asked_at is None:
        return None
    if post.asked_at != datetime.fromisoformat(notice.context["asked"]) or post.expires_at is None:
        return None
    notice.url = answer_url(post)
    return notice.context | {
        "title": draft_of_post(post),
        "organization": post.organization.name,
        "officer": post.by.get_full_name() or str(post.by),
        "way": label("consent-ways", post.way),
        "agreed_on": f"{post.agreed_on:%d/%m/%Y}",
        "agreed_by": post.agreed_by,
        "until": f"{post.expires_at.astimezone(clock.VIETNAM):%d/%m/%Y}",
    }


#: Decisions answer something the poster did, so they always go at once.
KINDS = (
    NoticeKind(RETURNED, _("Tin cần chỉnh sửa"), "review_returned", transactional=True),
    NoticeKind(PUBLISHED, _("Tin đã được đăng"), "review_published", transactional=True),
    NoticeKind(REJECTED, _("Tin bị từ chối"), "review_rejected", transactional=True),
    NoticeKind(
        APPROVED_STEP, _("Tin đạt một bước duyệt"), "review_approved_step", transactional=True
    ),
    NoticeKind(TAKEN_DOWN, _("Tin bị gỡ"), "review_taken_down", transactional=True),
    NoticeKind(UNDONE, _("Quyết định duyệt được hoàn tác"), "review_undone", transactional=True),
    NoticeKind(
        EXPIRES_SOON_NOTICE,
        _("Tin sắp hết hạn hiển thị"),
        "listing_expires_soon",
        digest=False,
        current=_with_link,
    ),
    NoticeKind(
        STILL_HOLDS,
        _("Tin còn đúng không"),
        "listing_still_holds",
        digest=False,
        current=_with_link,
    ),
    NoticeKind(
        SUSPENDED,
        _("Tin tạm ẩn vì chưa xác nhận"),
        "listing_suspended",
        transactional=True,
        current=_with_link,
    ),
    NoticeKind(EXPIRED, _("Tin đã hết hạn hiển thị"), "listing_expired", transactional=True),
    NoticeKind(
        STAFF_POST_ASKED,
        _("Tin cán bộ sàn soạn hộ chờ xác nhận"),
        "staff_post_asked",
        transactional=True,
        current=_asked_of_firm,
    ),
    NoticeKind(
        STAFF_POST_ANSWERED,
        _("Doanh nghiệp trả lời tin đăng hộ"),
        "staff_post_answered",
        transactional=True,
    ),
    NoticeKind(
        OWN_APPROVAL_ASKED,
        _("Tin của tổ chức chờ bạn duyệt"),
        "own_approval_asked",
        transactional=True,
    ),
    NoticeKind(
        OWN_APPROVAL_ANSWERED,
        _("Người quản lý trả lời bản trình"),
        "own_approval_answered",
        transactional=True,
    ),
    NoticeKind(NEED_MERGED, _("Nhu cầu trùng được gộp"), "need_merged", transactional=True),
    NoticeKind(LISTING_SPLIT, _("Tin được tách thành hai"), "listing_split", transactional=True),
    NoticeKind(DEAD_LINK, _("Đường dẫn trong tin không mở được"), "dead_link"),
    NoticeKind(RIGHT_LAPSES, _("Hiệu lực của bằng, đơn trong tin"), "right_lapses"),
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
