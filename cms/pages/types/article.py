from http import HTTPMethod
from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from cms.pages.base import SITE_DEPTH, InFields, panels
from cms.pages.reading import AlreadyRated, PageFigures, rate, record_visit
from cms.sites.showing import below
from marketplace.core import clock
from marketplace.core.idempotency import idempotent
from marketplace.core.kept_pages import kept_part

_RELATED = 4


class ArticlePage(RoutablePageMixin, InFields):
    """News. Its day is that of the news, whenever it was typed in."""

    shown_on = models.DateField(_("ngày đăng"), default=clock.today, db_index=True)
    source = models.CharField(
        _("nguồn"),
        max_length=150,
        blank=True,
        help_text=_(
            "Lấy tin từ đâu, thí dụ: Báo Khoa học và Phát triển. Để trống nếu là tin của sàn."
        ),
    )
    source_url = models.URLField(_("địa chỉ nguồn"), max_length=500, blank=True)
    picture = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hình"),
    )
    picture_text = models.CharField(
        _("lời thay hình"),
        max_length=250,
        blank=True,
        help_text=_("Người không xem được hình sẽ đọc hoặc nghe câu này."),
    )

    template = "cms/pages/article.html"
    #: Stars are sent to it; its text is only read.
    allowed_http_methods: ClassVar[list[HTTPMethod]] = [
        HTTPMethod.GET,
        HTTPMethod.HEAD,
        HTTPMethod.POST,
    ]
    content_panels: ClassVar[list[Any]] = panels(
        "shown_on",
        MultiFieldPanel(
            [FieldPanel("source"), FieldPanel("source_url")], heading=_("Dòng ghi nguồn")
        ),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_text")], heading=_("Hình")),
        "field_codes",
    )

    class Meta:
        verbose_name = _("tin")
        verbose_name_plural = _("tin")

    def own_words(self) -> list[str]:
        return [self.source]

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {
            "related": self._related_drawn(request),
            "figures": PageFigures.objects.filter(page_id=self.pk).first(),
            "star_choices": range(1, 6),
        }

    @path("")
    def read(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if request.method == "GET" and not getattr(request, "is_preview", False):
            record_visit(self, user_agent=request.headers.get("User-Agent", ""))
        answer: HttpResponse = self.index_route(request)
        return answer

    @path("danh-gia/")
    def give_stars(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return idempotent(self._take_stars)(request)

    def _take_stars(self, request: HttpRequest) -> HttpResponse:
        given = request.POST.get("stars", "")
        if given not in ("1", "2", "3", "4", "5"):
            messages.error(request, _now("Hãy chọn từ một đến năm sao rồi gửi."))
            return HttpResponseRedirect(f"{self.url}#danh-gia")
        try:
            rate(
                self,
                int(given),
                address=get_adapter().get_client_ip(request),
                user_agent=request.headers.get("User-Agent", ""),
            )
        except AlreadyRated as error:
            messages.info(request, str(error))
        else:
            messages.success(request, _now("Cảm ơn bạn đã đánh giá."))
        return HttpResponseRedirect(f"{self.url}#danh-gia")

    def _related_drawn(self, request: Any) -> SafeString:
        def draw() -> SafeString:
            articles = self.related()
            return render_to_string("cms/pages/_article_lines.html", {"articles": articles})

        name = f"related:{self.pk}:{get_language()}"
        return kept_part(name, draw, when=not getattr(request, "is_preview", False))

    def related(self) -> list["ArticlePage"]:
        """Others of its fields, then the newest of its section."""
        others = (
            below(ArticlePage.objects.live().public(), (self.path[: SITE_DEPTH * self.steplen],))
            .filter(locale=self.locale)
            .exclude(pk=self.pk)
        ).order_by("-shown_on", "-pk")
        found = list(others.about_fields(*self.field_codes)[:_RELATED]) if self.field_codes else []
        missing = _RELATED - len(found)
        if missing:
            known = [page.pk for page in found]
            found += others.sibling_of(self).exclude(pk__in=known)[:missing]
        return found
