"""A record to try a connection with, and what its values are called. All of it is invented."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SAMPLE_ID: Final = "THU-2026-001"
SAMPLE: Final = {
    "title": "Quy trình sấy lạnh xoài cắt lát (bản ghi thử)",
    "title_en": "Cold drying of sliced mango (test record)",
    "abstract": "Sấy ở 45 °C, giữ màu, công suất 500 kg mỗi mẻ, tiêu hao 0,9 kWh cho một kg nước.",
    "keywords": ["sấy lạnh", "xoài"],
    "fields": ["40107"],
    "organization": "Viện Thử nghiệm Nông nghiệp",
    "agency": "Bộ Thử nghiệm",
    "people": [{"name": "Trần Thị Thử", "role": "lead"}, {"name": "Lê Văn Nghiệm", "role": "member"}],
    "level": "Cấp Bộ",
    "started_on": "2024-01",
    "ended_on": "2026-06",
    "certificate_number": "THU-2026-001/KQNC",
    "trl": 7,
    "security_level": "Bình thường",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SentColumn:
    name: str
    vietnamese: str
    meaning: str | Promise


#: What the entrance understands under either name (`marketplace.sources.imports.columns` has all).
COLUMNS_OF: Final = (
    SentColumn("title", "ten_ket_qua", _("Tên kết quả, bắt buộc")),
    SentColumn("title_en", "ten_tieng_anh", _("Tên tiếng Anh")),
    SentColumn("abstract", "tom_tat", _("Tóm tắt")),
    SentColumn("keywords", "tu_khoa", _("Từ khóa: mảng, hoặc cách nhau bằng dấu chấm phẩy")),
    SentColumn("fields", "linh_vuc", _("Mã lĩnh vực: 40107 hoặc 4.1")),
    SentColumn("organization", "to_chuc_chu_tri", _("Tên tổ chức chủ trì")),
    SentColumn("agency", "co_quan_chu_quan", _("Cơ quan chủ quản")),
    SentColumn("people", "ca_nhan_tham_gia", _("Người thực hiện: mảng {name, role}")),
    SentColumn("level", "cap_nhiem_vu", _("Cấp quốc gia, Bộ, Tỉnh hoặc Cơ sở")),
    SentColumn("started_on, ended_on", "ngay_bat_dau, ngay_ket_thuc", _("2024, 2024-01 hoặc 2024-01-31")),
    SentColumn("funding", "kinh_phi", _("Kinh phí bằng đồng")),
    SentColumn("archive_number", "so_ho_so_luu", _("Số hồ sơ lưu, viết như trên giấy")),
    SentColumn("result_code", "ma_ket_qua", _("Mã kết quả")),
    SentColumn("task_number", "ma_nhiem_vu", _("Mã số nhiệm vụ mà kết quả thuộc về")),
    SentColumn("province", "tinh_thanh", _("Tên hoặc mã tỉnh, thành phố, cũ hay mới")),
    SentColumn("record_type", "loai_ban_ghi", _("“task” nếu bản ghi là nhiệm vụ, “application” nếu là ứng dụng kết quả; bỏ trống là kết quả")),
    SentColumn("result_number, year_number", "so_giay_chung_nhan, nam_thu", _("Của ứng dụng kết quả: kết quả nào, báo cáo năm thứ mấy (1–5)")),
    SentColumn("organization_name, place", "to_chuc_ung_dung, dia_chi_ung_dung", _("Của ứng dụng kết quả: ai ứng dụng, ở đâu")),
    SentColumn("scale, form_of_use", "quy_mo, hinh_thuc_ung_dung", _("Của ứng dụng kết quả: quy mô; sản xuất, chính sách, giảng dạy, nghiên cứu, chuyển giao")),
    SentColumn("economic_effect, reported_on", "hieu_qua, ngay_bao_cao", _("Của ứng dụng kết quả: hiệu quả; ngày báo cáo")),
    SentColumn("certificate_number", "so_giay_chung_nhan", _("Số giấy chứng nhận đăng ký")),
    SentColumn("products", "san_pham", _("Sản phẩm")),
    SentColumn("ip_rights", "so_huu_tri_tue", _("Văn bằng hoặc đơn: mảng {number, type, status}")),
    SentColumn("trl", "muc_do_san_sang", _("Mức độ sẵn sàng công nghệ, 1–9")),
    SentColumn("application_status", "tinh_trang_ung_dung", _("Đã ứng dụng, đang thử nghiệm, chưa ứng dụng")),
    SentColumn("url", "duong_dan", _("Địa chỉ bản ghi tại nguồn")),
    SentColumn("security_level", "muc_do_bao_mat", _("Chỉ nhận “Bình thường”; bản ghi khác bị từ chối và không lưu lại gì")),
)  # fmt: skip
