"""A submission as staff read it: every field under a heading, codes with their names, beside what is live.

The order of fields here is also the order of the form in which staff correct (`panels`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.core.templatetags.design import date_vi, file_size, money, vi_number
from marketplace.listings.forms.transfer import COUNTRIES
from marketplace.listings.models import Listing, Specification
from marketplace.research.models import Result
from marketplace.taxonomy.labels import label

VOCABULARY_OF: Final[Mapping[str, str]] = {
    "need_kinds": "need-kinds",
    "field_codes": "st-fields",
    "industry_codes": "industries",
    "province_code": "provinces",
    "partners_sought": "partner-kinds",
    "required_trl": "readiness-levels",
    "trl": "readiness-levels",
    "development_level": "development-levels",
    "supply_ways": "supply-ways",
    "supply_modes": "supply-modes",
    "price_mode": "price-modes",
    "transfer_forms": "transfer-forms",
    "transfer_rights": "transfer-rights",
    "transfer_methods": "transfer-methods",
    "ip_status": "ip-statuses",
    "right_basis": "right-bases",
    "condition": "equipment-conditions",
    "service_kinds": "service-kinds",
    "price_basis": "price-bases",
    "served_provinces": "provinces",
}
_MONEY = frozenset({"budget_min", "budget_max", "price_min", "price_max"})
_LONG = frozenset(
    {
        "problem", "required", "advantage", "principle", "confidential", "scope", "deliverables",
        "experience",
    }
)  # fmt: skip

_INTRODUCTION = ("title", "summary", "keywords", "language")
_PRICE = ("price_mode", "price_min", "price_max", "price_note")
_DISCLOSURE = ("hide_owner", "confidential", "valid_until")

Outline = tuple[tuple[str | Promise, tuple[str, ...]], ...]

#: Headings and fields of each kind; names that are no field are rows of the listing.
OUTLINES: Final[Mapping[str, Outline]] = {
    "need": (
        (gettext_lazy("Giới thiệu"), ("need_kinds", *_INTRODUCTION)),
        (gettext_lazy("Phân loại"), ("field_codes", "industry_codes", "province_code")),
        (gettext_lazy("Hiện trạng và yêu cầu"), ("problem", "required", "volume", "site", "required_trl")),
        (gettext_lazy("Chỉ tiêu kỹ thuật"), ("specifications",)),
        (
            gettext_lazy("Đối tác, ngân sách, thời hạn"),
            ("partners_sought", "partner_role", "budget_min", "budget_max", "deadline"),
        ),
        (gettext_lazy("Tài liệu và ảnh"), ("attachments", "pictures")),
        (gettext_lazy("Công khai và bảo mật"), (*_DISCLOSURE, "found_by")),
    ),
    "offer": (
        (gettext_lazy("Giới thiệu"), _INTRODUCTION),
        (gettext_lazy("Phân loại"), ("field_codes", "industry_codes", "province_code", "origin")),
        (
            gettext_lazy("Công nghệ"),
            ("problem", "principle", "advantage", "compared_with", "improvement", "customers"),
        ),
        (gettext_lazy("Chỉ tiêu kỹ thuật"), ("specifications",)),
        (gettext_lazy("Mức độ sẵn sàng"), ("trl", "development_level", "certificates", "results")),
        (
            gettext_lazy("Chuyển giao và giá"),
            (
                "is_technology_transfer", "transfer_forms", "transfer_rights", "transfer_methods",
                "supply_ways", *_PRICE, "extra_costs", "warranty",
            ),
        ),
        (
            gettext_lazy("Quyền"),
            ("right_basis", "right_decision", "co_owner_share", "ip_status", "ip_rights"),
        ),
        (gettext_lazy("Tài liệu và ảnh"), ("attachments", "pictures")),
        (gettext_lazy("Công khai và bảo mật"), _DISCLOSURE),
    ),
    "equipment": (
        (
            gettext_lazy("Giới thiệu"),
            (*_INTRODUCTION, "model_name", "manufacturer", "origin", "year_made", "condition"),
        ),
        (gettext_lazy("Phân loại"), ("field_codes", "industry_codes", "province_code")),
        (gettext_lazy("Thiết bị"), ("principle", "advantage", "trl", "development_level")),
        (gettext_lazy("Chỉ tiêu kỹ thuật"), ("specifications",)),
        (
            gettext_lazy("Cung cấp và giá"),
            ("supply_modes", "supply_ways", "is_technology_transfer", *_PRICE, "warranty"),
        ),
        (gettext_lazy("Tài liệu và ảnh"), ("attachments", "pictures")),
        (gettext_lazy("Công khai và bảo mật"), _DISCLOSURE),
    ),
    "service": (
        (gettext_lazy("Giới thiệu"), ("service_kinds", *_INTRODUCTION)),
        (gettext_lazy("Phân loại"), ("field_codes", "industry_codes", "province_code")),
        (gettext_lazy("Nội dung công việc"), ("scope", "deliverables", "client_provides")),
        (gettext_lazy("Chỉ tiêu kỹ thuật"), ("specifications",)),
        (gettext_lazy("Năng lực"), ("accreditations", "experience")),
        (
            gettext_lazy("Giá, thời gian, nơi nhận việc"),
            ("turnaround", *_PRICE, "price_basis", "is_nationwide", "served_provinces"),
        ),
        (gettext_lazy("Tài liệu và ảnh"), ("attachments", "pictures")),
        (gettext_lazy("Công khai và bảo mật"), _DISCLOSURE),
    ),
}  # fmt: skip

ROWS: Final[Mapping[str, str | Promise]] = {
    "specifications": pgettext_lazy("bước", "Chỉ tiêu"),
    "ip_rights": gettext_lazy("Văn bằng, đơn"),
    "accreditations": gettext_lazy("Công nhận, chứng nhận"),
    "attachments": gettext_lazy("Tài liệu"),
    "pictures": gettext_lazy("Hình ảnh"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the submission; `before` is what is live, `changed` only where something is."""

    name: str
    label: str
    value: SafeString
    before: SafeString
    changed: bool
    confidential: bool


