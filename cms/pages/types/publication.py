"""A series (a bulletin, a notice of results) and its issues."""

from http import HTTPMethod
from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Orderable, Workflow

from cms.pages.base import InFields, SitePage, SitePageQuerySet, panels
from cms.pages.chosen import ChosenRecord, resolve
from cms.pages.feeds import feed_of
from cms.pages.forms import SitePageForm
from cms.publications import subscribing
from cms.publications.compiling import addresses_for
from cms.publications.readers import is_restricted
from cms.publications.sign_off import IssuePermissions, check_signed_off, sign_off_workflow
from cms.sites.showing import front_of_page
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.core.printing import PrintingUnavailable, pdf_of
from marketplace.listings.models import LISTING_MODELS

SHOWN = 12
IN_FEED = 30


class SeriesPage(RoutablePageMixin, SitePage):
    """What appears again and again under one name; readers may have it by mail."""

    rhythm = models.CharField(
        _("ra khi nào"), max_length=100, blank=True, help_text=_("Thí dụ: ngày 5 mỗi tháng.")
    )

    template = "cms/pages/series.html"
    subpage_types: ClassVar[list[str]] = ["cms.IssuePage"]
    # A series for leaders is restricted as a whole, with all that will ever stand below it.
    private_page_options: ClassVar[list[str]] = ["groups"]
    #: Addresses are sent to it; its text is only read.
    allowed_http_methods: ClassVar[list[HTTPMethod]] = [
        HTTPMethod.GET,
        HTTPMethod.HEAD,
        HTTPMethod.POST,
    ]
    content_panels: ClassVar[list[Any]] = panels("rhythm")

    class Meta:
        verbose_name = _("ấn phẩm")
        verbose_name_plural = _("ấn phẩm")

    def below(self) -> list[tuple[str, str]]:
        return []

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = self.issues() if is_restricted(self) else self.issues().public()
        return super().get_context(request, *args, **kwargs) | {
            "page_of_list": Paginator(found, SHOWN).get_page(request.GET.get("page")),
            "is_restricted": is_restricted(self),
        }

    def issues(self) -> SitePageQuerySet:
        return IssuePage.objects.child_of(self).live().order_by("-shown_on", "-pk")

    @path("")
    def read(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            return HttpResponseNotAllowed(["GET", "HEAD"])
        answer: HttpResponse = self.index_route(request)
        return answer

    @path("dang-ky/")
    def subscribe(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return idempotent(self._take_address)(request)

    def _take_address(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get("agreed") != "1":
            messages.error(request, _now("Hãy đánh dấu đồng ý để sàn được gửi thư cho bạn."))
        else:
            try:
                subscribing.subscribe(
                    self,
                    request.POST.get("email", ""),
                    address=get_adapter().get_client_ip(request),
                )
            except DomainError as error:
                messages.error(request, error.message)
            else:
                messages.success(
                    request,
                    _now("Hãy mở thư chúng tôi vừa gửi và xác nhận trong 7 ngày."),
                )
        return HttpResponseRedirect(f"{self.url}#nhan-thu")

    @path("rss/")
    def rss(self, request: HttpRequest) -> HttpResponse:
        return self._feed(request, "rss")

    @path("atom/")
    def atom(self, request: HttpRequest) -> HttpResponse:
        return self._feed(request, "atom")

    def _feed(self, request: HttpRequest, kind: str) -> HttpResponse:
        # A program that reads feeds signs nobody in.
        return feed_of(request, self, self.issues().public()[:IN_FEED], kind=kind)


class IssueForm(SitePageForm):
    """Records that fit the filters are added to the choice; staff take out what does not belong."""

    fill = forms.BooleanField(
        label=_("Thêm tin và kết quả khớp bộ lọc khi lưu"),
        required=False,
        help_text=_("Những gì đã có trong danh sách được giữ nguyên."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kinds" in self.fields:
            self.fields["kinds"] = forms.MultipleChoiceField(
                choices=[
                    *((kind, model._meta.verbose_name) for kind, model in LISTING_MODELS.items()),
                    ("result", _("kết quả nghiên cứu")),
                ],
                label=self.fields["kinds"].label,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def save(self, commit: bool = True) -> Any:
        page = super().save(commit=False)
        if self.cleaned_data.get("fill"):
            page.fill_from_filters()
        if commit:
            page.save()
        return page


class IssuePage(RoutablePageMixin, InFields):
    """One issue: compiled from records, signed off by the chain, read as a page, as PDF, in the feed."""

    number = models.CharField(_("số"), max_length=30, help_text=_("Thí dụ: 11/2026."))
    shown_on = models.DateField(_("ngày ra"), default=clock.today, db_index=True)
    kinds = models.JSONField(_("loại tin"), default=list, blank=True)
    since = models.DateField(_("đăng từ ngày"), null=True, blank=True)
    until = models.DateField(_("đến ngày"), null=True, blank=True)
    goes_out = models.BooleanField(
        _("gửi cho người nhận khi phát hành"),
        default=True,
        help_text=_("Mỗi người nhận một thư cho mỗi số, kể cả khi số được phát hành lại."),
    )

    template = "cms/pages/issue.html"
    base_form_class = IssueForm
    parent_page_types: ClassVar[list[str]] = ["cms.SeriesPage"]
    private_page_options: ClassVar[list[str]] = ["groups"]
    content_panels: ClassVar[list[Any]] = [
        *panels(
            FieldRowPanel([FieldPanel("number"), FieldPanel("shown_on")]),
            MultiFieldPanel(
                [
                    FieldPanel("kinds"),
                    FieldPanel("field_codes"),
                    FieldRowPanel([FieldPanel("since"), FieldPanel("until")]),
                    FieldPanel("fill"),
                ],
                heading=_("Bộ lọc để gom tin"),
            ),
        ),
        InlinePanel(
            "chosen", heading=_("Tin và kết quả trong số này"), label=_("tin hoặc kết quả")
        ),
        FieldPanel("goes_out"),
    ]

    #: Of the feed: an issue is the exchange's own.
    source: ClassVar[str] = ""

    class Meta:
        verbose_name = _("số ấn phẩm")
        verbose_name_plural = _("số ấn phẩm")

    def clean(self) -> None:
        super().clean()
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("Ngày cuối phải sau ngày đầu.")})

    def save(self, *args: Any, **kwargs: Any) -> Any:
        check_signed_off(self)
        return super().save(*args, **kwargs)

    def permissions_for_user(self, user: Any) -> IssuePermissions:
        return IssuePermissions(user, self)

    @property
    def has_workflow(self) -> bool:
        return self.get_workflow() is not None

    def get_workflow(self) -> Workflow | None:
        """The chain, wherever the issue stands: no setting of a branch leads around it."""
        return sign_off_workflow()

    @property
    def series_pk(self) -> int | None:
        parent = self.get_parent()
        return parent.pk if parent is not None else None

    @property
    def series_title(self) -> str:
        parent = self.get_parent()
        return parent.title if parent is not None else ""

    def own_words(self) -> list[str]:
        return [self.number]

    def fill_from_filters(self) -> int:
        """Adds to the choice what fits and is not in it; says how many."""
        known = {line.address for line in self.chosen.all()}
        with translation.override("vi"):
            found = addresses_for(
                self.kinds,
                fields=self.field_codes,
                since=self.since,
                until=self.until,
                front=front_of_page(self),
            )
        new = [address for address in found if address not in known]
        for place, address in enumerate(new, start=len(known)):
            self.chosen.add(IssueRecord(address=address, sort_order=place))
        return len(new)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {
            "chosen": resolve(self.chosen.all(), front_of_page(self)),
            "is_restricted": is_restricted(self),
        }

    @path("pdf/")
    def paper(self, request: HttpRequest) -> HttpResponse:
        address = {"site_address": front_of_page(self).address}
        with translation.override(self.language):
            html = render_to_string(
                "cms/pages/issue_paper.html", self.get_context(request) | address
            )
        try:
            pdf = pdf_of(html, stylesheet="css/issue-paper.css")
        except PrintingUnavailable as error:
            raise Http404(str(error)) from error
        answer = HttpResponse(pdf, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{self.slug}.pdf"'
        return answer


class IssueRecord(ChosenRecord, Orderable):
    issue = ParentalKey(IssuePage, on_delete=models.CASCADE, related_name="chosen")

    panels: ClassVar[list[Any]] = [FieldPanel("address"), FieldPanel("note")]

    class Meta(Orderable.Meta):
        verbose_name = _("mục của số ấn phẩm")
