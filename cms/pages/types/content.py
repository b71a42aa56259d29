from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from cms.pages.base import CONTAINERS, SitePage


class ContentPage(SitePage):
    """A plain text."""

    parent_page_types: ClassVar[list[str]] = CONTAINERS
    subpage_types: ClassVar[list[str] | None] = None

    class Meta:
        verbose_name = _("trang nội dung")
        verbose_name_plural = _("trang nội dung")
