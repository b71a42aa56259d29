"""The registers of the national database in the admin: tasks, programmes, people."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSetGroup

from cms.finding import FoundByWords, WordsFilter
from cms.forms import ReasonForm
from cms.lists import ListView, ListViewSet
from cms.menu import REGISTERS
from cms.record_acts import boxes_of
from cms.register_forms import MergeForm, PersonForm, ProgrammeForm, TaskForm, task_values
from cms.rights import has_right
from cms.saving import SavedByService
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.core.text import new_public_id
from marketplace.research.models import Person, PersonAct, Programme, Task, TaskLevel, TaskState
from marketplace.research.people import (
    merge_people,
    split_person,
    undo_person_act,
    update_person,
)
from marketplace.research.programmes import save_programme
from marketplace.research.registering import record_task, resume_task, stop_task
from marketplace.sources.services import edit_task

# --- tasks --------------------------------------------------------------------------------------


class TaskFilters(WagtailFilterSet):
    words = WordsFilter("title", "title_en", label=gettext_lazy("Tên có chứa"))
    code = django_filters.CharFilter(label=gettext_lazy("Mã số"), lookup_expr="istartswith")
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"), choices=TaskState.choices, widget=forms.RadioSelect
    )
    level = django_filters.ChoiceFilter(
        label=gettext_lazy("Cấp nhiệm vụ"), choices=TaskLevel.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = Task
        fields = ("words", "code", "state", "level")


class TaskIndexView(ListView):
    list_display = (
        "title",
        Column("code", label=gettext_lazy("Mã số"), sort_key="code"),
        Column("organization", label=gettext_lazy("Tổ chức chủ trì")),
        Column(
            "state",
            label=gettext_lazy("Trạng thái"),
            accessor="get_state_display",
            sort_key="state",
        ),
        Column("started_on", label=gettext_lazy("Bắt đầu"), sort_key="started_on"),
    )

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related("organization")


class TaskCreateView(SavedByService, generic.CreateView):
    def save_form(self, form: Any) -> HttpResponse:
        values = task_values(form.cleaned_data)
        task = record_task(values=values, source_id=new_public_id(), by=self.request.user)
        messages.success(self.request, _("Đã ghi nhiệm vụ."))
        return redirect(reverse("tasks:edit", args=[task.pk]))


class TaskEditView(SavedByService, generic.EditView):
    def save_form(self, form: Any) -> HttpResponse:
        row = Task.objects.get(pk=self.object.pk)
        edit_task(
            row, values=task_values(form.cleaned_data, row.people, row.extra), by=self.request.user
        )
        messages.success(self.request, _("Đã lưu nhiệm vụ."))
        return redirect(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        task = Task.objects.get(pk=self.object.pk)
        return context | {
            "task": task,
            "results": task.results.order_by("pk"),
            "stop_form": ReasonForm(prefix="stop"),
            **boxes_of(task, self.request.user),
        }


@method_decorator(idempotent, name="post")
class TaskStateView(View):
    http_method_names = ("post",)
    resume = False

    def post(self, request: Any, pk: int) -> HttpResponse:
        if not has_right(request.user, "change", Task):
            raise PermissionDenied
        task = get_object_or_404(Task, pk=pk)
        answer = redirect(reverse("tasks:edit", args=[pk]))
        try:
            if self.resume:
                resume_task(task, by=request.user)
                notes.success(request, _("Nhiệm vụ lại đang tiến hành."))
            else:
                form = ReasonForm(request.POST, prefix="stop")
                if not form.is_valid():
                    notes.error(request, _("Hãy ghi lý do dừng nhiệm vụ."))
                    return answer
                stop_task(task, by=request.user, reason=form.cleaned_data["reason"])
                notes.success(request, _("Đã ghi là nhiệm vụ dừng."))
        except DomainError as error:
            notes.error(request, error.message)
        return answer


class TaskViewSet(ListViewSet):
    model = Task
    name = "tasks"
    url_prefix = "nhiem-vu"
    icon = "clipboard-list"
    menu_label = gettext_lazy("Nhiệm vụ")
    about = gettext_lazy(
        "Nhiệm vụ đang tiến hành và đã xong. Mở một nhiệm vụ để sửa, ghi là dừng, hoặc thêm "
        "tài liệu."
    )
    ordering = ("-pk",)
    list_per_page = 30
    filterset_class = TaskFilters
    index_view_class = TaskIndexView
    add_view_class = TaskCreateView
    edit_view_class = TaskEditView
    edit_template_name = "cms/task_edit.html"

    def get_form_class(self, for_update: bool = False) -> type[TaskForm]:
        return TaskForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("dung/<int:pk>/", TaskStateView.as_view(), name="stop"),
            path("tiep-tuc/<int:pk>/", TaskStateView.as_view(resume=True), name="resume"),
        ]


# --- programmes ---------------------------------------------------------------------------------


class ProgrammeIndexView(FoundByWords, ListView):
    list_display = (
        "name",
        Column("code", label=gettext_lazy("Mã số"), sort_key="code"),
        Column("period", label=gettext_lazy("Thời gian")),
        Column("agency", label=gettext_lazy("Cơ quan quản lý")),
    )

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related("agency")


class _SavedProgramme(SavedByService):
    """Both views save by the service, which compares with the row and writes the log."""

    def save_form(self, form: Any) -> HttpResponse:
        pk = form.instance.pk
        row = Programme.objects.get(pk=pk) if pk else Programme()
        save_programme(row, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Đã lưu chương trình."))
        return redirect(reverse("programmes:edit", args=[row.pk]))


class ProgrammeCreateView(_SavedProgramme, generic.CreateView):
    pass


class ProgrammeEditView(_SavedProgramme, generic.EditView):
    pass


class ProgrammeViewSet(ListViewSet):
    model = Programme
    name = "programmes"
    url_prefix = "chuong-trinh"
    icon = "folder-open-inverse"
    menu_label = gettext_lazy("Chương trình")
    about = gettext_lazy("Chương trình gom các nhiệm vụ theo mã số.")
    nothing = gettext_lazy("Chưa có chương trình nào.")
    ordering = ("code",)
    list_per_page = 30
    search_fields = ("name_folded",)
    index_view_class = ProgrammeIndexView
    add_view_class = ProgrammeCreateView
    edit_view_class = ProgrammeEditView

    def get_form_class(self, for_update: bool = False) -> type[ProgrammeForm]:
        return ProgrammeForm


# --- people -------------------------------------------------------------------------------------


class PersonFilters(WagtailFilterSet):
    words = django_filters.CharFilter(label=gettext_lazy("Tên có chứa"), method="named")

    class Meta:
        model = Person
        fields = ("words",)

    def named(self, found: QuerySet, name: str, value: str) -> QuerySet:
        return found.named_like(value)


class PersonIndexView(ListView):
    list_display = (
        "name",
        Column("organization", label=gettext_lazy("Tổ chức")),
        Column("parts", label=gettext_lazy("Số hồ sơ"), sort_key="parts"),
        Column("orcid", label="ORCID"),
        DateColumn("created_at", label=gettext_lazy("Có từ"), sort_key="created_at"),
    )

    def get_base_queryset(self) -> QuerySet:
        return (
            super()
            .get_base_queryset()
            .current()
            .select_related("organization")
            .annotate(parts=Count("participations"))
        )


class PersonEditView(SavedByService, generic.EditView):
    def save_form(self, form: Any) -> HttpResponse:
        row = Person.objects.get(pk=self.object.pk)
        update_person(row, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Đã lưu."))
        return redirect(self.request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        person = Person.objects.select_related("organization", "merged_into").get(pk=self.object.pk)
        return context | {
            "person": person,
            "parts": person.participations.select_related("result", "task")[:200],
            "others": Person.objects.current()
            .filter(name_folded=person.name_folded)
            .exclude(pk=person.pk)
            .select_related("organization")
            .order_by("pk")[:20],
            "merge_form": MergeForm(prefix="merge"),
            "split_form": ReasonForm(prefix="split"),
            "acts": PersonAct.objects.filter(person=person).select_related("other", "by"),
        }


@method_decorator(idempotent, name="post")
class PersonActView(View):
    """Merges another person into this one, splits parts off, or takes either back."""

    http_method_names = ("post",)
    act = ""

    def post(self, request: Any, pk: int) -> HttpResponse:
        if not has_right(request.user, "change", Person):
            raise PermissionDenied
        person = get_object_or_404(Person, pk=pk)
        try:
            getattr(self, f"_{self.act}")(request, person)
        except DomainError as error:
            notes.error(request, error.message)
        return redirect(reverse("people:edit", args=[pk]))

    def _merge(self, request: Any, person: Person) -> None:
        form = MergeForm(request.POST, prefix="merge")
        if not form.is_valid():
            notes.error(request, _("Hãy chọn người cần gộp và ghi lý do."))
            return
        merge_people(
            person, form.cleaned_data["other"], by=request.user, reason=form.cleaned_data["reason"]
        )
        notes.success(request, _("Đã gộp hai người. Có thể hoàn tác bên dưới."))

    def _split(self, request: Any, person: Person) -> None:
        form = ReasonForm(request.POST, prefix="split")
        parts = [int(value) for value in request.POST.getlist("part") if value.isdecimal()]
        if not form.is_valid():
            notes.error(request, _("Hãy ghi lý do tách."))
            return
        split_person(person, parts, by=request.user, reason=form.cleaned_data["reason"])
        notes.success(request, _("Đã tách thành hai người. Có thể hoàn tác bên dưới."))

    def _undo(self, request: Any, person: Person) -> None:
        act = request.POST.get("act", "")
        found = get_object_or_404(PersonAct, pk=int(act) if act.isdecimal() else 0, person=person)
        undo_person_act(found, by=request.user)
        notes.success(request, _("Đã hoàn tác."))


class PersonViewSet(ListViewSet):
    model = Person
    name = "people"
    url_prefix = "nha-khoa-hoc"
    icon = "user"
    menu_label = gettext_lazy("Nhà khoa học")
    about = gettext_lazy(
        "Sàn coi cùng tên ở cùng tổ chức là một người. Mở một người để gộp với người khác, "
        "tách ra hoặc ghi ORCID khi người đó đồng ý."
    )
    ordering = ("name_folded", "pk")
    list_per_page = 30
    filterset_class = PersonFilters
    index_view_class = PersonIndexView
    edit_view_class = PersonEditView
    edit_template_name = "cms/person_edit.html"

    def get_form_class(self, for_update: bool = False) -> type[PersonForm]:
        return PersonForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("gop/<int:pk>/", PersonActView.as_view(act="merge"), name="merge"),
            path("tach/<int:pk>/", PersonActView.as_view(act="split"), name="split"),
            path("hoan-tac/<int:pk>/", PersonActView.as_view(act="undo"), name="undo"),
        ]


class RegisterGroup(ModelViewSetGroup):
    menu_label = gettext_lazy("Cơ sở dữ liệu quốc gia")
    menu_icon = "folder-open-1"
    menu_name = "registers-room"
    menu_order = 130
    submenu_hook = REGISTERS
    items = (TaskViewSet, ProgrammeViewSet, PersonViewSet)
