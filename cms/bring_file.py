"""Bringing a file in: choose it, see what its columns are taken for and its first records, then go on."""

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from cms.corrections import field_label
from cms.desks import DeskView, Trail
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.sources.imports.columns import ALIASES_OF, is_secrecy_column
from marketplace.sources.models import RecordType, Source, SourceKind, Upload
from marketplace.sources.registers import REGISTERS
from marketplace.sources.services.uploads import (
    ask_upload,
    choose_columns,
    drop_upload,
    keep_upload,
    preview_upload,
)

#: Fields whose column in the registers has another name, or none.
_LABELS: Final = {
    "source_id": gettext_lazy("Mã trong nguồn"),
    "fields": gettext_lazy("Lĩnh vực"),
    "lead": gettext_lazy("Chủ nhiệm"),
    "province": gettext_lazy("Tỉnh, thành phố"),
    "industries": gettext_lazy("Ngành kinh tế"),
    "objectives": gettext_lazy("Mục tiêu kinh tế - xã hội"),
}


def _choices(kind: str) -> list[tuple[str, str]]:
    known = {field.name for field in REGISTERS[kind].model._meta.get_fields()}
    return [
        ("", _("không nhập")),
        *(
            (name, str(_LABELS[name] if name in _LABELS else field_label(name, REGISTERS[kind])))
            for name in ALIASES_OF[kind]
            if name in known or name in _LABELS
        ),
    ]


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Tệp"))
    source = forms.ModelChoiceField(
        label=gettext_lazy("Nguồn"),
        queryset=Source.objects.filter(is_active=True).exclude(
            kind__in=(SourceKind.PUSH, SourceKind.OWN)
        ),
        help_text=gettext_lazy("Chưa có nguồn? Tạo ở mục “Các nguồn dữ liệu” trước."),
    )


class _FilePage(DeskView):
    of = Source
    seen_with = acted_with = "change"
    header_icon = "upload"
    page_title = gettext_lazy("Nhập từ tệp")

    def trail(self) -> Trail:
        return [(reverse("imports:index"), _("Nhập dữ liệu"))]


@method_decorator(idempotent, name="post")
class ChooseFileView(_FilePage):
    template_name = "cms/bring_file.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = Upload.objects.filter(state=Upload.State.LOOKED_AT).select_related("source")
        return {
            "form": FileForm(),
            "waiting": waiting.order_by("-uploaded_at", "-pk")[:10],
        } | super().get_context_data(**kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                upload = keep_upload(
                    form.cleaned_data["file"], source=form.cleaned_data["source"], by=request.user
                )
                return redirect("imports:file", upload.public_id)
            except DomainError as error:
                form.add_error("file", error.message)
        return self.render_to_response(self.get_context_data(form=form))


@method_decorator(idempotent, name="post")
class LookAtFileView(_FilePage):
    """The columns, the first records as they would be kept, and the three ways on."""

    template_name = "cms/look_at_file.html"

    def prepare(self) -> None:
        self.upload = get_object_or_404(
            Upload.objects.select_related("source", "run"), public_id=self.kwargs["public_id"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs) | {"upload": self.upload}
        if self.upload.state == Upload.State.LOOKED_AT:
            preview = preview_upload(self.upload)
            context |= {
                "preview": preview,
                "choices": _choices(self.upload.kind),
                "kinds": RecordType.choices,
                "rows": [(f"c{n}", column) for n, column in enumerate(preview.columns)],
                "shown": [one for one in preview.records if one.record or one.refused],
            }
        return context

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        try:
            if action == "drop":
                drop_upload(self.upload)
                messages.success(request, _("Đã bỏ tệp; chưa có gì được nhập."))
                return redirect("imports:index")
            kind = request.POST.get("kind", self.upload.kind)
            # What the columns were taken for is meant for the other register: they are read anew.
            columns = self._columns(request) if kind == self.upload.kind else {}
            choose_columns(self.upload, columns, kind=kind)
            if action == "bring":
                ask_upload(self.upload, by=request.user)
                messages.success(request, _("Đang nhập; số liệu hiện ở danh sách và tăng dần."))
                return redirect("imports:index")
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(request.path)

    def _columns(self, request: Any) -> dict[str, str]:
        """What was chosen for each column, the ones with a secrecy level left alone."""
        allowed = {value for value, _label in _choices(self.upload.kind)}
        preview = preview_upload(self.upload)
        chosen = {}
        for number, column in enumerate(preview.columns):
            value = request.POST.get(f"c{number}", column.taken_for)
            if value in allowed and not is_secrecy_column(column.name):
                chosen[column.name] = value
        return chosen
