"""Listings in somebody's charge pass to a colleague when they leave the organisation."""

from django.db.models import Q, QuerySet
from wagtail.models import Revision

from marketplace.accounts.models import Organization, User
from marketplace.listings.models import LISTING_MODELS, Listing
from marketplace.listings.services.rows import record


def count_charge(organization: Organization, person: User) -> int:
    return sum(_in_charge(model, organization, person).count() for model in LISTING_MODELS.values())


def pass_on_charge(organization: Organization, leaver: User, successor: User) -> int:
    """Live rows and every revision: an older one that is published again brings nobody back."""
    passed = 0
    for model in LISTING_MODELS.values():
        for listing in _in_charge(model, organization, leaver).order_by("pk").iterator(200):
            _pass_on(listing, leaver, successor)
            passed += 1
    return passed


def _in_charge(model: type[Listing], organization: Organization, person: User) -> QuerySet[Listing]:
    """Rows that name the person, as they are or in their newest draft."""
    return model.objects.filter(
        Q(contact=person) | Q(latest_revision__content__contact=person.pk),
        organization=organization,
    )


def _pass_on(listing: Listing, leaver: User, successor: User) -> None:
    rows = type(listing).objects.filter(pk=listing.pk, contact=leaver)
    if rows.exists():
        rows.update_content(contact=successor)
    revisions = Revision.objects.for_instance(listing).filter(content__contact=leaver.pk)
    for revision in revisions.order_by("pk").iterator(50):
        content = revision.content | {"contact": successor.pk}
        Revision.objects.filter(pk=revision.pk).update(content=content)
    record("contact_passed_on", listing, successor)
