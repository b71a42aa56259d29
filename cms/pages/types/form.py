"""A form that staff put together: a registration, a survey, a question to the exchange."""

from datetime import timedelta
from http import HTTPMethod
from typing import Any, ClassVar, Final

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.forms import FormBuilder, WagtailAdminFormPageForm
from wagtail.contrib.forms.models import AbstractFormField, AbstractFormSubmission, FormMixin
from wagtail.models import Page

from cms.pages.base import SitePage, panels
from cms.pages.forms import SitePageForm
from cms.pages.limits import is_too_many
from marketplace.core import clock
from marketplace.core.idempotency import idempotent

#: Answers that one network address may send to one form in a day.
MOST_SENT: Final = 10
LONGEST_KEPT: Final = 730
_LONGEST_ANSWER: Final = 4000
_BATCH: Final = 500


class BoundedFormBuilder(FormBuilder):
    def create_multiline_field(self, field: Any, options: dict[str, Any]) -> forms.CharField:
        made: forms.CharField = super().create_multiline_field(
            field, options | {"max_length": _LONGEST_ANSWER}
        )
        return made


class FormPageForm(SitePageForm, WagtailAdminFormPageForm):
    """The page's form in the admin, which also sees that no two questions are called the same."""


class FormPage(FormMixin, SitePage):
    """Questions to readers. What for and for how long the answers are kept stands above the button."""

    purpose = models.CharField(
        _("mục đích dùng thông tin"),
        max_length=300,
        help_text=_("Người đọc thấy câu này ngay trên ô đồng ý. Nói rõ ai đọc và để làm gì."),
    )
    kept_days = models.PositiveSmallIntegerField(
        _("giữ câu trả lời bao nhiêu ngày"),
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_KEPT)],
        help_text=_("Hết thời hạn, câu trả lời tự xóa."),
    )
    thanks = models.CharField(
        _("lời cảm ơn"),
        max_length=300,
        blank=True,
        help_text=_("Hiện sau khi người đọc gửi xong."),
    )

    template = "cms/pages/form.html"
    landing_page_template = template
    preview_modes = Page.DEFAULT_PREVIEW_MODES
    base_form_class = FormPageForm
    form_builder = BoundedFormBuilder
    allowed_http_methods: ClassVar[list[HTTPMethod]] = [
        HTTPMethod.GET,
        HTTPMethod.HEAD,
        HTTPMethod.POST,
    ]
    content_panels: ClassVar[list[Any]] = [
        *panels(
            MultiFieldPanel(
                [FieldPanel("purpose"), FieldPanel("kept_days")], heading=_("Dữ liệu cá nhân")
            )
        ),
        InlinePanel("form_fields", heading=_("Các câu hỏi"), label=_("Câu hỏi")),
        FieldPanel("thanks"),
    ]

    class Meta:
        verbose_name = _("biểu mẫu")
        verbose_name_plural = _("biểu mẫu")

    def get_submission_class(self) -> type["FormAnswer"]:
        return FormAnswer

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return idempotent(self._take)(request)
        return self._shown(request, self.get_form(page=self, user=request.user))

    def _take(self, request: HttpRequest) -> HttpResponse:
        form = self.get_form(request.POST, page=self, user=request.user)
        is_complete = form.is_valid()
        if request.POST.get("agreed") != "1":
            form.add_error(None, _now("Hãy đánh dấu đồng ý để gửi biểu mẫu."))
        elif is_complete:
            place = get_adapter().get_client_ip(request)
            if is_too_many(f"form|{self.pk}", place, most=MOST_SENT):
                form.add_error(
                    None, _now("Hôm nay nơi này đã gửi nhiều biểu mẫu. Hãy thử lại vào ngày mai.")
                )
        if form.errors:
            return self._shown(request, form)
        FormAnswer.objects.create(form_data=form.cleaned_data, page=self, agreed_to=self.purpose)
        messages.success(request, self.thanks or _now("Cảm ơn bạn. Chúng tôi đã nhận được."))
        return HttpResponseRedirect(self.url or "/")

    def _shown(self, request: HttpRequest, form: forms.Form) -> HttpResponse:
        context = self.get_context(request) | {"form": form}
        return TemplateResponse(request, self.get_template(request), context)


class FormQuestion(AbstractFormField):
    page = ParentalKey(FormPage, on_delete=models.CASCADE, related_name="form_fields")

    class Meta(AbstractFormField.Meta):
        verbose_name = _("câu hỏi của biểu mẫu")


class FormAnswer(AbstractFormSubmission):
    """What one reader sent, with the sentence that they agreed to."""

    agreed_to = models.CharField(max_length=300)

    wagtail_reference_index_ignore = True

    class Meta(AbstractFormSubmission.Meta):
        verbose_name = _("câu trả lời biểu mẫu")
        verbose_name_plural = _("câu trả lời biểu mẫu")

    def __str__(self) -> str:
        return f"{self.page_id}"


def forget_answers(limit: int = _BATCH) -> int:
    """Lets answers go whose time, as their form said, is over."""
    done = 0
    for page, days in FormPage.objects.order_by("pk").values_list("pk", "kept_days"):
        over = FormAnswer.objects.filter(
            page_id=page, submit_time__lt=clock.now() - timedelta(days=days)
        ).order_by("pk")
        keys = list(over.values_list("pk", flat=True)[: limit - done])
        FormAnswer.objects.filter(pk__in=keys).delete()
        done += len(keys)
        if done >= limit:
            break
    return done
