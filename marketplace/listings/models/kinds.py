"""The kinds of listing and their fields: needs, technology offers, equipment, services."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.listings.models.listing import Listing, ListingQuerySet
from marketplace.mandates.models import Scope, acted_for, brokers_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


class NeedQuerySet(ListingQuerySet):
    """A broker writes and reads the needs it posted for a firm, while the firm's consent holds."""

    def posted_through(self, user: User | AnonymousUser) -> Self:
        """Those that the person's brokers posted and may still write for the firm."""
        return self.filter(_through(user)) if user.is_authenticated else self.none()

    def found_by_brokers_of(self, user: User | AnonymousUser) -> Self:
        """Those that the person's brokers posted, whatever has become of the consent."""
        return self.filter(found_by__in=brokers_of(user))

    def _edited_by(self, user: User) -> models.Q:
        return super()._edited_by(user) | _through(user)

    def _owned_by(self, user: User) -> models.Q:
        return super()._owned_by(user) | _through(user)


def _through(user: User | AnonymousUser) -> models.Q:
    return models.Q(acted_for(user, Scope.POST, firm="organization", broker="found_by"))


class Need(Listing):
    KIND = "need"
    NUMBER_PREFIX = "NC"
    BEGUN_TEXT = "problem"
    KEPT_ACROSS_REVISIONS: ClassVar[tuple[str, ...]] = (
        *Listing.KEPT_ACROSS_REVISIONS,
        "found_by_id",
    )

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
    #: What the poster says of what was read from the text (`reading.needs.Correction`); matching goes
    #: by it.
    reading_corrections = models.JSONField(_("sửa cách đọc nhu cầu"), default=list, blank=True)
    #: The broker that posted it for the firm, and is credited with having found it.
    found_by = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="needs_found",
        verbose_name=_("bên môi giới tìm ra"),
    )

    objects = NeedQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Listing.Meta):
        verbose_name = _("nhu cầu công nghệ")
        verbose_name_plural = _("nhu cầu công nghệ")


class PricedListing(Listing):
    """What has a price: all that is offered."""

    price_mode = models.CharField(_("cách nêu giá"), max_length=20, blank=True)
    price_min = models.BigIntegerField(_("giá từ (đồng)"), null=True, blank=True)
    price_max = models.BigIntegerField(_("giá đến (đồng)"), null=True, blank=True)
    price_note = models.CharField(_("ghi chú về giá"), max_length=300, blank=True)

    class Meta(Listing.Meta):
        abstract = True


class TransferListing(PricedListing):
    """What offers and equipment share: level, transfer vocabularies and the right basis."""

    advantage = models.TextField(_("ưu điểm"), blank=True)
    principle = models.TextField(_("nguyên lý, quy trình"), blank=True)
    origin = models.CharField(_("xuất xứ (mã nước)"), max_length=2, default="VN", blank=True)
    trl = models.PositiveSmallIntegerField(_("mức độ sẵn sàng (TRL)"), null=True, blank=True)
    development_level = models.CharField(_("mức độ phát triển"), max_length=20, blank=True)
    supply_ways = models.JSONField(_("phương thức cung cấp"), default=list, blank=True)
    warranty = models.CharField(_("bảo hành và hỗ trợ"), max_length=300, blank=True)
    is_technology_transfer = models.BooleanField(_("có chuyển giao công nghệ"), default=True)

    class Meta(PricedListing.Meta):
        abstract = True


class TechnologyOffer(TransferListing):
    KIND = "offer"
    NUMBER_PREFIX = "CN"
    BEGUN_TEXT = "problem"

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
    BEGUN_TEXT = "principle"

    model_name = models.CharField(_("ký hiệu, kiểu máy"), max_length=120, blank=True)
    manufacturer = models.CharField(_("hãng sản xuất"), max_length=200, blank=True)
    year_made = models.PositiveSmallIntegerField(_("năm sản xuất"), null=True, blank=True)
    condition = models.CharField(_("tình trạng máy"), max_length=10, blank=True)
    supply_modes = models.JSONField(_("cách cung cấp thiết bị"), default=list, blank=True)

    class Meta(TransferListing.Meta):
        abstract = False
        verbose_name = _("thiết bị")
        verbose_name_plural = _("thiết bị")


class Service(PricedListing):
    """Work done for others: the six kinds of transfer service, testing, advice."""

    KIND = "service"
    NUMBER_PREFIX = "DV"
    BEGUN_TEXT = "scope"

    service_kinds = models.JSONField(_("loại dịch vụ"), default=list, blank=True)
    scope = models.TextField(_("nội dung công việc"), blank=True)
    deliverables = models.TextField(_("khách hàng nhận được gì"), blank=True)
    client_provides = models.CharField(_("khách hàng chuẩn bị gì"), max_length=300, blank=True)
    experience = models.TextField(_("việc đã làm"), blank=True)
    price_basis = models.CharField(_("giá tính theo"), max_length=20, blank=True)
    turnaround = models.CharField(_("thời gian thực hiện"), max_length=200, blank=True)
    is_nationwide = models.BooleanField(_("nhận việc trên cả nước"), default=False)
    served_provinces = models.JSONField(_("nơi nhận việc"), default=list, blank=True)

    class Meta(PricedListing.Meta):
        abstract = False
        verbose_name = _("dịch vụ")
        verbose_name_plural = _("dịch vụ")


#: Every kind of listing, by the kind's name.
LISTING_MODELS: dict[str, type[Listing]] = {
    model.KIND: model for model in (Need, TechnologyOffer, Equipment, Service)
}
#: Those that are offered.
SUPPLY_MODELS: dict[str, type[PricedListing]] = {
    model.KIND: model for model in (TechnologyOffer, Equipment, Service)
}
