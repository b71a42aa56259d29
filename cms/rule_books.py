"""Rules of registration in the admin: editions of each list, and the entries of one edition."""

from dataclasses import MISSING, fields
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from cms.desks import DeskView, Trail
from cms.lists import DayColumn, ListView, ListViewSet, OpeningColumn
from cms.menu import REGISTRATION
from cms.rule_entries import entry_form, said
from cms.saving import SavedByService
from marketplace.core.errors import DomainError
from marketplace.core.fields import DateField
from marketplace.core.idempotency import idempotent
from marketplace.registration import rules, services
from marketplace.registration.models import RuleBook

_FIELDS = (
    "label_vi", "label_en", "edition", "legal_basis", "source", "status", "valid_from", "valid_to",
    "note",
)  # fmt: skip


class EditionForm(forms.ModelForm):
    class Meta:
        model = RuleBook
        fields = _FIELDS


class NextEditionForm(forms.Form):
    code = forms.SlugField(
        label=gettext_lazy("Mã của ấn bản mới"),
        max_length=60,
        help_text=gettext_lazy("Ví dụ: deadlines-2027."),
    )
    valid_from = DateField(label=gettext_lazy("Có hiệu lực từ"))


class RuleBookIndexView(ListView):
    list_display = (
        OpeningColumn("label", label=gettext_lazy("Danh mục"), sort_key="label_vi"),
        Column("kind", label=gettext_lazy("Loại"), accessor="get_kind_display", sort_key="kind"),
        Column("edition", label=gettext_lazy("Ấn bản"), sort_key="edition"),
        Column("status", label=gettext_lazy("Tình trạng"), accessor="get_status_display"),
        Column("count", label=gettext_lazy("Số mục"), accessor=lambda book: len(book.entries)),
        DayColumn("valid_from", label=gettext_lazy("Hiệu lực từ"), sort_key="valid_from"),
        DayColumn("valid_to", label=gettext_lazy("Đến hết ngày"), sort_key="valid_to"),
    )


