"""Needs, technology offers and equipment: what is posted, curated and matched.

Codes (fields, industries, transfer forms …) are kept as lists of codes of the versioned vocabularies
(`taxonomy`): they belong to the revision, and old rows keep the code they were given.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
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
from marketplace.core import clock
from marketplace.core.models import Staged, StagedQuerySet
from marketplace.core.storage import private_storage, public_storage, stored_name
from marketplace.core.text import slugify

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


class ListingStatus(models.TextChoices):
    """What the owner reads beside a listing; derived, never stored (see `Listing.status`)."""

    DRAFT = "draft", _("Bản nháp")
    IN_REVIEW = "in_review", _("Chờ duyệt")
    RETURNED = "returned", _("Cần chỉnh sửa")
    PUBLISHED = "published", _("Đang đăng")
    CHANGES_IN_REVIEW = "changes_in_review", _("Đang đăng, bản sửa chờ duyệt")
    CHANGES_RETURNED = "changes_returned", _("Đang đăng, bản sửa cần chỉnh")
    CHANGES_DRAFT = "changes_draft", _("Đang đăng, có bản sửa chưa gửi")
    EXPIRED = "expired", _("Hết hạn")
    WITHDRAWN = "withdrawn", _("Đã rút")


class ListingQuerySet(StagedQuerySet):
    def public(self) -> Self:
        """What anybody may read now: approved, not withdrawn, not past its validity."""
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=clock.today()), live=True, withdrawn_at=None
        )

    def editable_by(self, user: User | AnonymousUser) -> Self:
        """Listings of the organisations in which the person edits."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            organization__in=Organization.objects.filter(
                memberships__user=user, memberships__role__in=Membership.EDITING_ROLES
            )
        )

    def owned_by(self, user: User | AnonymousUser) -> Self:
        """Listings of the organisations the person belongs to in any role."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(organization__in=Organization.objects.filter(memberships__user=user))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Public ones; their own to members; every one to exchange staff."""
        if user.is_authenticated and user.is_staff:
            return self.all()
        visible = self.public()
        return (visible | self.owned_by(user)) if user.is_authenticated else visible

    def of_organizations(self, pks: list[int]) -> Self:
        return self.filter(organization__in=pks)

    def due_to_expire(self) -> Self:
        return self.filter(live=True, valid_until__lt=clock.today())

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
    #: "need" | "offer" | "equipment": the kind in the index, in addresses and in matches.
    KIND: ClassVar[str]
    #: Letters of the public number, `NC-00412`.
    NUMBER_PREFIX: ClassVar[str]
    UNVERSIONED_FIELDS = frozenset(
        {
            "latest_revision", "has_unpublished_changes", "draft_title", "locked", "locked_at",
            "locked_by", "submitted_at", "draft_inputs", "draft_sessions", "number", "last_confirmed_at",
        }
    )  # fmt: skip
    #: Belong to the listing, not to one revision of it: publishing an old revision keeps them.
    KEPT_ACROSS_REVISIONS: ClassVar[tuple[str, ...]] = (
        "public_id", "content_version", "indexed_version", "matched_version", "exchange_id",
        "organization_id", "number", "draft_title", "withdrawn_at", "withdrawal_reason",
        "last_confirmed_at", "submitted_at", "created_at", "locked", "locked_at", "locked_by_id",
        "draft_inputs", "draft_sessions",
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
    def save(self, *args: Any, **kwargs: Any) -> None:
        # The version and the child rows change together, or a tick could index half of a change.
        super().save(*args, **kwargs)

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


class Need(Listing):
    KIND = "need"
    NUMBER_PREFIX = "NC"

    need_kinds = models.JSONField(_("loại nhu cầu"), default=list, blank=True)
    problem = models.TextField(_("vấn đề và hiện trạng"), blank=True)
    required = models.TextField(_("kết quả cần đạt"), blank=True)
    volume = models.CharField(_("quy mô, sản lượng"), max_length=200, blank=True)
    site = models.CharField(_("địa điểm và điều kiện mặt bằng"), max_length=300, blank=True)
    partners_sought = models.JSONField(_("đối tác cần tìm"), default=list, blank=True)
    partner_role = models.CharField(_("vai trò của đối tác"), max_length=300, blank=True)
    required_trl = models.PositiveSmallIntegerField(
        _("mức độ sẵn sàng tối thiểu"), null=True, blank=True
    )
    budget_min = models.BigIntegerField(_("ngân sách từ (đồng)"), null=True, blank=True)
    budget_max = models.BigIntegerField(_("ngân sách đến (đồng)"), null=True, blank=True)
    deadline = models.DateField(_("hạn nhận đề xuất"), null=True, blank=True)

    class Meta(Listing.Meta):
        verbose_name = _("nhu cầu công nghệ")
        verbose_name_plural = _("nhu cầu công nghệ")


class TransferListing(Listing):
    """What offers and equipment share: price, level, transfer vocabularies and the right basis."""

    advantage = models.TextField(_("ưu điểm"), blank=True)
    principle = models.TextField(_("nguyên lý, quy trình"), blank=True)
    origin = models.CharField(_("xuất xứ (mã nước)"), max_length=2, default="VN", blank=True)
    trl = models.PositiveSmallIntegerField(_("mức độ sẵn sàng (TRL)"), null=True, blank=True)
    development_level = models.CharField(_("mức độ phát triển"), max_length=20, blank=True)
    supply_ways = models.JSONField(_("phương thức cung cấp"), default=list, blank=True)
    price_mode = models.CharField(_("cách nêu giá"), max_length=20, blank=True)
    price_min = models.BigIntegerField(_("giá từ (đồng)"), null=True, blank=True)
    price_max = models.BigIntegerField(_("giá đến (đồng)"), null=True, blank=True)
    price_note = models.CharField(_("ghi chú về giá"), max_length=300, blank=True)
    warranty = models.CharField(_("bảo hành và hỗ trợ"), max_length=300, blank=True)
    is_technology_transfer = models.BooleanField(_("có chuyển giao công nghệ"), default=True)

    class Meta(Listing.Meta):
        abstract = True


class TechnologyOffer(TransferListing):
    KIND = "offer"
    NUMBER_PREFIX = "CN"

    problem = models.TextField(_("vấn đề được giải quyết"), blank=True)
    compared_with = models.CharField(
        _("giải pháp đang dùng để so sánh"), max_length=300, blank=True
    )
    improvement = models.CharField(
        _("tốt hơn bao nhiêu, trong điều kiện nào"), max_length=400, blank=True
    )
    customers = models.CharField(_("khách hàng mục tiêu"), max_length=300, blank=True)
    ip_status = models.CharField(_("tình trạng sở hữu trí tuệ"), max_length=20, blank=True)
    transfer_forms = models.JSONField(_("hình thức chuyển giao"), default=list, blank=True)
    transfer_rights = models.JSONField(_("quyền được chuyển giao"), default=list, blank=True)
    transfer_methods = models.JSONField(_("phương thức chuyển giao"), default=list, blank=True)
    extra_costs = models.CharField(_("chi phí phát sinh"), max_length=300, blank=True)
    certificates = models.CharField(_("chứng nhận"), max_length=300, blank=True)
    right_basis = models.CharField(_("căn cứ quyền"), max_length=20, blank=True)
    right_decision = models.CharField(
        _("quyết định giao quyền (số, ngày)"), max_length=200, blank=True
    )
    co_owner_share = models.CharField(_("các đồng chủ sở hữu và tỷ lệ"), max_length=300, blank=True)
    results = models.JSONField(
        _("kết quả nghiên cứu làm cơ sở (mã công khai)"), default=list, blank=True
    )

    class Meta(TransferListing.Meta):
        abstract = False
        verbose_name = _("công nghệ chào bán")
        verbose_name_plural = _("công nghệ chào bán")


class Equipment(TransferListing):
    KIND = "equipment"
    NUMBER_PREFIX = "TB"

    model_name = models.CharField(_("ký hiệu, kiểu máy"), max_length=120, blank=True)
    manufacturer = models.CharField(_("hãng sản xuất"), max_length=200, blank=True)
    year_made = models.PositiveSmallIntegerField(_("năm sản xuất"), null=True, blank=True)
    condition = models.CharField(_("tình trạng máy"), max_length=10, blank=True)
    supply_modes = models.JSONField(_("cách cung cấp thiết bị"), default=list, blank=True)

    class Meta(TransferListing.Meta):
        abstract = False
        verbose_name = _("thiết bị")
        verbose_name_plural = _("thiết bị")


#: Every kind of listing, by the kind's name.
LISTING_MODELS: dict[str, type[Listing]] = {
    model.KIND: model for model in (Need, TechnologyOffer, Equipment)
}


# --- rows of a listing, part of its revisions ---------------------------------------------------


class Specification(models.Model):
    """One required or offered figure: name, operator, value or range, unit."""

    class Operator(models.TextChoices):
        AT_LEAST = "ge", _("từ … trở lên")
        AT_MOST = "le", _("không quá")
        EQUAL = "eq", _("bằng")
        BETWEEN = "between", _("trong khoảng")
        TEXT = "text", _("mô tả bằng chữ")

    name = models.CharField(_("chỉ tiêu"), max_length=120)
    operator = models.CharField(
        _("so sánh"), max_length=8, choices=Operator, default=Operator.AT_LEAST
    )
    low = models.DecimalField(_("giá trị"), max_digits=18, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(_("đến"), max_digits=18, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("đơn vị"), max_length=40, blank=True)
    text = models.CharField(_("mô tả"), max_length=300, blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.name


class IpRight(models.Model):
    number = models.CharField(_("số bằng hoặc số đơn"), max_length=60)
    kind = models.CharField(_("loại"), max_length=20, blank=True)
    status = models.CharField(_("tình trạng"), max_length=20, blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.number


class Attachment(models.Model):
    """A document of a listing: private in storage, public only where the owner said so."""

    file = models.FileField(storage=private_storage, upload_to=stored_name)
    display_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(default=0)
    is_confidential = models.BooleanField(_("chỉ tiết lộ khi được đồng ý"), default=False)
    is_right_evidence = models.BooleanField(_("chứng minh quyền"), default=False)
    sort_order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def key(self) -> str:
        """Names the file in addresses: rows of a draft have no number of their own yet."""
        return PurePosixPath(str(self.file.name)).stem

    @property
    def is_public(self) -> bool:
        return not (self.is_confidential or self.is_right_evidence)


class Picture(models.Model):
    image = models.ImageField(storage=public_storage, upload_to=stored_name)
    caption = models.CharField(_("mô tả ảnh"), max_length=200, blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.caption or str(_("Ảnh"))

    @property
    def key(self) -> str:
        return PurePosixPath(str(self.image.name)).stem


class NeedSpecification(Specification):
    listing = ParentalKey(Need, on_delete=models.CASCADE, related_name="specifications")


class NeedAttachment(Attachment):
    listing = ParentalKey(Need, on_delete=models.CASCADE, related_name="attachments")


class NeedPicture(Picture):
    listing = ParentalKey(Need, on_delete=models.CASCADE, related_name="pictures")


class OfferSpecification(Specification):
    listing = ParentalKey(TechnologyOffer, on_delete=models.CASCADE, related_name="specifications")


class OfferIpRight(IpRight):
    listing = ParentalKey(TechnologyOffer, on_delete=models.CASCADE, related_name="ip_rights")


class OfferAttachment(Attachment):
    listing = ParentalKey(TechnologyOffer, on_delete=models.CASCADE, related_name="attachments")


class OfferPicture(Picture):
    listing = ParentalKey(TechnologyOffer, on_delete=models.CASCADE, related_name="pictures")


class EquipmentSpecification(Specification):
    listing = ParentalKey(Equipment, on_delete=models.CASCADE, related_name="specifications")


class EquipmentAttachment(Attachment):
    listing = ParentalKey(Equipment, on_delete=models.CASCADE, related_name="attachments")


class EquipmentPicture(Picture):
    listing = ParentalKey(Equipment, on_delete=models.CASCADE, related_name="pictures")


# --- beside listings ----------------------------------------------------------------------------


class ReturnReason(models.Model):
    """Why staff return a listing: a code with a prepared text in the poster's language."""

    code = models.SlugField(unique=True)
    label_vi = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120, blank=True)
    text_vi = models.TextField()
    text_en = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("lý do trả lại")
        verbose_name_plural = _("lý do trả lại")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.label_vi


class ReviewDecision(models.Model):
    """What staff decided on a submission, readable by its poster; written with the decision."""

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Đạt bước duyệt")
        PUBLISHED = "published", _("Đã duyệt và đăng")
        RETURNED = "returned", pgettext_lazy("quyết định", "Trả lại để chỉnh sửa")
        REJECTED = "rejected", pgettext_lazy("quyết định", "Từ chối")

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=12)
    decision = models.CharField(max_length=10, choices=Decision)
    step = models.CharField(max_length=120, blank=True)
    reason_codes = models.JSONField(default=list)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    revision_id = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "key", "-at"], name="review_of_listing")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} {self.decision}"


class NumberCounter(models.Model):
    """The last number given to a kind of listing of one exchange."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exchange", "kind"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.last}"


class DailyViews(models.Model):
    """How often people (not robots) opened a listing's page on one day."""

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=12)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "day"], name="views_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} {self.day}"
