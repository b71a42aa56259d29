import factory
from factory.django import DjangoModelFactory

from marketplace.accounts.models import (
    Membership,
    Organization,
    OrganizationStatus,
    Outreach,
    User,
)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"nguoi{n}@example.vn")
    full_name = factory.Sequence(lambda n: f"Nguyễn Văn {n}")
    password = factory.django.Password("mat-khau-thu")


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
