"""One report on the use of a result made clean, or refused with the reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.accounts.names import clean_name, organization_key
from marketplace.core.text import fold
from marketplace.research.numbers import number_key
from marketplace.sources.imports.codes import Codes
from marketplace.sources.imports.columns import APPLICATION, columns_of
from marketplace.sources.imports.records import (
    ID_LIMIT,
    Cleaned,
    derived,
    hash_of,
    identifier,
    refuse_secret,
)
from marketplace.sources.imports.refusals import Refused
from marketplace.sources.imports.values import Row

_LIMIT: Final = 300
#: Five reports, one a year (`docs`: Circular 14/2014): "2", "2.0", "năm thứ 2", "thứ hai" is too much.
_YEAR_NUMBER: Final = re.compile(r"(?:(?:bao cao )?(?:nam )?(?:thu )?|year )([1-5])(?:\.0)?")
FORMS: Final = {
    "production": "production", "trong san xuat, kinh doanh": "production",
    "trong san xuat kinh doanh": "production", "san xuat, kinh doanh": "production",
    "san xuat kinh doanh": "production", "san xuat": "production", "kinh doanh": "production",
    "policy": "policy", "co so xay dung chinh sach, quy hoach": "policy",
    "xay dung chinh sach": "policy", "chinh sach": "policy", "quy hoach": "policy",
    "teaching": "teaching", "giang day, dao tao": "teaching", "giang day": "teaching",
    "dao tao": "teaching", "training": "teaching",
    "research": "research", "nghien cuu tiep theo": "research", "nghien cuu": "research",
    "transfer": "transfer", "chuyen giao cong nghe": "transfer", "chuyen giao": "transfer",
    "technology transfer": "transfer", "other": "other", "khac": "other",
}  # fmt: skip


@dataclass(slots=True)
class ApplicationRecord:
    """A clean report: the columns of `Application`, the result by the number it is named by."""

    source_id: str
    result_number: str
    year_number: int
    organization_name: str
    reported_on: date
    place: str = ""
    province_code: str = ""
    scale: str = ""
    form_of_use: str = ""
    economic_effect: str = ""
    income: int | None = None
    note: str = ""
    said: dict[str, list[str]] = field(default_factory=dict)

    @property
    def organization(self) -> str:
        """The user, tied to the organisation of that name where the exchange has it."""
        return self.organization_name

    @property
    def title(self) -> str:
        return f"{self.result_number}: {self.organization_name} ({self.year_number})"

    def content_hash(self) -> str:
        return hash_of(self, _FIELDS)


_FIELDS: Final = tuple(one.name for one in fields(ApplicationRecord) if one.name != "said")


def clean_application(
    raw: Mapping[str, Any],
    *,
    columns_named: Mapping[str, str] | None = None,
    source_id: str = "",
    codes: Codes | None = None,
) -> Cleaned[ApplicationRecord]:
    """The report as the register keeps it; raises Refused.

    What it cannot do without is what form and law ask of every report: which result, of which of the
    five years, used by whom, reported when.
    """
    row = Row(raw, columns_of(tuple(raw), columns_named or {}, APPLICATION), codes)
    refuse_secret(row, source_id)
    number = row.line("result_number", limit=ID_LIMIT)
    if not number:
        raise _missing(row, "result_number", _("Thiếu số của kết quả (số giấy chứng nhận, mã…)."))
    name = clean_name(row.line("organization_name", limit=_LIMIT))
    if not name:
        raise _missing(row, "organization_name", _("Thiếu tên nơi ứng dụng."))
    year, place = _year_number(row), row.line("place", limit=_LIMIT)
    record = ApplicationRecord(
        source_id=identifier(row, source_id)
        or derived(number_key(number), str(year), organization_key(name), fold(place)),
        result_number=number,
        year_number=year,
        organization_name=name,
        reported_on=_reported_on(row),
        place=place,
        province_code=row.province(),
        scale=row.line("scale", limit=_LIMIT),
        form_of_use=row.choice("form_of_use", FORMS),
        economic_effect=row.text("economic_effect"),
        income=row.money("income"),
        note=row.text("note"),
        said=row.said,
    )
    return Cleaned(record, row.remarks, row.waiting)


def _missing(row: Row, name: str, reason: str, rule: str = "") -> Refused:
    return Refused(
        reason, rule=rule or f"application.{name}", column=row.column(name), value=row.line(name)
    )


def _year_number(row: Row) -> int:
    found = _YEAR_NUMBER.fullmatch(fold(row.line("year_number")))
    if found is None:
        reason = _(
            "Thiếu năm thứ mấy của báo cáo ứng dụng: số từ 1 đến 5, không phải năm dương lịch."
        )
        raise _missing(row, "year_number", reason)
    return int(found[1])


def _reported_on(row: Row) -> date:
    found = row.date("reported_on")
    if found is None:
        reason = _("Thiếu ngày báo cáo, hoặc không đọc được: ngày/tháng/năm.")
        raise _missing(row, "reported_on", reason)
    return found
