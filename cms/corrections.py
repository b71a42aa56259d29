"""A record's values with where each is from, and the form that corrects one with a reason."""

import json
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from cms.desks import DeskView, Trail
from cms.finding import anywhere
from cms.record_acts import boxes_of
from marketplace.accounts.models import Organization
from marketplace.accounts.services import find_organization
from marketplace.core.errors import DomainError
from marketplace.core.fields import DateField
from marketplace.core.idempotency import idempotent
from marketplace.core.templatetags.design import date_vi, money
from marketplace.research.models import PersonRole, Programme, Result, Sourced
from marketplace.sources.models import Correction, Master, Source
from marketplace.sources.provenance import Origin, origins
from marketplace.sources.registers import (
    APPLICATIONS,
    REGISTERS,
    RESULTS,
    TASKS,
    Register,
    register_of,
)
from marketplace.sources.services import correct_field, take_back
from marketplace.sources.services.values import plain
from marketplace.taxonomy.codes import parse_code
from marketplace.taxonomy.labels import label

_LONG: Final = frozenset(
    {
        "title", "title_en", "abstract", "products", "application_note", "aims", "summary", "methods",
        "expected_products", "expected_application", "economic_effect", "note",
    }
)  # fmt: skip
_NUMBERS: Final = frozenset(
    {
        "year", "funding", "trl", "months", "funding_state", "funding_own", "funding_other", "income",
        "year_number",
    }
)  # fmt: skip
_MONEY: Final = frozenset({"funding", "funding_state", "funding_own", "funding_other", "income"})
_LISTS: Final = frozenset({"keywords", "field_codes", "objective_codes", "industry_codes"})
_SCHEMES: Final = {
    "field_codes": "st-fields",
    "objective_codes": "objectives",
    "industry_codes": "industries",
}
_SHOWN: Final = 20


def _column(name: str, register: Register = RESULTS) -> Any:
    """The column of the register, else of the first one that has it."""
    for one in (register, *REGISTERS.values()):
        try:
            return one.model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
    raise FieldDoesNotExist(name)


def field_label(name: str, register: Register = RESULTS) -> str:
    text = str(_column(name, register).verbose_name)
    return text[:1].upper() + text[1:]


def correct_url(row: Sourced) -> str:
    return reverse(f"correct_{register_of(row).record_type}", args=[row.public_id])


def shown_value(name: str, value: Any, register: Register = RESULTS) -> str:
    """A kept value as people read it."""
    if value in (None, "", []):
        return ""
    if name == "organization":
        found = Organization.objects.filter(pk=value).first()
        return found.name if found else str(value)
    if name == "programme":
        programme = Programme.objects.filter(pk=value).first()
        return programme.code if programme else str(value)
    if name == "people":
        return "\n".join(one["name"] for one in value if one.get("name"))
    if isinstance(_column(name, register), models.DateField):
        return date_vi(date.fromisoformat(value))
    if name in _MONEY:
        return money(value)
    if name in ("started_on", "ended_on"):
        return "/".join(reversed(str(value).split("-")))
    if name in _SCHEMES:
        return "; ".join(f"{code} {label(_SCHEMES[name], code)}" for code in value)
    if isinstance(value, list):
        return "; ".join(
            one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in value
        )
    choices = dict(_column(name, register).flatchoices)
    return str(choices.get(value, value))


