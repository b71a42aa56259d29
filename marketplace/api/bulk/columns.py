"""What the files say of a record: one list of columns for every format."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.api.oai.addresses import page_address


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
