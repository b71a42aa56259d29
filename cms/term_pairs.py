"""The bilingual vocabulary: leads find, add, change and retire its pairs, one by one or as a file."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log

from cms.desks import DeskView, Trail
from cms.finding import WordsFilter
from cms.rights import has_right
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.taxonomy.choices import table
from marketplace.taxonomy.labels import labels
from marketplace.taxonomy.models import TermPair
from marketplace.taxonomy.term_pair_files import (
    LARGEST,
    Plan,
    TermFileRefused,
    apply_plan,
    csv_lines,
    read_csv,
)
from marketplace.taxonomy.term_pairs import cell, save_term_pair

_FIELDS = ("vietnamese", "english", "sector", "note", "source", "status")
#: Codes of the sectors: the second level of the field tree.
_SECTOR_LENGTH = 3
_SHOWN = 200


def _sectors() -> list[tuple[str, str]]:
    return [
        (code, f"{code} {entry.label}")
        for code, entry in table("st-fields").items()
        if len(code) == _SECTOR_LENGTH
    ]


def _sectors_or_all() -> list[tuple[str, str]]:
    return [("", _("Mọi lĩnh vực")), *_sectors()]


class TermPairForm(forms.ModelForm):
    sector = forms.ChoiceField(
        label=gettext_lazy("Lĩnh vực"), choices=_sectors_or_all, required=False
    )

    class Meta:
        model = TermPair
        fields = _FIELDS

    def clean_vietnamese(self) -> str:
        return cell(self.cleaned_data["vietnamese"])

    def clean_english(self) -> str:
        return cell(self.cleaned_data["english"])


class TermPairFilters(WagtailFilterSet):
    words = WordsFilter(
        "folded", label=gettext_lazy("Có chứa (tiếng Việt hoặc tiếng Anh, có dấu hoặc không)")
    )
    sector = django_filters.ChoiceFilter(label=gettext_lazy("Lĩnh vực"), choices=_sectors)
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Tình trạng"),
        choices=TermPair.Status.choices,
        empty_label=gettext_lazy("Tất cả"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = TermPair
        fields = ("words", "sector", "status")


class TermPairIndexView(generic.IndexView):
    list_display = (
        "vietnamese",
        Column("english", label=gettext_lazy("Tiếng Anh"), sort_key="english"),
        Column(
            "sector",
            label=gettext_lazy("Lĩnh vực"),
            accessor=lambda pair: (
                ", ".join(labels("st-fields", [pair.sector])) if pair.sector else _("Mọi lĩnh vực")
            ),
            sort_key="sector",
        ),
        Column("source", label=gettext_lazy("Nguồn"), sort_key="source"),
        BooleanColumn(
            "status",
            label=gettext_lazy("Đang dùng"),
            accessor=lambda pair: pair.status == TermPair.Status.ACTIVE,
        ),
        DateColumn("changed_at", label=gettext_lazy("Sửa lúc"), sort_key="changed_at"),
    )

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons = [
            *super().header_more_buttons,
            Button(
                _("Tải tệp CSV"),
                url=reverse("term_pairs:export"),
                icon_name="download",
                priority=60,
            ),
        ]
        if has_right(self.request.user, "change", TermPair):
            url = reverse("term_pairs:import")
            buttons.append(Button(_("Nhập tệp CSV"), url=url, icon_name="upload", priority=70))
        return buttons


class _Saving:
    """Both forms save through the service, which writes the audit line and tells the processes."""

    logged_as = ""

    def save_instance(self) -> TermPair:
        pair = save_term_pair(self.form.instance, by=self.request.user)
        log(instance=pair, action=self.logged_as, user=self.request.user, content_changed=True)
        return pair


class TermPairCreateView(_Saving, generic.CreateView):
    logged_as = "wagtail.create"


class TermPairEditView(_Saving, generic.EditView):
    logged_as = "wagtail.edit"


def export(request: Any) -> StreamingHttpResponse:
    if not has_right(request.user, "view", TermPair):
        raise PermissionDenied
    answer = StreamingHttpResponse(
        csv_lines(TermPair.objects.order_by("pk").iterator()), content_type="text/csv"
    )
    answer["Content-Disposition"] = 'attachment; filename="thuat-ngu.csv"'
    return answer


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Tệp CSV"),
        help_text=gettext_lazy(
            "Dòng đầu là tên cột: vi và en, thêm sector, note, source, status nếu cần; id để sửa "
            "đúng một cặp đã có. Mã UTF-8."
        ),
    )

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("Tệp lớn quá; hãy chia nhỏ."))
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValidationError(_("Tệp không phải UTF-8.")) from error


@method_decorator(idempotent, name="post")
class ImportView(DeskView):
    """A file is read and shown as what it would change; what was shown is written by a second step."""

    of = TermPair
    seen_with = acted_with = "change"
    template_name = "cms/term_pair_import.html"
    page_title = gettext_lazy("Nhập thuật ngữ từ tệp CSV")
    header_icon = "upload"
    http_method_names: ClassVar[list[str]] = ["get", "post"]

    def trail(self) -> Trail:
        return [(reverse("term_pairs:index"), TermPairViewSet.menu_label)]

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if "content" in request.POST:
            return self._write(request.POST["content"][:LARGEST])
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._shown(form=form)
        content = form.cleaned_data["file"]
        try:
            plan = read_csv(content)
        except TermFileRefused as refused:
            form.add_error("file", refused.message)
            return self._shown(form=form)
        return self._shown(form=FileForm(), content=content, plan=plan)

    def _write(self, content: str) -> HttpResponse:
        try:
            plan: Plan = read_csv(content)
            written = apply_plan(plan, by=self.request.user)
        except (DomainError, ValidationError) as error:
            reason = error.message if isinstance(error, DomainError) else " ".join(error.messages)
            messages.error(self.request, reason)
            return redirect("term_pairs:import")
        messages.success(self.request, _("Đã ghi %(count)d cặp thuật ngữ.") % {"count": written})
        return redirect("term_pairs:index")

    def _shown(self, **more: Any) -> HttpResponse:
        plan: Plan | None = more.get("plan")
        shown = {"changes": plan.changes[:_SHOWN], "faults": plan.faults[:_SHOWN]} if plan else {}
        return self.render_to_response(self.get_context_data(**more, **shown))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"form": FileForm()} | kwargs))


class TermPairViewSet(ModelViewSet):
    model = TermPair
    name = "term_pairs"
    url_prefix = "thuat-ngu"
    icon = "globe"
    menu_label = gettext_lazy("Thuật ngữ Việt – Anh")
    menu_order = 61
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    ordering = ("vietnamese", "english")
    list_per_page = 50
    filterset_class = TermPairFilters
    index_view_class = TermPairIndexView
    add_view_class = TermPairCreateView
    edit_view_class = TermPairEditView
    form_fields = _FIELDS

    def get_form_class(self, for_update: bool = False) -> type[TermPairForm]:
        return TermPairForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("tai-ve/", export, name="export"),
            path("nhap/", ImportView.as_view(), name="import"),
        ]
