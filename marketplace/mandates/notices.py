"""What both sides are told about a mandate; kinds are registered when the app is ready."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import MANAGING_ROLES, Organization, Role, User
from marketplace.mandates.models import Mandate, MandateState
from marketplace.notifications.kinds import NoticeKind, register_kind
from marketplace.notifications.services import notify, retire_notices

MANDATE = "mandate.changed"


def register_notices() -> None:
    register_kind(
        NoticeKind(MANDATE, _("Ủy quyền cho bên môi giới"), "mandate_changed", transactional=True)
    )


def tell(mandate: Mandate, *, by: User | None) -> None:
    """Whoever has to know that the mandate is now in its state; not who did it."""
    if mandate.state != MandateState.ASKED:
        retire_notices(f"mandate:{mandate.public_id}:{MandateState.ASKED}")
    for organization, roles in _concerned(mandate):
        people = User.objects.filter(
            is_active=True,
            memberships__organization=organization,
            memberships__role__in=roles,
        ).exclude(pk__in=[by.pk] if by else [])
        for person in people.distinct().order_by("pk"):
            notify(
                kind=MANDATE,
                recipient=person,
                dedupe_key=f"mandate:{mandate.public_id}:{mandate.state}",
                context={
                    "broker": str(mandate.broker),
                    "firm": str(mandate.firm),
                    "state": mandate.state,
                },
                url=reverse("mandates:mandate", args=[mandate.public_id]),
            )


def _concerned(mandate: Mandate) -> list[tuple[Organization, tuple[Role, ...]]]:
    firm = (mandate.firm, (Role.OWNER,))
    broker = (mandate.broker, MANAGING_ROLES)
    if mandate.state == MandateState.ASKED:
        return [firm]
    if mandate.state in (MandateState.ACTIVE, MandateState.DECLINED):
        return [broker]
    return [firm, broker]
