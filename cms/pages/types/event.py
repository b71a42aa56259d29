from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from cms.pages.base import InFields, panels
from cms.pages.calendars import calendar_of
from marketplace.core import clock


class EventPage(RoutablePageMixin, InFields):
    """A fair, a talk, a day of meetings: when and where, and an entry for the reader's calendar."""

    starts_at = models.DateTimeField(_("bắt đầu"), db_index=True)
    ends_at = models.DateTimeField(_("kết thúc"))
    place = models.CharField(_("địa điểm"), max_length=200, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    province_code = models.CharField(_("tỉnh, thành phố"), max_length=10, blank=True)
    host = models.CharField(_("đơn vị tổ chức"), max_length=200, blank=True)
    join_url = models.URLField(
        _("nơi đăng ký"), max_length=500, blank=True, help_text=_("Địa chỉ trang đăng ký dự.")
    )

    template = "cms/pages/event.html"
    content_panels: ClassVar[list[Any]] = panels(
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        "place",
        "address",
        "province_code",
        "host",
        "join_url",
        "field_codes",
    )

    class Meta:
        verbose_name = _("sự kiện")
        verbose_name_plural = _("sự kiện")

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("Sự kiện phải kết thúc sau khi bắt đầu.")})

    @property
    def is_over(self) -> bool:
        return self.ends_at < clock.now()

    @property
    def is_one_day(self) -> bool:
        days = {
            moment.astimezone(clock.VIETNAM).date() for moment in (self.starts_at, self.ends_at)
        }
        return len(days) == 1

    @property
    def where(self) -> str:
        return ", ".join(filter(None, [self.place, self.address]))

    def own_words(self) -> list[str]:
        return [self.place, self.address, self.host]

    @path("lich/")
    def calendar(self, request: HttpRequest) -> HttpResponse:
        return calendar_of(self.title, [self], request)
