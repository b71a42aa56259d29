"""Acts on rows of the registers: publication, taking out and putting back, files added."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm

from cms.forms import ReasonForm
from cms.rights import has_right
from marketplace.core.errors import DomainError
from marketplace.core.fields import DateField
from marketplace.core.idempotency import idempotent
from marketplace.registration import rules
from marketplace.registration.checks import FAULTS, FileReport, check_file
from marketplace.research.keeping import (
    add_attachment,
    change_publication,
    show_application_again,
    show_attachment_again,
    show_task_again,
    withdraw_application,
    withdraw_attachment,
)
from marketplace.research.models import (
    Access,
    Application,
    Attachment,
    AttachmentKind,
    PublicationState,
    Result,
    Task,
)
from marketplace.research.services import show_result_again, withdraw_record
from marketplace.sources.visibility import SET_BY_SOURCES

#: With these a file is of no use to anybody; others are told and the file is taken.
_REFUSED = frozenset({"encrypted", "broken", "no-pages"})


class PublicationForm(forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("Công bố"), choices=PublicationState.choices)
    until = DateField(
        label=gettext_lazy("Hạn chế đến hết ngày"),
        required=False,
        help_text=gettext_lazy("Chỉ với hạn chế công bố; hết ngày này tự công bố."),
    )
    reason = forms.CharField(label=gettext_lazy("Lý do, căn cứ"), max_length=300)


class AttachmentForm(WagtailAdminModelForm):
    class Meta:
        model = Attachment
        fields = ("kind", "title", "access")


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Tệp"))
    kind = forms.ChoiceField(label=gettext_lazy("Loại tài liệu"), choices=AttachmentKind.choices)
    title = forms.CharField(
        label=gettext_lazy("Tên tài liệu"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Để trống thì lấy tên tệp."),
    )
    access = forms.ChoiceField(
        label=gettext_lazy("Mức tiếp cận"), choices=Access.choices, initial=Access.ON_REQUEST
    )


def may_change(user: Any, model: type[Model]) -> bool:
    return has_right(user, "change", model)


class _ActView(View):
    http_method_names = ("post",)
    #: Whose "change" right lets a person act.
    model: type[Model]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_change(request.user, self.model):
            raise PermissionDenied
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer


@method_decorator(idempotent, name="post")
class WithdrawView(_ActView):
    """Takes a row out with a reason, or puts it back."""

    model: type[Model] = Result
    _ACTS: ClassVar[dict[type[Model], tuple[Callable[..., None], Callable[..., None]]]] = {
        Result: (withdraw_record, show_result_again),
        Task: (withdraw_record, show_task_again),
        Application: (withdraw_application, show_application_again),
        Attachment: (withdraw_attachment, show_attachment_again),
    }

    def post(self, request: Any, pk: int) -> HttpResponse:
        row: Any = get_object_or_404(self.model, pk=pk)
        withdraw, show = self._ACTS[self.model]
        try:
            if request.POST.get("action") == "show":
                if row.withdrawal_reason in SET_BY_SOURCES:
                    raise DomainError(
                        _("Nguồn của bản ghi quyết định việc này, không mở lại ở đây.")
                    )
                show(row, by=request.user)
                messages.success(request, _("Đã hiển thị trở lại."))
            else:
                form = ReasonForm(request.POST, prefix="withdraw")
                if not form.is_valid():
                    messages.error(request, _("Hãy ghi lý do gỡ."))
                    return redirect(page_of(row))
                withdraw(row, by=request.user, reason=form.cleaned_data["reason"])
                messages.success(request, _("Đã gỡ. Có thể hiển thị trở lại ở đây."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(page_of(row))


@method_decorator(idempotent, name="post")
class PublicationView(_ActView):
    model = Result

    def post(self, request: Any, pk: int) -> HttpResponse:
        row = get_object_or_404(Result, pk=pk)
        form = PublicationForm(request.POST, prefix="publication")
        if not form.is_valid():
            messages.error(request, _("Hãy chọn tình trạng và ghi lý do."))
            return redirect(page_of(row))
        try:
            change_publication(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Đã đổi tình trạng công bố."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(page_of(row))


@method_decorator(idempotent, name="post")
class UploadView(_ActView):
    """Takes a file for a record: of the right content, no larger than the rules say, not marked secret."""

    model = Attachment
    of: type[Result] | type[Task] = Result

    def post(self, request: Any, pk: int) -> HttpResponse:
        record: Any = get_object_or_404(self.of, pk=pk)
        form = UploadForm(request.POST, request.FILES, prefix="upload")
        if not form.is_valid():
            messages.error(request, _("Hãy chọn tệp, loại tài liệu và mức tiếp cận."))
            return redirect(page_of(record))
        given = form.cleaned_data
        try:
            report = check_file(given.pop("file"), _rule_for(given["kind"]))
            self._refuse(report)
            add_attachment(
                record, checked=report.checked, pages=report.pages, by=request.user, **given
            )
            messages.success(request, _("Đã thêm tài liệu."))
            for fault in report.faults:
                messages.warning(request, str(FAULTS[fault]))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(page_of(record))

    def _refuse(self, report: FileReport) -> None:
        for fault in report.faults:
            if fault in _REFUSED:
                raise DomainError(str(FAULTS[fault]))


def _rule_for(kind: str) -> rules.FileRule:
    """The rule that the dossier's item of this kind has, else the one for data."""
    codes = (item.file_rule for item in rules.items() if item.attachment == kind)
    return rules.file_rule(next(codes, "data"))


