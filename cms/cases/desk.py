"""The list of cases: mine today, nobody's, idle; passed on together, undone as one, taken away as a table."""

from datetime import datetime
from typing import Any, ClassVar, Final

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column

from cms.cases.forms import HandOverForm
from cms.cases.page import CaseView
from cms.finding import WordsFilter
from cms.lists import DayColumn, ListView, ListViewSet, OpeningColumn, OrderOfWork
from cms.rights import has_right
from marketplace.cases import services
from marketplace.cases.models import Case, HandOver
from marketplace.cases.officers import officers
from marketplace.cases.outcomes import outcome_label
from marketplace.core import clock
from marketplace.core.cells import harmless
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.taxonomy.choices import choices
from marketplace.taxonomy.labels import label

_SHOWN_HAND_OVERS: Final = 5
#: Heaps of the desk: name, what they are called, and which cases lie there.
HEAPS: Final = {
    "today": (gettext_lazy("Việc của tôi hôm nay"), lambda rows, user: rows.due().filter(officer=user)),
    "mine": (gettext_lazy("Tôi phụ trách"), lambda rows, user: rows.of(user)),
    "nobody": (gettext_lazy("Chưa giao ai"), lambda rows, user: rows.unassigned()),
    "idle": (gettext_lazy("Để lâu không ai làm"), lambda rows, user: rows.idle()),
    "due": (gettext_lazy("Đến hạn"), lambda rows, user: rows.due()),
    "open": (gettext_lazy("Đang mở"), lambda rows, user: rows.open()),
    "no-outcome": (gettext_lazy("Đã đóng, chưa ghi kết cục"), lambda rows, user: rows.without_outcome()),
}  # fmt: skip


class DeskFilters(WagtailFilterSet):
    heap = django_filters.ChoiceFilter(
        label=gettext_lazy("Hồ sơ"),
        choices=[(key, name) for key, (name, _narrow) in HEAPS.items()],
        empty_label=gettext_lazy("Tất cả"),
        method="in_heap",
        widget=forms.RadioSelect,
    )
    officer = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Phụ trách"), queryset=lambda request: officers()
    )
    province_code = django_filters.ChoiceFilter(
        label=gettext_lazy("Tỉnh, thành phố"), choices=lambda: choices("provinces")
    )
    words = WordsFilter("title", label=gettext_lazy("Tên có chứa"))
    organization = WordsFilter("organization__name_folded", label=gettext_lazy("Tổ chức có chứa"))

    class Meta:
        model = Case
        fields: ClassVar = ["heap", "officer", "province_code", "words", "organization"]

    def in_heap(self, found: Any, name: str, value: str) -> QuerySet:
        return HEAPS[value][1](found, self.request.user)


class ChoosingColumn(Column):
    """A box that belongs to the form below the list."""

    cell_template_name = "cms/cases/box.html"
    header_template_name = "cms/cases/box_heading.html"


class NextColumn(Column):
    cell_template_name = "cms/cases/next.html"


class OfficerColumn(Column):
    cell_template_name = "cms/cases/officer.html"


class CaseIndexView(OrderOfWork, ListView):
    list_export: ClassVar = [
        "public_id", "title", "organization", "province", "officer", "next_action", "next_action_on",
        "state", "outcome", "opened_at", "closed_at", "touched_at",
    ]  # fmt: skip
    export_filename = "ho-so-theo-doi"
    export_headings: ClassVar = {
        "public_id": gettext_lazy("Mã"),
        "title": gettext_lazy("Tên"),
        "organization": pgettext_lazy("một tổ chức", "Tổ chức"),
        "province": gettext_lazy("Tỉnh, thành phố"),
        "officer": gettext_lazy("Phụ trách"),
        "next_action": gettext_lazy("Việc tiếp theo"),
        "next_action_on": gettext_lazy("Vào ngày"),
        "state": gettext_lazy("Tình trạng"),
        "outcome": gettext_lazy("Kết cục"),
        "opened_at": gettext_lazy("Mở lúc"),
        "closed_at": gettext_lazy("Đóng lúc"),
        "touched_at": gettext_lazy("Lần cuối có người làm"),
    }

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            OpeningColumn("title", label=_("Tên"), sort_key="title"),
            OfficerColumn("officer", label=_("Phụ trách"), sort_key="officer__full_name"),
            NextColumn("next_action_on", label=_("Việc tiếp theo"), sort_key="next_action_on"),
            Column("organization", label=_("Tổ chức"), sort_key="organization__name"),
            DayColumn("opened_at", label=_("Mở lúc"), sort_key="opened_at"),
        ]

    @cached_property
    def columns(self) -> list[Any]:
        found = list(super().columns)
        may = has_right(self.request.user, "change", Case)
        return [ChoosingColumn("box", label=""), *found] if may else found

    def get_base_queryset(self) -> QuerySet:
        seen = Case.objects.curated_by(self.request.user)
        return seen.select_related("organization", "officer").in_order_of_work()

    def to_row_dict(self, item: Case) -> dict[str, Any]:
        words = {
            "title": item.title,
            "organization": str(item.organization or ""),
            "province": label("provinces", item.province_code) if item.province_code else "",
            "officer": str(item.officer or ""),
            "next_action": item.next_action,
            "state": str(item.get_state_display()),
            "outcome": outcome_label(item.outcome),
        }
        plain = {name: _day(getattr(item, name)) for name in self.list_export if name not in words}
        found = plain | {name: harmless(text) for name, text in words.items()}
        return {name: found[name] for name in self.list_export}

    def stream_csv(self, queryset: Any) -> Any:
        # A spreadsheet reads Vietnamese right only behind this mark.
        yield "\ufeff"
        yield from super().stream_csv(queryset)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        may = has_right(user, "change", Case)
        return super().get_context_data(**kwargs) | {
            "heaps": heaps(user),
            "heap": self.request.GET.get("heap", ""),
            "may_change": may,
            "hand_over_form": HandOverForm(),
            "hand_overs": _hand_overs_of(user) if may else [],
        }


