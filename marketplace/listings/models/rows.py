"""Rows of a listing, part of its revisions: figures, rights, accreditations, documents, pictures."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from marketplace.core.storage import private_storage, stored_name
from marketplace.core.uploads import VIDEO_TYPES
from marketplace.listings.models.kinds import Equipment, Need, Service, TechnologyOffer


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
    lapses_on = models.DateField(_("hết hiệu lực ngày"), null=True, blank=True)
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

    @property
    def is_film(self) -> bool:
        return self.content_type in VIDEO_TYPES and self.is_public


class Picture(models.Model):
    """A picture of a listing: handed out as its page is, and no longer once the page is gone."""

    image = models.ImageField(storage=private_storage, upload_to=stored_name)
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


class Accreditation(models.Model):
    """What somebody else has attested of the provider: an accreditation, a licence, a certificate."""

    name = models.CharField(_("công nhận, chứng nhận"), max_length=160)
    number = models.CharField(_("số"), max_length=60, blank=True)
    issuer = models.CharField(_("nơi cấp"), max_length=160, blank=True)
    valid_until = models.DateField(_("hiệu lực đến"), null=True, blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.name


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


class ServiceSpecification(Specification):
    listing = ParentalKey(Service, on_delete=models.CASCADE, related_name="specifications")


class ServiceAccreditation(Accreditation):
    listing = ParentalKey(Service, on_delete=models.CASCADE, related_name="accreditations")


class ServiceAttachment(Attachment):
    listing = ParentalKey(Service, on_delete=models.CASCADE, related_name="attachments")


class ServicePicture(Picture):
    listing = ParentalKey(Service, on_delete=models.CASCADE, related_name="pictures")
