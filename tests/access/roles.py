"""The people of the matrix of rights: one of each role, with the rows that make them it."""

from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import Client, override_settings
from wagtail.users.models import UserProfile

from cms.setup import group_named
from marketplace.accounts.models import Membership
from marketplace.registration.models import FocalOfficer
from tests.access.names import ROLE_NAMES
from tests.factories.accounts import (
    MembershipFactory,
    UserFactory,
    agreed,
    asked_again,
    factor_given,
    second_factor,
)
from tests.factories.registration import FocalOfficerFactory


@dataclass(frozen=True)
class Rows:
    #: Role in the organisation whose rows are asked for.
    member: str = ""
    #: The organisation of which they are an owner, where it is another one.
    of: str = ""
    #: Group of exchange staff, by its key in `cms.groups`.
    group: str = ""
    #: The province to which their rights are narrowed.
    province: str = ""
    #: Role at a focal point: of the ministry that keeps the rows, or of the national agency.
    officer: str = ""
    at: str = "ministry"


MADE_OF = {
    "alone": Rows(),
    "viewer": Rows(member=Membership.Role.VIEWER),
    "contributor": Rows(member=Membership.Role.CONTRIBUTOR),
    "owner": Rows(member=Membership.Role.OWNER),
    "stranger": Rows(of="other"),
    "broker": Rows(of="broker"),
    "past_broker": Rows(of="past_broker"),
    "curator": Rows(group="officers"),
    "senior": Rows(group="leads"),
    "provincial": Rows(group="provincial", province="68"),
    "far_provincial": Rows(group="provincial", province="92"),
    "officer": Rows(officer=FocalOfficer.Role.OFFICER),
    "registrar": Rows(officer=FocalOfficer.Role.SIGNER),
    "compliance": Rows(officer=FocalOfficer.Role.OFFICER, at="agency"),
    "editor": Rows(group="editors"),
    "statistics": Rows(group="statistics"),
    "judge": Rows(group="judges"),
    "finance": Rows(group="finance"),
    "administrator": Rows(),
}
#: Machines, with the name of their key in the world.
KEYS = {"client": "key", "own_client": "own_key"}
assert set(MADE_OF) | {"anonymous"} | set(KEYS) == set(ROLE_NAMES)


def make_people(world: Any) -> dict[str, Any]:
    """The person of each role that is one."""
    return {name: _person(name, rows, world) for name, rows in MADE_OF.items()}


def _person(name: str, rows: Rows, world: Any) -> Any:
    user = UserFactory(
        email=f"{name}@example.vn",
        is_staff=bool(rows.group) or name == "administrator",
        is_superuser=name == "administrator",
        staff_provinces=[rows.province] if rows.province else [],
    )
    if rows.group:
        user.groups.add(group_named(rows.group))
    if rows.officer:
        FocalOfficerFactory(user=user, role=rows.officer, focal_point=getattr(world, rows.at))
    if rows.member:
        MembershipFactory(user=user, organization=world.organization, role=rows.member)
    if rows.of:
        MembershipFactory(user=user, organization=getattr(world, rows.of))
    # Owners too: without it what cannot be taken back would lead them to where it is set up.
    if rows.officer or rows.of or user.is_staff or rows.member == Membership.Role.OWNER:
        second_factor(user)
    return user


def headers_of(role: str, world: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {getattr(world, KEYS[role])}"} if role in KEYS else {}


def cookies_of(role: str, world: Any) -> dict[str, str]:
    if role not in world.people:
        return {}
    return {settings.SESSION_COOKIE_NAME: _session_of(world.people[role])}


def _session_of(person: Any) -> str:
    """Signed in, all of it proved a moment ago, the papers agreed to: as a cookie."""
    client = Client()
    with override_settings(SESSION_ENGINE="django.contrib.sessions.backends.db"):
        client.force_login(person)
        factor_given(client, person)
        agreed(client)
        asked_again(client)
        known = dict(client.session.items())
    session = SessionStore()
    session.update(known)
    session.save()
    return session.session_key


class KnownPeople(AuthenticationBackend):
    """Who somebody is and what they may do is read once: whatever a visit does to it is undone."""

    people: ClassVar[dict[int, Any]] = {}

    def get_user(self, user_id: int) -> Any:
        if user_id not in self.people:
            person = self.people[user_id] = super().get_user(user_id)
            person.get_all_permissions()
            if person.is_staff:
                UserProfile.get_for_user(person)
        return copy(self.people[user_id])
