"""What a person is told of their profile; registered when the app is ready."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.text import new_public_id
from marketplace.experts.models import Expert
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.services import notify

DECIDED = "expert.decided"


def register_notices() -> None:
    register_kind(
        NoticeKind(DECIDED, _("Hồ sơ chuyên gia đã được xem"), "expert_decided", transactional=True)
    )


def tell_decision(expert: Expert) -> None:
    notify(
        kind=DECIDED,
        recipient=expert.user,
        dedupe_key=f"expert:{expert.public_id}:{new_public_id()}",
        context={"state": expert.state, "note": expert.note},
        url=reverse("experts:mine"),
    )