class CorrectionForm(forms.Form):
    """One field of one record."""

    reason = forms.CharField(
        label=gettext_lazy("Vì sao sửa"),
        max_length=300,
        help_text=gettext_lazy("Căn cứ để người sau hiểu: văn bản, hồ sơ đã xem."),
    )

    def __init__(self, *args: Any, field: str, row: Sourced, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field, self.row = field, row
        self.fields["value"] = self._value_field(row)
        self.order_fields(["value", "reason"])

    def _value_field(self, row: Sourced) -> forms.Field:
        name, value, register = self.field, plain(row, self.field), register_of(row)
        column = _column(name, register)
        options: dict[str, Any] = {
            "label": field_label(name, register),
            "required": not column.blank,
        }
        if column.choices:
            return forms.ChoiceField(choices=column.get_choices(), initial=value, **options)
        if name in _NUMBERS:
            return forms.IntegerField(initial=value, **options)
        if isinstance(column, models.DateField):
            return DateField(initial=value, **options)
        initial = "; ".join(value or []) if name in _LISTS else shown_value(name, value, register)
        if name in ("started_on", "ended_on"):
            initial = value
        if name == "people":
            options["help_text"] = _("Mỗi người một dòng, chủ nhiệm ở dòng đầu.")
        elif name in _LISTS:
            options["help_text"] = _("Cách nhau bằng dấu chấm phẩy.")
        elif name == "organization":
            options["help_text"] = _("Tên tổ chức đã có trên sàn, viết theo cách nào cũng được.")
        elif name == "programme":
            options["help_text"] = _("Mã số chương trình trong sổ chương trình.")
        widget = forms.Textarea(attrs={"rows": 6}) if name in _LONG or name == "people" else None
        return forms.CharField(initial=initial, widget=widget, **options)

    def clean_value(self) -> Any:
        value = self.cleaned_data["value"]
        if self.field == "organization":
            found = find_organization(value) if value else None
            if value and found is None:
                raise forms.ValidationError(_("Sàn chưa có tổ chức nào tên như vậy."))
            return found.pk if found else None
        if self.field == "people":
            return self._people(value)
        if self.field in _LISTS:
            parts = [one.strip() for one in value.split(";") if one.strip()]
            return parts if self.field == "keywords" else [self._code(one) for one in parts]
        if self.field == "programme":
            programme = Programme.objects.filter(code=value).first() if value else None
            if value and programme is None:
                raise forms.ValidationError(_("Sổ chương trình không có mã này."))
            return programme.pk if programme else None
        return value.isoformat() if isinstance(value, date) else value

    def _code(self, text: str) -> str:
        code = parse_code(_SCHEMES[self.field], text)
        if code is None:
            raise forms.ValidationError(_("Bảng mã không có mã “%(code)s”.") % {"code": text[:60]})
        return code

    def _people(self, text: str) -> list[dict[str, Any]]:
        """The names in their order; what is known of a person beside the name stays with them."""
        known = {one["name"]: one for one in self.row.people if one.get("name")}
        names = [" ".join(line.split())[:200] for line in text.splitlines() if line.strip()]
        people = []
        for at, name in enumerate(dict.fromkeys(names)):
            role = known.get(name, {}).get("role", PersonRole.MEMBER)
            if at == 0 or role == PersonRole.LEAD:
                role = PersonRole.MEMBER if at else PersonRole.LEAD
            people.append({**known.get(name, {}), "name": name, "role": str(role)})
        return people


class _CorrectionPage(DeskView):
    of = Correction
    seen_with = acted_with = "add"
    header_icon = "edit"


class FindResultView(_CorrectionPage):
    """Finds the result to be corrected by its numbers, its id or words of its title."""

    template_name = "cms/find_result.html"
    page_title = gettext_lazy("Sửa kết quả")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = " ".join(self.request.GET.get("q", "").replace("\0", "").split())[:200]
        found = Result.objects.none()
        if asked:
            found = Result.objects.filter(
                Q(public_id=asked)
                | Q(source_id=asked)
                | Q(archive_number=asked)
                | Q(result_code=asked)
                | Q(certificate_number=asked)
                | anywhere(asked, "title")
            )
        rows = found.select_related("organization").order_by("-pk")[:_SHOWN]
        return super().get_context_data(**kwargs) | {"asked": asked, "rows": rows}


@method_decorator(idempotent, name="post")
class CorrectView(_CorrectionPage):
    template_name = "cms/correct_result.html"
    register: Register = RESULTS

    @property
    def page_title(self) -> str:
        if self.register is APPLICATIONS:
            return _("Sửa ứng dụng kết quả")
        return _("Sửa nhiệm vụ") if self.register is TASKS else _("Sửa kết quả")

    @cached_property
    def row(self) -> Any:
        return get_object_or_404(self.register.model, public_id=self.kwargs["public_id"])

    def get_page_subtitle(self) -> str:
        return self.row.title

    def trail(self) -> Trail:
        return [(self._list_url(), self.page_title)]

    @property
    def here(self) -> Any:
        return Truncator(self.row.title).words(14)

    def _list_url(self) -> str:
        return reverse(f"{self.register.record_type}s:index")

    @property
    def fields(self) -> list[str]:
        return list(self.register.correctable)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("truong", "")
        form = kwargs.pop("form", None)
        if form is None and asked in self.fields:
            form = CorrectionForm(field=asked, row=self.row)
        source = Source.objects.filter(slug=self.row.source).first()
        known = origins(self.row)
        return super().get_context_data(**kwargs) | {
            "row": self.row,
            "here": correct_url(self.row),
            **boxes_of(self.row, self.request.user),
            "form": form,
            "source": source,
            "is_source_master": bool(
                form and source and source.master_of(form.field) == Master.SOURCE
            ),
            "lines": [
                {
                    "name": name,
                    "label": field_label(name, self.register),
                    "value": shown_value(name, plain(self.row, name), self.register),
                    "origin": (origin := known.get(name, Origin())),
                    "over": shown_value(name, origin.correction.over_value, self.register)
                    if origin.correction
                    else "",
                    "is_own": name not in self.register.model.IMPORTED_FIELDS,
                }
                for name in self.fields
            ],
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        here = correct_url(self.row)
        try:
            if request.POST.get("action") == "take_back":
                standing = self.row.corrections.filter(ended_at=None)
                correction = get_object_or_404(standing, field=request.POST.get("field", ""))
                take_back(correction, by=request.user)
                messages.success(request, _("Trường này lại theo nguồn."))
                return redirect(here)
            field = request.POST.get("field", "")
            if field not in self.fields:
                messages.error(request, _("Trường này không sửa tay được."))
                return redirect(here)
            form = CorrectionForm(request.POST, field=field, row=self.row)
            if not form.is_valid():
                return self.render_to_response(self.get_context_data(form=form))
            correct_field(
                self.row,
                field=field,
                value=form.cleaned_data["value"],
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
            messages.success(request, _("Đã sửa. Lần nhập sau không ghi đè giá trị này."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(here)


def correction_urls() -> list[URLPattern]:
    return [
        path("sua-ket-qua/", FindResultView.as_view(), name="find_result"),
        path("sua-ket-qua/<slug:public_id>/", CorrectView.as_view(), name="correct_result"),
        path(
            "sua-nhiem-vu/<slug:public_id>/",
            CorrectView.as_view(register=TASKS),
            name="correct_task",
        ),
        path(
            "sua-ung-dung/<slug:public_id>/",
            CorrectView.as_view(register=APPLICATIONS),
            name="correct_application",
        ),
    ]
