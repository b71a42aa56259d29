from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.pages.base import InFields, panels
from cms.pages.chosen import clean_address, found_at
from marketplace.accounts.fronts import front_of


class SuccessStoryPage(InFields):
    """A transfer that came off: who needed what, who had it, and what came of it in numbers."""

    buyer = models.CharField(_("bên có nhu cầu"), max_length=200)
    supplier = models.CharField(_("bên có công nghệ"), max_length=200)
    province_code = models.CharField(_("tỉnh, thành phố"), max_length=10, blank=True)
    year = models.PositiveSmallIntegerField(_("năm chuyển giao"), null=True, blank=True)
    address = models.CharField(
        _("trang của công nghệ hoặc kết quả trên sàn"),
        max_length=300,
        blank=True,
        help_text=_("Dán địa chỉ trang của công nghệ, thiết bị hoặc kết quả đã chuyển giao."),
    )

    template = "cms/pages/story.html"
    content_panels: ClassVar[list[Any]] = panels(
        "buyer", "supplier", "province_code", "year", "address", "field_codes"
    )

    class Meta:
        verbose_name = _("câu chuyện thành công")
        verbose_name_plural = _("câu chuyện thành công")

    def clean(self) -> None:
        super().clean()
        self.address = clean_address(self.address)

    def own_words(self) -> list[str]:
        return [self.buyer, self.supplier]

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {
            "record": found_at(self.address, front_of(request))
        }
