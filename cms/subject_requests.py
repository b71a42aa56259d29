"""The desk of requests about personal data: what is due first stands first."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet

from cms.lists import StateFilter
from cms.menu import ORGANIZATIONS
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.core.templatetags.design import date_vi
from marketplace.privacy.ledger import terms_on
from marketplace.privacy.models import SubjectRequest
from marketplace.privacy.services import (
    answer_request,
    finish_request,
    receive_request,
    refuse_request,
)

_ACTS = {"answer": answer_request, "finish": finish_request, "refuse": refuse_request}


class RequestFilters(WagtailFilterSet):
    state = StateFilter(SubjectRequest.State.choices)

    class Meta:
        model = SubjectRequest
        fields = ("state", "kind")


def _due(row: SubjectRequest) -> str:
    if row.due_on is None:
        return ""
    day = date_vi(row.due_on)
    return _("%(day)s, quá hạn") % {"day": day} if row.is_late else day


class RequestIndexView(generic.IndexView):
    list_display = (
        TitleColumn(
            "who",
            label=gettext_lazy("Người yêu cầu"),
            accessor="who",
            url_name="subject_requests:edit",
        ),  # fmt: skip
        Column("kind", label=gettext_lazy("Yêu cầu"), accessor="get_kind_display"),
        Column("state", label=gettext_lazy("Tình trạng"), accessor="get_state_display"),
        Column("due", label=gettext_lazy("Hạn"), accessor=_due),
        DateColumn("received_at", label=gettext_lazy("Nhận lúc"), sort_key="received_at"),
    )

    def get_base_queryset(self) -> Any:
        return SubjectRequest.objects.select_related("user")


class ReceiveForm(forms.ModelForm):
    """For who wrote, called or came without an account."""

    class Meta:
        model = SubjectRequest
        fields = ("name", "address", "kind", "text")


class ReceiveView(generic.CreateView):
    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        for name in ("name", "address"):
            form.fields[name].required = True
        return form

    def save_instance(self) -> SubjectRequest:
        return receive_request(**self.form.cleaned_data, by=self.request.user)


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Câu trả lời"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Sẽ làm gì và tới khi nào; hoặc vì sao không, và người yêu cầu khiếu nại ở đâu."
        ),
    )


@method_decorator(idempotent, name="post")
class RequestView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    template_name = "cms/subject_request.html"
    header_icon = "user"
    any_permission_required: ClassVar[set[str]] = {"change"}
    model = SubjectRequest
    pk: Any = None

    @cached_property
    def row(self) -> SubjectRequest:
        rows = SubjectRequest.objects.select_related("user", "decided_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        return _("Yêu cầu về dữ liệu cá nhân")

    def get_page_subtitle(self) -> str:
        return self.row.who

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("subject_requests:index"), "label": SubjectRequestViewSet.menu_label},
            {"url": "", "label": self.row.who},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or AnswerForm()
        more = {"row": self.row, "form": form, "terms": terms_on(self.row.terms_of)}
        return super().get_context_data(**kwargs) | more

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form, act = AnswerForm(request.POST), _ACTS.get(request.POST.get("action", ""))
        if act is None or not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            act(self.row, answer=form.cleaned_data["answer"], by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Đã ghi câu trả lời; người yêu cầu được báo."))
        return redirect("subject_requests:index")


class SubjectRequestViewSet(ModelViewSet):
    model = SubjectRequest
    name = "subject_requests"
    url_prefix = "yeu-cau-du-lieu"
    icon = "user"
    menu_label = gettext_lazy("Yêu cầu về dữ liệu")
    menu_hook = ORGANIZATIONS
    menu_order = 60
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 30
    ordering = ("answer_due_on", "pk")
    filterset_class = RequestFilters
    index_view_class = RequestIndexView
    add_view_class = ReceiveView
    edit_view_class = RequestView
    form_fields = ("name", "address", "kind", "text")

    def get_form_class(self, for_update: bool = False) -> Any:
        return ReceiveForm
