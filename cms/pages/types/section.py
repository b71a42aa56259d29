from datetime import date, timedelta
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from cms.pages.base import SitePage, SitePageQuerySet, panels
from cms.pages.calendars import calendar_of
from cms.pages.feeds import feed_of
from cms.pages.types.article import ArticlePage
from cms.pages.types.event import EventPage
from marketplace.core import clock

#: Of one page of a list, and of a feed.
SHOWN = 12
IN_FEED = 30
_NEWS_FOR = timedelta(days=2)
_IN_SITEMAP = 1000


class SectionPage(RoutablePageMixin, SitePage):
    """A part of the site that lists what stands below it: pages, news by date, or events."""

    class Shows(models.TextChoices):
        PAGES = "pages", _("Các trang, theo thứ tự trong cây")
        NEWS = "news", _("Tin, mới nhất ở trên, xem được theo tháng")
        EVENTS = "events", _("Sự kiện, sắp tới ở trên")

    shows = models.CharField(_("liệt kê"), max_length=10, choices=Shows, default=Shows.PAGES)

    template = "cms/pages/section.html"
    subpage_types: ClassVar[list[str] | None] = None
    content_panels: ClassVar[list[Any]] = panels("shows")

    class Meta:
        verbose_name = _("chuyên mục")
        verbose_name_plural = _("chuyên mục")

    def below(self) -> list[tuple[str, str]]:
        return []

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        year, month = kwargs.get("year"), kwargs.get("month")
        context |= {"year": year, "month": month, "archive": [], "events": [], "past": None}
        if self.shows == self.Shows.NEWS:
            context["archive"] = self.archive()
            context["page_of_list"] = _page(request, self.news(year, month))
        elif self.shows == self.Shows.EVENTS:
            context["events"] = list(self.events().filter(ends_at__gte=clock.now()))
            past = self.events().filter(ends_at__lt=clock.now()).order_by("-starts_at", "-pk")
            context["page_of_list"] = _page(request, past)
        else:
            pages = self.get_children().live().public().order_by("path").specific()
            context["page_of_list"] = _page(request, pages)
        return context

    def news(self, year: int | None = None, month: int | None = None) -> SitePageQuerySet:
        """Live articles below, newest first; of one year or month."""
        found = ArticlePage.objects.descendant_of(self).live().public().order_by("-shown_on", "-pk")
        if year:
            found = found.filter(shown_on__year=year)
        if month:
            found = found.filter(shown_on__month=month)
        return found.select_related("picture")

    def events(self) -> SitePageQuerySet:
        return EventPage.objects.descendant_of(self).live().public().order_by("starts_at", "pk")

    def archive(self) -> list[dict[str, Any]]:
        """Each month with articles and how many, newest first."""
        months = (
            ArticlePage.objects.descendant_of(self)
            .live()
            .public()
            .annotate(month=TruncMonth("shown_on"))
            .order_by("-month")
            .values("month")
            .annotate(count=models.Count("pk"))
        )
        return [
            {
                "month": row["month"],
                "count": row["count"],
                "url": f"{self.url}{row['month'].year}/{row['month'].month}/",
            }
            for row in months
        ]

    @path("<int:year>/")
    @path("<int:year>/<int:month>/")
    def of_time(self, request: HttpRequest, year: int, month: int | None = None) -> HttpResponse:
        if self.shows != self.Shows.NEWS or not _is_time(year, month):
            raise Http404
        if not self.news(year, month).exists():
            raise Http404
        return self.render(
            request, context_overrides=self.get_context(request, year=year, month=month)
        )

    @path("lich/")
    def calendar(self, request: HttpRequest) -> HttpResponse:
        if self.shows != self.Shows.EVENTS:
            raise Http404
        return calendar_of(self.title, self.events().filter(ends_at__gte=clock.now()), request)

    # Named one by one: a pattern would hide the pages below.
    @path("rss/")
    def rss(self, request: HttpRequest) -> HttpResponse:
        return self._feed(request, "rss")

    @path("atom/")
    def atom(self, request: HttpRequest) -> HttpResponse:
        return self._feed(request, "atom")

    @path("sitemap/")
    def news_sitemap(self, request: HttpRequest) -> HttpResponse:
        """The news of two days, as search engines for news ask for them."""
        if self.shows != self.Shows.NEWS:
            raise Http404
        since = clock.today() - _NEWS_FOR
        articles = self.news().filter(shown_on__gte=since)[:_IN_SITEMAP]
        context = {
            "articles": articles,
            "at": f"{request.scheme}://{request.get_host()}",
            "language": self.language,
        }
        answer = render(request, "cms/pages/news_sitemap.xml", context)
        answer["Content-Type"] = "application/xml; charset=utf-8"
        return answer

    def _feed(self, request: HttpRequest, kind: str) -> HttpResponse:
        if self.shows != self.Shows.NEWS:
            raise Http404
        return feed_of(request, self, self.news()[:IN_FEED], kind=kind)


def _page(request: HttpRequest, found: Any) -> Any:
    return Paginator(found, SHOWN).get_page(request.GET.get("page"))


def _is_time(year: int, month: int | None) -> bool:
    try:
        date(year, month or 1, 1)
    except ValueError:
        return False
    return True
