"""What the files say of a record: of each register one list of columns for every format."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.api.kinds import KINDS
from marketplace.api.oai.addresses import page_address
from marketplace.research.models import Application


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is text, list (of texts) or number; lists are joined by "; " where there are none."""

    name: str
    kind: str
    meaning: str | Promise


#: Names of people are left out: who needs one record's authors reads the record (Law 91/2025).
COLUMNS: Final = (
    Column("id", "text", _("Mã công khai trên sàn")),
    Column("address", "text", _("Địa chỉ trang công khai")),
    Column("title", "text", _("Tên kết quả")),
    Column("title_en", "text", _("Tên tiếng Anh")),
    Column("abstract", "text", _("Tóm tắt")),
    Column("keywords", "list", _("Từ khóa")),
    Column("language", "text", _("Ngôn ngữ của bản ghi: vi hoặc en")),
    Column("field_codes", "list", _("Mã lĩnh vực nghiên cứu")),
    Column("organization", "text", _("Tổ chức chủ trì")),
    Column("agency", "text", _("Cơ quan chủ quản")),
    Column("level", "text", _("Cấp nhiệm vụ: national, ministry, province, institution")),
    Column("year", "number", _("Năm")),
    Column("started_on", "text", _("Bắt đầu, YYYY-MM hoặc YYYY-MM-DD")),
    Column("ended_on", "text", _("Kết thúc")),
    Column("archive_number", "text", _("Số hồ sơ lưu")),
    Column("result_code", "text", _("Mã kết quả")),
    Column("certificate_number", "text", _("Số giấy chứng nhận đăng ký")),
    Column("trl", "number", _("Mức độ sẵn sàng công nghệ (TRL), 1–9")),
    Column("application_status", "text", _("Tình trạng ứng dụng: applied, pilot, not_applied, unknown")),
    Column("ip_numbers", "list", _("Số bằng hoặc số đơn sở hữu trí tuệ")),
    Column("source", "text", _("Nguồn dữ liệu")),
    Column("source_address", "text", _("Địa chỉ bản ghi tại nguồn")),
)  # fmt: skip


def open_record(result: Any) -> dict[str, Any]:
    """The record as it is given out, in the order of `COLUMNS`."""
    return {
        "id": result.public_id,
        "address": page_address(result),
        "title": result.title,
        "title_en": result.title_en,
        "abstract": result.abstract,
        "keywords": result.keywords,
        "language": result.language,
        "field_codes": result.field_codes,
        "organization": result.organization.name if result.organization else "",
        "agency": result.agency,
        "level": result.level,
        "year": result.year,
        "started_on": result.started_on,
        "ended_on": result.ended_on,
        "archive_number": result.archive_number,
        "result_code": result.result_code,
        "certificate_number": result.certificate_number,
        "trl": result.trl,
        "application_status": result.application_status,
        "ip_numbers": [right["number"] for right in result.ip_rights],
        "source": result.source,
        "source_address": result.source_url,
    }


#: No sum that a firm earns, as on the page of the result.
APPLICATION_COLUMNS: Final = (
    Column("id", "text", _("Mã công khai trên sàn")),
    Column("result", "text", _("Mã công khai của kết quả")),
    Column("result_number", "text", _("Số giấy chứng nhận, số hồ sơ lưu hoặc mã của kết quả")),
    Column("address", "text", _("Địa chỉ trang công khai của kết quả")),
    Column("year_number", "number", _("Báo cáo của năm thứ mấy, 1–5")),
    Column("organization_name", "text", _("Tổ chức ứng dụng")),
    Column("place", "text", _("Địa chỉ ứng dụng")),
    Column("province", "text", _("Mã tỉnh, thành phố")),
    Column("scale", "text", _("Quy mô")),
    Column("form_of_use", "text", _("Hình thức: production, policy, teaching, research, transfer, other")),
    Column("economic_effect", "text", _("Hiệu quả kinh tế - xã hội")),
    Column("reported_on", "text", _("Báo cáo ngày")),
    Column("source", "text", _("Nguồn dữ liệu")),
)  # fmt: skip


def open_application(one: Any) -> dict[str, Any]:
    result = one.result
    return {
        "id": one.public_id,
        "result": result.public_id,
        "result_number": next(iter(result.numbers), f"{result.source}:{result.source_id}"),
        "address": page_address(result),
        "year_number": one.year_number,
        "organization_name": one.organization_name,
        "place": one.place,
        "province": one.province_code,
        "scale": one.scale,
        "form_of_use": one.form_of_use,
        "economic_effect": one.economic_effect,
        "reported_on": one.reported_on.isoformat(),
        "source": one.source,
    }


@dataclass(frozen=True, slots=True)
class Dataset:
    """The public rows of one register, as a file has them."""

    name: str
    titles: dict[str, str]
    columns: tuple[Column, ...]
    rows: Callable[[], QuerySet[Any]]
    record: Callable[[Any], dict[str, Any]]


RESULTS: Final = Dataset(
    "results",
    {
        "vi": "Kết quả thực hiện nhiệm vụ khoa học và công nghệ",
        "en": "Results of science and technology tasks",
    },
    COLUMNS,
    lambda: KINDS["result"].public(),
    open_record,
)
APPLICATIONS: Final = Dataset(
    "applications",
    {
        "vi": "Ứng dụng kết quả nhiệm vụ khoa học và công nghệ",
        "en": "Applications of results of science and technology tasks",
    },
    APPLICATION_COLUMNS,
    lambda: Application.objects.public().select_related("result"),
    open_application,
)
DATASETS: Final = (RESULTS, APPLICATIONS)