@dataclass(frozen=True, slots=True)
class Section:
    heading: str | Promise
    lines: list[Line]

    @property
    def filled(self) -> list[Line]:
        """Lines that say something, or did before."""
        return [line for line in self.lines if line.value or line.changed]

    @property
    def empty(self) -> list[Line]:
        return [line for line in self.lines if not (line.value or line.changed)]


def sheet_of(draft: Listing, live: Listing | None) -> list[Section]:
    """All sections of a submission, compared with what is live now."""
    names = {name for _heading, fields in OUTLINES[draft.KIND] for name in fields}
    titles = _result_titles(draft, live) if "results" in names else {}
    return [
        Section(heading, [_line(name, draft, live, titles) for name in fields])
        for heading, fields in OUTLINES[draft.KIND]
    ]


def changes_in(sections: list[Section]) -> list[Line]:
    return [line for section in sections for line in section.lines if line.changed]


def _line(name: str, draft: Listing, live: Listing | None, titles: Mapping[str, str]) -> Line:
    value = shown(draft, name, titles)
    before = shown(live, name, titles) if live is not None else mark_safe("")
    return Line(
        name=name,
        label=label_of(draft, name),
        value=value,
        before=before,
        changed=live is not None and value != before,
        confidential=name == "confidential",
    )


def label_of(listing: Listing, name: str) -> str:
    if name in ROWS:
        return str(ROWS[name])
    return capfirst(str(listing._meta.get_field(name).verbose_name))


def shown(listing: Listing, name: str, titles: Mapping[str, str] | None = None) -> SafeString:
    """A field's value for people: names for codes, sums in words, rows as a list."""
    if name in ROWS:
        return _rows(name, listing)
    value = getattr(listing, name)
    if value is None or value in ("", []):
        return mark_safe("")
    if name == "results":
        known = titles if titles is not None else _result_titles(listing, None)
        return _listed([known.get(code, code) for code in value])
    if name in VOCABULARY_OF:
        return _coded(VOCABULARY_OF[name], value)
    for fits, write in _WRITERS:
        if fits(name, value):
            return write(value)
    return format_html("{}", value)


def _coded(scheme: str, value: Any) -> SafeString:
    if not isinstance(value, list):
        name = label(scheme, str(value))
        return (
            format_html("{} {}", value, name)
            if scheme == "readiness-levels"
            else format_html("{}", name)
        )
    names = ((label(scheme, code),) for code in value)
    return format_html(
        '<ul class="desk-inline">{}</ul>', format_html_join("", "<li>{}</li>", names)
    )


