"""Groups of exchange staff and what each may do, as data; `cms.setup` makes them."""

from collections.abc import Iterable
from typing import Final

from django.contrib.auth.models import Permission
from django.db.models import Model

from cms.publications.models import IssueSending
from cms.rights import REGISTRATION_RULES, permission
from cms.sites.models import SiteLook
from marketplace.accounts.models import (
    ClaimRequest,
    Exchange,
    JoinRequest,
    Organization,
    Outreach,
    Verification,
)
from marketplace.cases.models import AssignmentRule, Case
from marketplace.deals.models import Deal, ExpressionOfInterest
from marketplace.experts.models import Expert
from marketplace.listings.models import LISTING_MODELS, ListingReport, ReturnReason, StaffPost
from marketplace.matching.models import JudgingPool, Match, Rematching
from marketplace.notifications.models import Delivery
from marketplace.payments.models import Payment
from marketplace.privacy.models import SubjectRequest
from marketplace.registration.models import FocalPoint, RuleBook
from marketplace.research.models import Application, Attachment, Person, Programme, Result, Task
from marketplace.sources.models import (
    Conflict,
    Correction,
    LinkPair,
    Merge,
    Run,
    SharingAgreement,
    Source,
)
from marketplace.taxonomy.models import TermPair, UnresolvedCode, Word
from search.models import IndexRun

Rights = list[tuple[type[Model], tuple[str, ...]]]

GROUPS: Final = {
    "officers": "Cán bộ duyệt",
    "leads": "Phụ trách duyệt",
    "provincial": "Cán bộ duyệt của tỉnh",
    "editors": "Biên tập trang",
    "judges": "Chuyên gia chấm gợi ý",
    "statistics": "Cán bộ thống kê",
    "finance": "Cán bộ tài chính",
}

#: Groups whose rights hold in the provinces of their people alone (`accounts.scopes`).
NARROWED: Final = frozenset({"provincial"})

#: What a group that was set up before `HandedOut` was kept has not got, though it holds other rights on
#: the same rows.
ADDED_LATER: Final = frozenset({"change_attachment"})


def group_rights() -> dict[str, Rights]:
    """Each group's rights on rows, besides the way into the admin. Rights on pages: `cms.pages.setup`."""
    officers: Rights = [
        *((model, ("view", "change")) for model in LISTING_MODELS.values()),
        (Case, ("view", "change")),
        (ExpressionOfInterest, ("view", "change")),
        (Deal, ("view", "change")),
        (ListingReport, ("view",)),
        (StaffPost, ("view", "add", "change")),
        (Organization, ("view", "change")),
        (Outreach, ("view", "change")),
        (Delivery, ("view", "resend")),
        (JoinRequest, ("view",)),
        (Expert, ("view", "change")),
        (Run, ("view",)),
        (Source, ("view",)),
        (Conflict, ("view", "change")),
        (Correction, ("view", "add")),
        (LinkPair, ("view", "change")),
        (Merge, ("view", "change")),
        (UnresolvedCode, ("view", "change")),
        (Task, ("view", "add", "change")),
        (Programme, ("view", "add", "change")),
        (Person, ("view", "change")),
        (Attachment, ("view", "change")),
        (Result, ("view", "change")),
        (Application, ("view", "change")),
        (IndexRun, ("view",)),
        (Rematching, ("view",)),
        (FocalPoint, ("view",)),
        (RuleBook, ("view",)),
        (Match, ("view", "change")),
        (JudgingPool, ("view", "change")),
    ]
    leads = [
        *officers,
        # The last approver needs "publish", or the last approval fails with the workflow still open.
        *((model, ("publish", "lock", "unlock")) for model in LISTING_MODELS.values()),
        (AssignmentRule, ("view", "add", "change", "delete")),
        # Whoever decides takes listings down: the right of the last step.
        (ListingReport, ("change",)),
        (Organization, ("verify",)),
        (Verification, ("view",)),
        (ClaimRequest, ("view",)),
        # A new exchange is a new host: who runs the machine opens it.
        (Exchange, ("view", "change")),
        (SiteLook, ("change",)),
        (ReturnReason, ("view", "add", "change")),
        (Source, ("view", "add", "change")),
        (SharingAgreement, ("view", "add", "change")),
        (IndexRun, ("add",)),
        (IssueSending, ("view",)),
        (Rematching, ("change",)),
        (JudgingPool, ("add",)),
        (SubjectRequest, ("view", "add", "change")),
        (Word, ("view", "add", "change")),
        (TermPair, ("view", "add", "change")),
        *((model, ("view", "add", "change")) for model in REGISTRATION_RULES),
        (RuleBook, ("view", "change")),
    ]
    return {
        "officers": officers,
        "leads": leads,
        # Of the provinces of each of its people alone (`NARROWED`). Rights on rows that know no province
        # would open what enterprises of every other province said in confidence.
        "provincial": [
            *((model, ("view", "change")) for model in LISTING_MODELS.values()),
            (Case, ("view", "change")),
            (ExpressionOfInterest, ("view", "change")),
            (Deal, ("view", "change")),
            (StaffPost, ("view", "add", "change")),
        ],
        "editors": [(IssueSending, ("view",))],
        # What is public and what came in; nothing that an enterprise said in confidence.
        "statistics": [
            (Organization, ("view",)),
            (Run, ("view",)),
            (Source, ("view",)),
            (Task, ("view",)),
            (Programme, ("view",)),
            (Result, ("view",)),
            (Application, ("view",)),
            (FocalPoint, ("view",)),
            (RuleBook, ("view",)),
        ],
        "judges": [(JudgingPool, ("view", "change"))],
        "finance": [(Organization, ("view",)), (Payment, ("view", "change"))],
    }


def permissions_of(rights: Rights) -> list[Permission]:
    """The rows of these rights, and of the way into the admin; what no app declares is made."""
    wanted = [(model, right) for model, names in rights for right in names]
    known = {
        (row.content_type.app_label, row.codename): row
        for row in Permission.objects.filter(
            codename__in={*_codenames(wanted), "access_admin"}
        ).select_related("content_type")
    }
    found = [
        known.get((model._meta.app_label, f"{right}_{model._meta.model_name}"))
        or permission(model, right)
        for model, right in wanted
    ]
    return [*found, known["wagtailadmin", "access_admin"]]


def _codenames(wanted: Iterable[tuple[type[Model], str]]) -> set[str]:
    return {f"{right}_{model._meta.model_name}" for model, right in wanted}
