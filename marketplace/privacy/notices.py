"""What people are told about their data; these go at once."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.templatetags.design import date_vi
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.services import notify
from marketplace.privacy.models import Closing, DataCopy, SubjectRequest

COPY_READY = "privacy.copy_ready"
CLOSING_ASKED = "privacy.closing_asked"
REQUEST_ANSWERED = "privacy.request_answered"


def register_notices() -> None:
    for kind, label, template in (
        (COPY_READY, _("Bản sao dữ liệu đã sẵn sàng"), "privacy_copy_ready"),
        (CLOSING_ASKED, _("Tài khoản sẽ được đóng"), "privacy_closing_asked"),
        (REQUEST_ANSWERED, _("Trả lời yêu cầu về dữ liệu cá nhân"), "privacy_request_answered"),
    ):
        register_kind(NoticeKind(kind, label, template, transactional=True))


def tell_copy_ready(copy: DataCopy) -> None:
    _tell(copy.user, COPY_READY, copy.public_id, {"expires_on": date_vi(copy.expires_at)})


def tell_closing(closing: Closing) -> None:
    due = {"due_on": date_vi(closing.due_on)}
    _tell(closing.user, CLOSING_ASKED, str(closing.pk), due)


def tell_answer(request: SubjectRequest) -> None:
    if request.user is not None:
        context = {"kind": request.kind, "state": request.state}
        key = f"{request.public_id}:{request.state}"
        _tell(request.user, REQUEST_ANSWERED, key, context)


def _tell(user: Any, kind: str, key: str, context: dict[str, Any]) -> None:
    url = reverse("privacy:mine")
    notify(kind=kind, recipient=user, dedupe_key=f"{kind}:{key}", context=context, url=url)
