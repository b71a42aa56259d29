"""People on the public page of their organisation: field by field, where they agreed to it."""

from dataclasses import dataclass

from marketplace.accounts.models import Organization, User
from marketplace.privacy.ledger import documents
from marketplace.privacy.models import Consent

#: What has to be agreed to, and the fields of the account that are shown then. Nobody is shown without a name.
NAME = "show_name"
_FIELDS = {"show_expertise": "expertise", "show_email": "email", "show_phone": "phone"}


@dataclass(frozen=True, slots=True)
class PublishedPerson:
    name: str
    job_title: str
    expertise: str = ""
    email: str = ""
    phone: str = ""


def published_people(organization: Organization) -> list[PublishedPerson]:
    """Those who work there now and agree to it now, in the version in force."""
    versions = {one.code: one.version for one in documents()}
    people = User.objects.filter(
        is_active=True, memberships__organization=organization, full_name__gt=""
    )
    agreed: dict[int, set[str]] = {}
    standing = Consent.objects.filter(
        user__in=people, withdrawn_at=None, document__in=[NAME, *_FIELDS]
    )
    for row in standing:
        if versions.get(row.document) == row.version:
            agreed.setdefault(row.user_id, set()).add(row.document)
    return [
        _shown(person, agreed[person.pk])
        for person in people.order_by("memberships__joined_at", "pk").distinct()
        if NAME in agreed.get(person.pk, ())
    ]


def _shown(person: User, agreed: set[str]) -> PublishedPerson:
    more = {name: getattr(person, name) for code, name in _FIELDS.items() if code in agreed}
    return PublishedPerson(person.full_name, person.job_title, **more)