def page_of(row: Any) -> str:
    """Where staff see a row of the registers."""
    if isinstance(row, Result):
        return reverse("correct_result", args=[row.public_id])
    names = {Task: "tasks:edit", Application: "applications:edit", Attachment: "attachments:edit"}
    return reverse(names[type(row)], args=[row.pk])


def boxes_of(row: Result | Task | Application, user: Any) -> dict[str, Any]:
    """What the page of a record shows beside its fields."""
    shown = {
        "record": row,
        "is_result": isinstance(row, Result),
        "may_change": may_change(user, type(row)),
        "set_by_source": row.withdrawal_reason in SET_BY_SOURCES,
        "withdraw_form": ReasonForm(prefix="withdraw"),
    }
    if isinstance(row, Application):
        return shown | {
            "of": row.result,
            "waits": row.result_id is None,
            "withdraw_url": reverse("applications:withdraw", args=[row.pk]),
        }
    name = "result" if isinstance(row, Result) else "task"
    return (
        shown
        | {
            "has_files": True,
            "withdraw_url": reverse(f"withdraw_{name}", args=[row.pk]),
            "files": list(row.attachments.order_by("position", "pk")),
            "may_upload": may_change(user, Attachment),
            "upload_url": reverse(f"upload_to_{name}", args=[row.pk]),
            "upload_form": UploadForm(prefix="upload"),
        }
        | (
            {
                "publication_url": reverse("publish_result", args=[row.pk]),
                "publication_form": PublicationForm(
                    prefix="publication",
                    initial={"state": row.publication_state, "until": row.restricted_until},
                ),
                "applications": list(row.applications.order_by("year_number", "pk")),
            }
            if isinstance(row, Result)
            else {}
        )
    )


def record_urls() -> list[URLPattern]:
    return [
        path(
            "ho-so/ket-qua/<int:pk>/go/", WithdrawView.as_view(model=Result), name="withdraw_result"
        ),
        path("ho-so/nhiem-vu/<int:pk>/go/", WithdrawView.as_view(model=Task), name="withdraw_task"),
        path("ho-so/ket-qua/<int:pk>/cong-bo/", PublicationView.as_view(), name="publish_result"),
        path(
            "ho-so/ket-qua/<int:pk>/tai-lieu/",
            UploadView.as_view(of=Result),
            name="upload_to_result",
        ),
        path(
            "ho-so/nhiem-vu/<int:pk>/tai-lieu/", UploadView.as_view(of=Task), name="upload_to_task"
        ),
    ]
