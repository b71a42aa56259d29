from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.pages.base import SitePage, panels
from cms.pages.chosen import key_in
from cms.pages.joined import of_organization
from marketplace.accounts.fronts import front_of
from marketplace.accounts.models import Organization


class InstitutePage(SitePage):
    """An institute or university shows itself: what it is strong in, what it offers, what it found."""

    organization_address = models.CharField(
        _("trang của tổ chức trên sàn"),
        max_length=300,
        help_text=_("Dán địa chỉ trang của tổ chức; công nghệ và kết quả của họ hiện ở đây."),
    )

    template = "cms/pages/institute.html"
    content_panels: ClassVar[list[Any]] = panels("organization_address")

    class Meta:
        verbose_name = _("giới thiệu viện, trường")
        verbose_name_plural = _("giới thiệu viện, trường")

    @property
    def organization(self) -> Organization | None:
        key = key_in(self.organization_address)
        return Organization.objects.public().filter(public_id=key).first()

    def clean(self) -> None:
        super().clean()
        if self.organization is None:
            raise ValidationError(
                {"organization_address": _("Không có tổ chức công khai nào ở địa chỉ này.")}
            )

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        organization = self.organization
        return super().get_context(request, *args, **kwargs) | {
            "organization": organization,
            "of_it": of_organization(organization, front_of(request)) if organization else None,
        }