def _yes_or_no(value: bool) -> SafeString:
    return format_html("{}", _("Có") if value else _("Không"))


def _text(value: str) -> SafeString:
    return mark_safe(linebreaks(value, autoescape=True))  # noqa: S308 - escaped by linebreaks


def _country(code: str) -> SafeString:
    return format_html("{}", dict(COUNTRIES).get(code, code))


#: In this order: what tells by its name first.
_WRITERS: Final[tuple[tuple[Callable[[str, Any], bool], Callable[[Any], SafeString]], ...]] = (
    (lambda name, _value: name in _MONEY, lambda value: format_html("{}", money(value))),
    (lambda name, _value: name == "origin", _country),
    (
        lambda name, _value: name == "language",
        lambda value: format_html("{}", {"vi": "Tiếng Việt", "en": "English"}.get(value, value)),
    ),
    (lambda name, _value: name in _LONG, _text),
    (lambda _name, value: isinstance(value, bool), _yes_or_no),
    (lambda _name, value: isinstance(value, date), lambda value: format_html("{}", date_vi(value))),
)


def _rows(name: str, listing: Listing) -> SafeString:
    rows = list(getattr(listing, name).all())
    if not rows:
        return mark_safe("")
    if name == "pictures":
        items = [
            (
                reverse("listings:picture", args=[listing.KIND, listing.public_id, row.key]),
                row.caption,
            )
            for row in rows
        ]
        return format_html_join(
            "",
            '<figure class="desk-picture"><img src="{}" alt="{}" loading="lazy"></figure>',
            items,
        )
    if name == "attachments":
        return _listed([_attachment(listing, row) for row in rows])
    if name == "ip_rights":
        return _listed([_ip_right(row) for row in rows])
    if name == "accreditations":
        return _listed([_accreditation(row) for row in rows])
    return _listed([specification_text(row) for row in rows])


def _attachment(listing: Listing, row: Any) -> SafeString:
    marks = [file_size(row.size)]
    if row.is_right_evidence:
        marks.append(_("chứng minh quyền"))
    if row.is_confidential:
        marks.append(_("chỉ tiết lộ khi được đồng ý"))
    return format_html(
        '<a href="{}">{}</a> ({})', attachment_url(listing, row), row.display_name, ", ".join(marks)
    )


def attachment_url(listing: Listing, row: Any) -> str:
    model = listing._meta
    name = f"wagtailsnippets_{model.app_label}_{model.model_name}:attachment"
    return reverse(name, args=[listing.pk, row.file.name.rpartition("/")[2].partition(".")[0]])


def _ip_right(row: Any) -> str:
    until = row.lapses_on and _("đến %(day)s") % {"day": date_vi(row.lapses_on)}
    parts = [row.number, label("ip-kinds", row.kind), label("ip-statuses", row.status), until]
    return " – ".join(part for part in parts if part)


def _accreditation(row: Any) -> str:
    until = row.valid_until and _("đến %(day)s") % {"day": date_vi(row.valid_until)}
    return " – ".join(part for part in (row.name, row.number, row.issuer, until) if part)


def specification_text(row: Specification) -> str:
    """`Năng suất: từ 300 kg/giờ trở lên`"""
    low, high = vi_number(row.low), vi_number(row.high)
    operator = Specification.Operator
    if row.operator == operator.TEXT:
        value = row.text
    elif row.operator == operator.BETWEEN:
        value = f"{low}–{high}"
    elif row.operator == operator.AT_MOST:
        value = f"≤ {high or low}"
    elif row.operator == operator.AT_LEAST:
        value = f"≥ {low or high}"
    else:
        value = low or high
    return f"{row.name}: {value} {row.unit}".strip()


def _result_titles(draft: Listing, live: Listing | None) -> dict[str, str]:
    codes = {code for one in (draft, live) if one is not None for code in one.results}
    return dict(Result.objects.filter(public_id__in=codes).values_list("public_id", "title"))


def _listed(items: list[Any]) -> SafeString:
    if len(items) == 1:
        return format_html("{}", items[0])
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((i,) for i in items)))
