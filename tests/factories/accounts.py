import time

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Permission
from factory.django import DjangoModelFactory

from marketplace.accounts.models import (
    Membership,
    Organization,
    OrganizationStatus,
    Outreach,
    User,
)
from marketplace.privacy.middleware import in_force
from marketplace.privacy.services import agree_on_opening


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"nguoi{n}@example.vn")
    full_name = factory.Sequence(lambda n: f"Nguyễn Văn {n}")
    password = factory.django.Password("mat-khau-thu")


class CuratorFactory(UserFactory):
    """Exchange staff with the rights to read all listings and matches, without a group."""

    is_staff = True

    @factory.post_generation
    def rights(self, create, extracted, **kwargs):
        names = (
            "view_need",
            "view_technologyoffer",
            "view_equipment",
            "view_service",
            "view_match",
        )
        self.user_permissions.add(*Permission.objects.filter(codename__in=names))


class OrganizationFactory(DjangoModelFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Công ty TNHH Thử nghiệm {n}")
    status = OrganizationStatus.VERIFIED

    class Params:
        #: Named by an imported record, not on the exchange yet.
        unclaimed = factory.Trait(
            name=factory.Sequence(lambda n: f"Viện Nghiên cứu thử nghiệm {n}"),
            kind="institute",
            status=OrganizationStatus.UNCLAIMED,
        )


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)
    role = Membership.Role.OWNER


class OutreachFactory(DjangoModelFactory):
    class Meta:
        model = Outreach

    organization = factory.SubFactory(OrganizationFactory, unclaimed=True)
    reason = "Phù hợp với nhu cầu NC-00001"


def proved(user, email=""):
    """The person has confirmed this address, as everybody who signed in with a password has."""
    EmailAddress.objects.create(
        user=user, email=email or user.email, verified=True, primary=not email
    )
    agree_on_opening(user)
    return user


def second_factor(user):
    """A code generator, as staff and owners have before they do what cannot be taken back."""
    TOTP.activate(user, generate_totp_secret())
    return user


def factor_given(client, user):
    """The browser's session has passed the second factor that the person has, as allauth asks at login."""
    newest = Authenticator.objects.filter(user_id=user.pk).order_by("pk").last()
    if newest is not None:
        _record(client, {"method": "mfa", "id": newest.pk, "type": newest.type})


def agreed(client):
    """The browser's person has agreed to what is part of having an account."""
    session = client.session
    session["agreed_to"] = in_force()
    session.save()


def asked_again(client):
    """The browser's person has given the password once more a moment ago."""
    _record(client, {"method": "password", "reauthenticated": True})
    return client


def _record(client, facts):
    session = client.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    given = session.get("account_authentication_methods", [])
    session["account_authentication_methods"] = [*given, facts | {"at": time.time()}]
    session.save()
