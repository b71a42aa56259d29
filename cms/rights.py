"""What nobody may do in the admin, whatever their rights, and the yes/no questions for buttons."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from cms.publications.models import IssueSending
from marketplace.accounts.models import (
    ClaimRequest,
    Exchange,
    JoinRequest,
    Membership,
    Organization,
    Outreach,
    User,
    Verification,
)
from marketplace.cases.models import Case
from marketplace.listings.models import (
    LISTING_MODELS,
    Listing,
    ListingReport,
    ReturnReason,
    StaffPost,
)
from marketplace.notifications.models import Delivery
from marketplace.privacy.models import SubjectRequest
from marketplace.registration.models import FocalPoint, RuleBook
from marketplace.research.models import (
    Application,
    Attachment,
    Form,
    FormField,
    FullTextRule,
    NumberPattern,
    Person,
    Programme,
    Result,
    Task,
)
from marketplace.sources.models import (
    Conflict,
    Correction,
    LinkPair,
    Merge,
    Run,
    SharingAgreement,
    Source,
)
from marketplace.taxonomy.models import CalendarDay, TermPair, UnresolvedCode, Word
from search.models import IndexRun


class KeptPolicy(ModelPermissionPolicy):
    """Rows that the exchange makes by its own services and never deletes, whoever asks.

    A listing is posted by its owner and withdrawn; an index entry of a deleted row would have nobody
    to take it back.
    """

    denied = frozenset({"add", "delete"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in self.denied and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return super().user_has_any_permission(user, set(actions) - self.denied)


class ReadOnlyPolicy(KeptPolicy):
    denied = frozenset({"add", "change", "delete"})


class UndeletedPolicy(KeptPolicy):
    """Rows that others refer to, as an account by what its person did: switched off, not deleted."""

    denied = frozenset({"delete"})


#: What leads keep of registration: bodies, rules, forms and days, each in versions that stay.
REGISTRATION_RULES = (
    FocalPoint, Form, FormField, NumberPattern, FullTextRule, CalendarDay,
)  # fmt: skip


def register_policies() -> None:
    for model in (
        *LISTING_MODELS.values(), Case, ListingReport, Organization, Outreach, Person, UnresolvedCode,
    ):  # fmt: skip
        register_permission_policy(model, KeptPolicy(model))
    for model in (ClaimRequest, Delivery, IssueSending, JoinRequest, Run, Verification):
        register_permission_policy(model, ReadOnlyPolicy(model))
    for model in (
        Conflict, Correction, LinkPair, Merge, RuleBook, Result, Application, Attachment,
    ):  # fmt: skip
        register_permission_policy(model, KeptPolicy(model))
    register_permission_policy(SubjectRequest, UndeletedPolicy(SubjectRequest))
    register_permission_policy(StaffPost, UndeletedPolicy(StaffPost))
    for kept in (
        Exchange, ReturnReason, Source, SharingAgreement, Word, TermPair, Task, Programme, *REGISTRATION_RULES,
    ):  # fmt: skip
        register_permission_policy(kept, UndeletedPolicy(kept))


def permission(model: type[Model], right: str) -> Permission:
    """The permission row `right_model`; made here where the model's own app does not declare it."""
    options = model._meta
    found, _made = Permission.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(model),
        codename=f"{right}_{options.model_name}",
        defaults={"name": f"Can {right} {options.model_name}"},
    )
    return found


def has_right(user: Any, right: str, model: type[Model]) -> bool:
    return bool(user.has_perm(f"{model._meta.app_label}.{right}_{model._meta.model_name}"))


def is_own(listing: Listing, user: User) -> bool:
    """Whether the person acts for the listing's organisation, for the broker that posted it, or wrote it
    for a firm: then they do not judge it."""
    sides = {listing.organization_id, getattr(listing, "found_by_id", None)} - {None}
    return (
        Membership.objects.filter(user=user, organization_id__in=sides).exists()
        or StaffPost.objects.of(listing).filter(by=user).exists()
    )


def may_take_down(user: Any, listing: Listing) -> bool:
    return has_right(user, "publish", type(listing))


def may_verify(user: Any) -> bool:
    return has_right(user, "verify", Organization)


def may_send_again(user: Any) -> bool:
    return has_right(user, "resend", Delivery)


def may_see_index(user: Any) -> bool:
    return has_right(user, "view", IndexRun)


def may_keep_index(user: Any) -> bool:
    """To ask for a rebuild or a check."""
    return has_right(user, "add", IndexRun)
