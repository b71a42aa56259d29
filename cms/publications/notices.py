"""The kinds of letter on publications."""

from django.utils.translation import gettext_lazy as _

from cms.publications.letterheads import of_subscription, register_publication_letterheads
from cms.publications.sending import letter_as_it_is, stop_path_of
from cms.publications.subscribing import confirmation_as_it_is
from cms.publications.telling import CONFIRM, ISSUE, RESTRICTED, RETURNED, TO_SIGN
from marketplace.notifications.kinds import NoticeKind, register_kind


def register_publication_notices() -> None:
    register_publication_letterheads()
    for kind in (
        NoticeKind(TO_SIGN, _("Ấn phẩm chờ ký duyệt"), "publication_to_sign", desk=True),
        NoticeKind(RETURNED, _("Ấn phẩm bị trả lại"), "publication_returned", desk=True),
        NoticeKind(RESTRICTED, _("Ấn phẩm nội bộ gửi đến bạn"), "publication_restricted"),
        NoticeKind(
            CONFIRM,
            _("Xác nhận nhận ấn phẩm"),
            "publication_confirm",
            transactional=True,
            current=confirmation_as_it_is,
            letterhead=of_subscription,
        ),
        NoticeKind(
            ISSUE,
            _("Số mới của ấn phẩm"),
            "publication_issue",
            current=letter_as_it_is,
            stop_path=stop_path_of,
            letterhead=of_subscription,
        ),
    ):
        register_kind(kind)
