"""What every kind of listing is: its life, its revisions, who may see and change it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
    WorkflowState,
)

from marketplace.accounts.models import Exchange, Membership, Organization
from marketplace.accounts.scopes import Scope, scope_of
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.models import Staged, StagedQuerySet
from marketplace.core.text import fold, slugify
from marketplace.listings.models.staff_posts import StaffPost, StaffPostState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.fronts import Front
    from marketplace.accounts.models import User


class ListingStatus(models.TextChoices):
    """What the owner reads beside a listing; derived, never stored (see `Listing.status`)."""

    DRAFT = "draft", _("Bản nháp")
    OWN_REVIEW = "own_review", _("Chờ tổ chức duyệt")
    IN_REVIEW = "in_review", _("Chờ duyệt")
    RETURNED = "returned", _("Cần chỉnh sửa")
    PUBLISHED = "published", _("Đang đăng")
    CHANGES_IN_REVIEW = "changes_in_review", _("Đang đăng, bản sửa chờ duyệt")
    CHANGES_OWN_REVIEW = "changes_own_review", _("Đang đăng, bản sửa chờ tổ chức duyệt")
    CHANGES_RETURNED = "changes_returned", _("Đang đăng, bản sửa cần chỉnh")
    CHANGES_DRAFT = "changes_draft", _("Đang đăng, có bản sửa chưa gửi")
    EXPIRED = "expired", _("Hết hạn")
    SUSPENDED = "suspended", _("Tạm ẩn, chờ xác nhận")
    WITHDRAWN = "withdrawn", _("Đã rút")


def curation_scope(user: Any, model: type[models.Model]) -> Scope:
    """Where exchange staff with the right to read listings of a kind read all of them, confidential parts
    among them: everywhere, or in provinces of their own.

    An account of staff alone reads nothing: who writes pages or grades suggestions reads what all read.
    """
    return scope_of(user, f"{model._meta.app_label}.view_{model._meta.model_name}")


def curates(user: Any, listing: Listing) -> bool:
    """Whether the person reads this listing as a curator does."""
    scope = curation_scope(user, type(listing))
    if scope.everywhere or not scope.provinces:
        return scope.everywhere
    return bool(type(listing).objects.within(scope).filter(pk=listing.pk).exists())


def public_now(prefix: str = "") -> Q:
    """The condition that anybody may read a listing today.

    Args:
        prefix: the way to the listing, as "need__".
    """
    last = f"{prefix}valid_until"
    return Q(
        Q(**{last: None}) | Q(**{f"{last}__gte": clock.today()}),
        **{f"{prefix}live": True, f"{prefix}withdrawn_at": None, f"{prefix}suspended_at": None},
    )


def searched_titles(title: str, draft_title: str) -> str:
    """What the lists of staff find a listing by: its title, and that of its draft where it differs."""
    return fold(title if title == draft_title else f"{title} {draft_title}")[:502]


#: What a card shows as it stands in the row (`presentation.card_key`).
CARD_FIELDS: Final = (
    "language", "summary", "budget_min", "budget_max", "price_mode", "price_min", "price_max", "trl", "deadline", "turnaround",
)  # fmt: skip
_ON_CARDS: Final = (
    *CARD_FIELDS, "exchange", "public_id", "title", "draft_title", "province_code", "hide_owner", "price_basis", "first_published_at",
)  # fmt: skip


class ListingQuerySet(StagedQuerySet):
    def public(self) -> Self:
        """What anybody may read now: approved, not withdrawn or suspended, not past its validity."""
        return self.filter(public_now())

    def for_cards(self) -> Self:
        """With what a card shows (`presentation.card`) and no more: the other columns are most of a row."""
        known = {field.name for field in self.model._meta.concrete_fields}
        own = (name for name in _ON_CARDS if name in known)
        return self.select_related("organization").only(
            *own, "organization__name", "organization__status"
        )

    def shown_on(self, front: Front) -> Self:
        """What a site shows of these: those of its exchange alone, where it is set so."""
        return self.filter(exchange=front.exchange) if front.own_only else self

    def own_first(self, front: Front) -> Self:
        """On the site of an exchange that shows others' listings too its own stand before them."""
        if front.is_default or front.own_only:
            return self
        others = models.Case(
            models.When(exchange=front.exchange, then=0),
            default=1,
            output_field=models.IntegerField(),
        )
        usual = self.query.order_by or self.model._meta.ordering or ()
        return self.order_by(others, *usual)

    def with_confirmation(self) -> Self:
        """`known_at`: when the owner last said that it holds; posting it said so too."""
        return self.annotate(known_at=Coalesce("last_confirmed_at", "first_published_at"))

    def editable_by(self, user: User | AnonymousUser) -> Self:
        """Listings of the organisations in which the person edits; of staff what they write for firms."""
        if not user.is_authenticated:
            return self.none()
        mine = self._edited_by(user)
        if user.is_staff:
            mine |= self._written_for_firms(user, StaffPostState.WRITING)
        return self.filter(mine)

    def owned_by(self, user: User | AnonymousUser) -> Self:
        """Listings of the organisations the person belongs to in any role; of staff what they wrote for
        firms."""
        if not user.is_authenticated:
            return self.none()
        mine = self._owned_by(user)
        if user.is_staff:
            mine |= self._written_for_firms(user, *StaffPostState)
        return self.filter(mine)

    def _written_for_firms(self, user: User, *states: StaffPostState) -> Q:
        """What staff write for firms, until the firm is asked: then it is hers."""
        kind = getattr(self.model, "KIND", "")
        posts = StaffPost.objects.curated_by(user, "change").filter(kind=kind, state__in=states)
        return Q(public_id__in=posts.values("key"))

    def _edited_by(self, user: User) -> Q:
        editing = Organization.objects.filter(
            memberships__user=user, memberships__role__in=Membership.EDITING_ROLES
        )
        return Q(organization__in=editing)

    def _owned_by(self, user: User) -> Q:
        return Q(organization__in=Organization.objects.filter(memberships__user=user))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Public ones; their own to members; to staff who curate this kind all that is in their scope."""
        scope = curation_scope(user, self.model)
        if scope.everywhere:
            return self.all()
        visible = self.public() | self.within(scope) if scope.provinces else self.public()
        return (visible | self.owned_by(user)) if user.is_authenticated else visible

    def within(self, scope: Scope) -> Self:
        """Rows of the provinces of a scope: by what is live, by the newest draft of what is not; without
        a province by that of their organisation."""
        if scope.everywhere:
            return self.all()
        here = sorted(scope.provinces)
        draft = "latest_revision__content__province_code"
        at_home = Q(organization__province_code__in=here)
        shown = Q(province_code__in=here) | Q(at_home, province_code="")
        drafted = Q(**{f"{draft}__in": here}) | Q(
            Q(**{draft: ""}) | Q(latest_revision=None), at_home
        )
        return self.filter(Q(shown, live=True) | Q(drafted, live=False))

    def curated_by(self, user: Any, right: str = "view") -> Self:
        """Rows on which a person of the staff holds a right."""
        options = self.model._meta
        return self.within(scope_of(user, f"{options.app_label}.{right}_{options.model_name}"))

    def of_organizations(self, pks: list[int]) -> Self:
        return self.filter(organization__in=pks)

    def due_to_expire(self) -> Self:
        return self.filter(live=True, valid_until__lt=clock.today())

    def due_to_remind(self, before: timedelta) -> Self:
        """Public ones whose last day comes within `before`, their owner not yet told of that day."""
        today = clock.today()
        return self.filter(
            ~Q(reminded_of=F("valid_until")) | Q(reminded_of=None),
            live=True,
            withdrawn_at=None,
            suspended_at=None,
            valid_until__range=(today, today + before),
        )

    def with_status(self) -> Self:
        """Reads the workflow of all rows in one query, so that `status` costs none a row."""
        active = WorkflowState.objects.active().select_related("current_task_state__task")
        return self.prefetch_related(
            models.Prefetch("workflow_states", queryset=active, to_attr="_current_workflow_states")
        )

    def in_fields(self, *codes: str) -> Self:
        """Rows with a field at or below one of these codes (`401` finds `40107`)."""
        listed = self.alias(_fields=Cast("field_codes", models.TextField()))
        wanted = Q(pk__in=[])
        for code in codes:
            wanted |= Q(_fields__contains=f'"{code}')
        return listed.filter(wanted)


class Listing(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    ClusterableModel,
    Staged,
):
    #: "need" | "offer" | "equipment" | "service": the kind in the index, in addresses and in matches.
    KIND: ClassVar[str]
    #: Letters of the public number, `NC-00412`.
    NUMBER_PREFIX: ClassVar[str]
    #: The field that takes the words with which somebody began, where they are too long for a title.
    BEGUN_TEXT: ClassVar[str]
    UNVERSIONED_FIELDS = frozenset(
        {
            "latest_revision", "has_unpublished_changes", "draft_title", "locked", "locked_at",
            "locked_by", "submitted_at", "draft_inputs", "draft_sessions", "number", "last_confirmed_at",
            "reminded_of", "asked_step", "asked_at", "own_asked_at", "title_folded",
        }
    )  # fmt: skip
    #: Belong to the listing, not to one revision of it: publishing an old revision keeps them.
    KEPT_ACROSS_REVISIONS: ClassVar[tuple[str, ...]] = (
        "public_id", "content_version", "indexed_version", "matched_version",
        "alerted_version", "exchange_id", "organization_id", "number", "draft_title", "withdrawn_at", "withdrawal_reason",
        "last_confirmed_at", "submitted_at", "created_at", "locked", "locked_at", "locked_by_id",
        "draft_inputs", "draft_sessions", "reminded_of", "asked_step", "asked_at", "own_asked_at",
        "suspended_at", "withdrawal_code",
    )  # fmt: skip

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="+", editable=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="%(class)ss", verbose_name=_("tổ chức")
    )
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người phụ trách"),
    )
    number = models.PositiveIntegerField(null=True, blank=True, editable=False)

    title = models.CharField(_("tên"), max_length=250, blank=True)
    summary = models.CharField(_("tóm tắt một câu"), max_length=400, blank=True)
    language = models.CharField(
        _("ngôn ngữ bài viết"),
        max_length=2,
        choices=[("vi", "Tiếng Việt"), ("en", "English")],
        default="vi",
    )
    keywords = models.CharField(_("từ khóa"), max_length=400, blank=True)
    field_codes = models.JSONField(_("lĩnh vực khoa học và công nghệ"), default=list, blank=True)
    industry_codes = models.JSONField(_("ngành kinh tế"), default=list, blank=True)
    province_code = models.CharField(_("tỉnh, thành phố"), max_length=4, blank=True)
    confidential = models.TextField(_("phần bảo mật"), blank=True)
    hide_owner = models.BooleanField(_("ẩn tên tổ chức"), default=False)
    valid_until = models.DateField(_("hiệu lực đến"), null=True, blank=True)

    #: The title of the newest draft, for lists; the row itself keeps what is published.
    draft_title = models.CharField(max_length=250, blank=True, editable=False)
    #: Both titles without marks and capitals, for the lists of staff; see `searched_titles`.
    title_folded = models.CharField(max_length=502, blank=True, default="", editable=False)
    #: What was typed into the draft and cannot be read yet (a number, a date), as posted, by step.
    draft_inputs = models.JSONField(default=dict, blank=True, editable=False)
    #: The open form that saved each step last, and how far it was: `{step: [session, keystroke]}`.
    #: Its next save never meets itself as a stranger, and a save that was overtaken is left aside.
    draft_sessions = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawal_reason = models.CharField(max_length=300, blank=True, editable=False)
    #: A code of the vocabulary "withdrawal-reasons": what readers of its address are told.
    withdrawal_code = models.CharField(max_length=20, blank=True, editable=False)
    #: Nobody answered whether it still holds: hidden until its owner says so.
    suspended_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: Days after the last confirmation of the last question, and when the first one since went out.
    asked_step = models.PositiveSmallIntegerField(default=0, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: Its draft waits for a manager of its own organisation, who passes it on to the staff.
    own_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: The last day its owner was told about: moved, there is something to tell again.
    reminded_of = models.DateField(null=True, blank=True, editable=False)

    _revisions = GenericRelation(
        "wagtailcore.Revision", related_query_name="%(class)s", for_concrete_model=False
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="%(class)s",
        for_concrete_model=False,
    )

    objects = ListingQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-first_published_at", "-pk"]
        constraints = [
            # Drafts may be empty; what readers see may not.
            models.CheckConstraint(
                condition=Q(live=False) | (~Q(title="") & ~Q(summary="")),
                name="%(class)s_live_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(live=False) | Q(withdrawn_at=None), name="%(class)s_withdrawn_not_live"
            ),
            models.UniqueConstraint(
                fields=["exchange", "number"], name="%(class)s_number_once_an_exchange"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(indexed_version__lt=F("content_version")),
                name="%(class)s_to_index",
            ),
            models.Index(
                fields=["id"],
                condition=Q(matched_version__lt=F("content_version")),
                name="%(class)s_to_match",
            ),
            models.Index(
                fields=["id"],
                condition=Q(alerted_version__lt=F("content_version")),
                name="%(class)s_to_alert",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.draft_title or str(_("Chưa đặt tên"))

    # --- revisions ----------------------------------------------------------------------------

    @property
    def revisions(self) -> Any:
        return self._revisions

    def with_content_json(self, content: dict[str, Any]) -> Any:
        listing = super().with_content_json(content)
        for name in self.KEPT_ACROSS_REVISIONS:
            setattr(listing, name, getattr(self, name))
        return listing

    @transaction.atomic
    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        # The version and the child rows change together, or a tick could index half of a change.
        self.title_folded = searched_titles(self.title, self.draft_title)
        if update_fields is not None and {"title", "draft_title"} & set(update_fields):
            update_fields = {*update_fields, "title_folded"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def publish(self, *args: Any, **kwargs: Any) -> Any:
        """As Wagtail's, whoever asks; what staff wrote for a firm waits for the firm's own word."""
        if StaffPost.objects.of(self).unconfirmed().exists():
            raise DomainError(_("Doanh nghiệp chưa xác nhận tin này nên chưa đăng được."))
        return super().publish(*args, **kwargs)

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return f"listings/{self.KIND}_detail.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        # The admin has its own ways back.
        return {"listing": self, "object": self, "is_preview": True, "back_url": ""}

    # --- what readers see ---------------------------------------------------------------------

    @property
    def display_number(self) -> str:
        return f"{self.NUMBER_PREFIX}-{self.number:05d}" if self.number else ""

    @property
    def is_public(self) -> bool:
        return self.can_be_renewed and self.suspended_at is None

    @property
    def can_be_renewed(self) -> bool:
        """Shown, or hidden only because nobody has answered yet: its owner's word is enough."""
        return (
            self.live
            and self.withdrawn_at is None
            and (self.valid_until is None or self.valid_until >= clock.today())
        )

    @property
    def status(self) -> ListingStatus:
        """Derived from Wagtail's draft and workflow state; costs a query unless prefetched."""
        if self.withdrawn_at is not None:
            return ListingStatus.WITHDRAWN
        workflow = self.current_workflow_state
        returned = workflow is not None and workflow.status == workflow.STATUS_NEEDS_CHANGES
        if self.can_be_renewed and self.suspended_at is not None:
            return ListingStatus.SUSPENDED
        if self.own_asked_at is not None:
            return ListingStatus.CHANGES_OWN_REVIEW if self.is_public else ListingStatus.OWN_REVIEW
        if self.is_public:
            if workflow is None:
                return (
                    ListingStatus.CHANGES_DRAFT
                    if self.has_unpublished_changes
                    else ListingStatus.PUBLISHED
                )
            return ListingStatus.CHANGES_RETURNED if returned else ListingStatus.CHANGES_IN_REVIEW
        if workflow is not None:
            return ListingStatus.RETURNED if returned else ListingStatus.IN_REVIEW
        if self.live or self.expired:
            return ListingStatus.EXPIRED
        return ListingStatus.DRAFT

    def get_absolute_url(self) -> str:
        return reverse(f"listings:{self.KIND}", args=[slugify(str(self)), self.public_id])

    @property
    def owner_url(self) -> str:
        """The page where the owner sees and does everything about it."""
        return reverse("dashboard:listing", args=[self.KIND, self.public_id])

    def public_owner(self) -> Organization | None:
        """The organisation as others may know it: None where the owner is hidden."""
        return None if self.hide_owner else self.organization