class RuleBookEditView(SavedByService, generic.EditView):
    def save_instance(self) -> RuleBook:
        return services.save_edition(self.form.instance, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("rule_books:edit", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = RuleBook.objects.get(pk=self.object.pk)
        stays = services.must_stay(row.kind)
        return super().get_context_data(**kwargs) | {
            "book": row,
            "book_label": row.label,
            "entries": [
                {
                    "code": entry.code,
                    "label": entry.label,
                    "facts": _facts(entry),
                    "status": RuleBook.Status(entry.status).label if entry.status else "",
                    "stays": entry.code in stays,
                }
                for entry in rules.book_of(row).entries
            ],
            "next_form": NextEditionForm(prefix="next"),
        }


_OWN_WORDS = frozenset({"code", "label_vi", "label_en", "hint_vi", "hint_en", "status"})


def _facts(entry: Any) -> str:
    """The values of an entry in one line, those that differ from what goes without saying."""
    found = []
    for one in fields(entry):
        value = getattr(entry, one.name)
        if one.name in _OWN_WORDS or value == one.default or value in ("", (), None):
            continue
        found.append(said(one.name, value))
    return " · ".join(found)


class _RulePage(DeskView):
    of = RuleBook
    seen_with = acted_with = "change"
    header_icon = "list-ol"

    @cached_property
    def book(self) -> RuleBook:
        return get_object_or_404(RuleBook, pk=self.kwargs["pk"])

    @property
    def book_url(self) -> str:
        return reverse("rule_books:edit", args=[self.book.pk])


@method_decorator(idempotent, name="post")
class NextEditionView(_RulePage):
    http_method_names = ("post",)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NextEditionForm(request.POST, prefix="next")
        if not form.is_valid():
            messages.error(request, _("Hãy ghi mã và ngày có hiệu lực của ấn bản mới."))
            return redirect(self.book_url)
        try:
            new = services.start_edition(self.book, by=request.user, **form.cleaned_data)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect(self.book_url)
        messages.success(request, _("Đã lập ấn bản mới, ghi là đang rà soát hiệu lực."))
        return redirect(reverse("rule_books:edit", args=[new.pk]))


@method_decorator(idempotent, name="post")
class EntryView(_RulePage):
    """One entry of an edition: added, changed, moved or taken out."""

    template_name = "cms/rule_entry.html"

    @property
    def code(self) -> str:
        return str(self.kwargs.get("code", ""))

    @cached_property
    def entry(self) -> dict[str, Any]:
        if not self.code:
            return {}
        found = next((one for one in self.book.entries if one.get("code") == self.code), None)
        if found is None:
            raise Http404
        return dict(found)

    @property
    def stays(self) -> bool:
        return self.code in services.must_stay(self.book.kind)

    def get_page_title(self) -> str:
        return _("Sửa mục") if self.code else _("Thêm mục")

    def get_page_subtitle(self) -> str:
        return self.code

    def trail(self) -> Trail:
        return [
            (reverse("rule_books:index"), RuleBookViewSet.menu_label),
            (self.book_url, self.book.label),
        ]

    @property
    def here(self) -> Any:
        return self.code or _("Thêm mục")

    def _form(self, posted: Any = None) -> forms.Form:
        form = entry_form(self.book, code=self.code, kept_code=self.stays)
        entry_class = rules.ENTRIES[self.book.kind]
        usual = {one.name: one.default for one in fields(entry_class) if one.default is not MISSING}
        known = {name: value for name, value in usual.items() if name in form.base_fields}
        return form(posted, initial=known | self.entry)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or self._form()
        return super().get_context_data(**kwargs) | {
            "form": form,
            "book": self.book,
            "code": self.code,
            "stays": self.stays,
            "book_url": self.book_url,
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        try:
            if self.entry and action in ("up", "down"):
                services.move_entry(self.book, code=self.code, up=action == "up", by=request.user)
            elif self.entry and action == "remove":
                services.remove_entry(self.book, code=self.code, by=request.user)
                messages.success(request, _("Đã bỏ mục này khỏi ấn bản."))
            else:
                form = self._form(request.POST)
                if not form.is_valid():
                    return self.render_to_response(self.get_context_data(form=form))
                try:
                    services.save_entry(
                        self.book, values=form.cleaned_data, by=request.user, code=self.code
                    )
                except services.WrongRule as error:
                    form.add_error(None, str(error.message))
                    return self.render_to_response(self.get_context_data(form=form))
                messages.success(
                    request, _("Đã lưu mục. Các trang dùng quy định mới trong một phút.")
                )
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(self.book_url)


class RuleBookViewSet(ListViewSet):
    model = RuleBook
    name = "rule_books"
    url_prefix = "quy-dinh-dang-ky"
    icon = "list-ol"
    menu_label = gettext_lazy("Quy định và biểu mẫu hồ sơ")
    about = gettext_lazy(
        "Thành phần hồ sơ, thời hạn, biểu mẫu, lý do và lời văn đang dùng khi đăng ký kết "
        "quả. Văn bản thay đổi thì mở danh mục và lập ấn bản mới; hồ sơ đã nộp giữ ấn bản của "
        "ngày nộp."
    )
    menu_hook = REGISTRATION
    menu_order = 20
    ordering = ("kind", "-valid_from", "code")
    list_filter = ("kind", "status")
    list_per_page = 50
    index_view_class = RuleBookIndexView
    edit_view_class = RuleBookEditView
    edit_template_name = "cms/rule_book_edit.html"

    def get_form_class(self, for_update: bool = False) -> type[EditionForm]:
        return EditionForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("an-ban-moi/<int:pk>/", NextEditionView.as_view(), name="next_edition"),
            path("muc/<int:pk>/", EntryView.as_view(), name="add_entry"),
            path("muc/<int:pk>/<slug:code>/", EntryView.as_view(), name="entry"),
        ]