def _day(value: Any) -> Any:
    """A spreadsheet knows no time zones; the day in Vietnam is what is asked for."""
    return value.astimezone(clock.VIETNAM).date() if isinstance(value, datetime) else value


def heaps(user: Any) -> list[dict[str, Any]]:
    """How many cases lie in each heap, in one query."""
    seen = Case.objects.curated_by(user)
    counts = seen.aggregate(
        **{
            key.replace("-", "_"): Count(
                "pk", filter=Q(pk__in=narrow(Case.objects, user).values("pk"))
            )
            for key, (_name, narrow) in HEAPS.items()
        }
    )
    return [
        {"key": key, "label": name, "count": counts[key.replace("-", "_")]}
        for key, (name, _narrow) in HEAPS.items()
    ]


def _hand_overs_of(user: Any) -> list[HandOver]:
    """The last ones that the person made, to take back."""
    made = HandOver.objects.filter(by=user, undone_at=None).select_related("to")
    return list(made.annotate(cases=Count("lines"))[:_SHOWN_HAND_OVERS])


@method_decorator(idempotent, name="post")
class HandOverView(View):
    """Cases chosen in the list pass to a colleague."""

    http_method_names = ("post",)

    def post(self, request: Any) -> HttpResponse:
        if not has_right(request.user, "change", Case):
            raise PermissionDenied
        back = reverse("cases:index")
        form = HandOverForm(request.POST)
        chosen = Case.objects.curated_by(request.user, "change").filter(
            public_id__in=request.POST.getlist("case")
        )
        if not form.is_valid():
            messages.error(request, " ".join(e for errors in form.errors.values() for e in errors))
            return redirect(back)
        try:
            made = services.hand_over(chosen, by=request.user, **form.cleaned_data)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            count = made.lines.count()
            told = ngettext(
                "Đã giao %(n)s hồ sơ cho %(to)s.", "Đã giao %(n)s hồ sơ cho %(to)s.", count
            )
            messages.success(request, told % {"n": count, "to": made.to})
        return redirect(back)


@method_decorator(idempotent, name="post")
class UndoView(View):
    """Whoever passed cases on takes that back."""

    http_method_names = ("post",)

    def post(self, request: Any, pk: int) -> HttpResponse:
        if not has_right(request.user, "change", Case):
            raise PermissionDenied
        made = get_object_or_404(HandOver, pk=pk, by=request.user)
        try:
            back = services.undo_hand_over(made, by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            told = ngettext(
                "Đã trả %(n)s hồ sơ về người phụ trách trước.",
                "Đã trả %(n)s hồ sơ về người phụ trách trước.",
                back,
            )
            messages.success(request, told % {"n": back})
        return redirect("cases:index")


class CaseViewSet(ListViewSet):
    model = Case
    name = "cases"
    url_prefix = "ho-so"
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("Hồ sơ theo dõi")
    menu_name = "cases-room"  # else a slug of the label in whichever language asked first
    menu_order = 90
    add_to_admin_menu = True
    about = gettext_lazy(
        "Mỗi nhu cầu đang đăng có một người phụ trách, một việc tiếp theo và nhật ký liên hệ. Hồ sơ chưa"
        " giao ai đứng đầu."
    )
    nothing = gettext_lazy("Chưa có hồ sơ nào. Hồ sơ tự mở khi một nhu cầu được đăng.")
    list_per_page = 30
    form_fields = ("next_action",)
    filterset_class = DeskFilters
    index_view_class = CaseIndexView
    index_template_name = "cms/cases/list.html"

    @property
    def edit_view(self) -> Any:
        return self.construct_view(CaseView)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("ban-giao/", HandOverView.as_view(), name="hand_over"),
            path("hoan-tac/<int:pk>/", UndoView.as_view(), name="undo"),
        ]
