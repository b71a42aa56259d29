"""The fixed words of the registers, and which state may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.transitions import Table


class TaskLevel(models.TextChoices):
    NATIONAL = "national", _("Cấp quốc gia")
    MINISTRY = "ministry", _("Cấp bộ")
    PROVINCE = "province", _("Cấp tỉnh")
    INSTITUTION = "institution", _("Cấp cơ sở")


class ApplicationStatus(models.TextChoices):
    APPLIED = "applied", _("Đã ứng dụng")
    PILOT = "pilot", _("Đang thử nghiệm")
    NOT_APPLIED = "not_applied", _("Chưa ứng dụng")
    UNKNOWN = "unknown", _("Chưa có thông tin")


class TaskState(models.TextChoices):
    ONGOING = "ongoing", _("Đang tiến hành")
    COMPLETED = "completed", _("Đã đăng ký kết quả")
    STOPPED = "stopped", _("Đã dừng")


TASK_TRANSITIONS: Table = {
    TaskState.ONGOING: frozenset({TaskState.COMPLETED, TaskState.STOPPED}),
    # A result can still be accepted of what was stopped; registration is never taken back.
    TaskState.STOPPED: frozenset({TaskState.ONGOING, TaskState.COMPLETED}),
    TaskState.COMPLETED: frozenset(),
}


class PublicationState(models.TextChoices):
    PUBLISHED = "published", _("Đã công bố")
    RESTRICTED = "restricted", _("Hạn chế công bố")
    PENDING = "pending", _("Chưa công bố")


class PersonRole(models.TextChoices):
    LEAD = "lead", _("Chủ nhiệm")
    SECRETARY = "secretary", _("Thư ký")
    MEMBER = "member", _("Thành viên")


class FormOfUse(models.TextChoices):
    """How a result is put to use, as the yearly report on applications asks."""

    PRODUCTION = "production", _("Trong sản xuất, kinh doanh")
    POLICY = "policy", _("Cơ sở xây dựng chính sách, quy hoạch")
    TEACHING = "teaching", _("Giảng dạy, đào tạo")
    RESEARCH = "research", _("Nghiên cứu tiếp theo")
    TRANSFER = "transfer", _("Chuyển giao công nghệ")
    OTHER = "other", pgettext_lazy("hình thức ứng dụng", "Khác")


class AttachmentKind(models.TextChoices):
    """The parts of a registration dossier, and what else belongs to a result."""

    REPORT = "report", _("Báo cáo tổng hợp")
    SUMMARY = "summary", _("Báo cáo tóm tắt")
    APPENDIX = "appendix", _("Phụ lục")
    DATA = "data", _("Dữ liệu điều tra, khảo sát")
    MAP = "map", _("Bản đồ")
    DRAWING = "drawing", _("Bản vẽ")
    IMAGE = "image", _("Ảnh")
    MEDIA = "media", _("Tài liệu đa phương tiện")
    SOFTWARE = "software", _("Phần mềm, mã nguồn")
    TECHNOLOGY_SHEET = "technology_sheet", _("Phiếu mô tả công nghệ")
    MINUTES = "minutes", _("Biên bản hội đồng nghiệm thu")
    OTHER = "other", pgettext_lazy("loại tài liệu", "Tài liệu khác")


class Access(models.TextChoices):
    """How readers come to a file; only the first is handed to everybody."""

    OPEN = "open", _("Tải về tự do")
    ON_REQUEST = "on_request", _("Cung cấp theo yêu cầu")
    ON_SITE = "on_site", _("Đọc tại chỗ")
    CLOSED = "closed", _("Không cung cấp")


class BasisStatus(models.TextChoices):
    """How sure it is that a legal basis still stands."""

    IN_FORCE = "in_force", pgettext_lazy("văn bản", "Còn hiệu lực")
    UNDER_REVIEW = "under_review", pgettext_lazy("văn bản", "Đang rà soát")
    EXPIRED = "expired", pgettext_lazy("văn bản", "Hết hiệu lực")


class NumberKind(models.TextChoices):
    ARCHIVE = "archive", _("Số hồ sơ lưu")
    RESULT_CODE = "result_code", _("Mã kết quả")
    CERTIFICATE = "certificate", _("Số giấy chứng nhận đăng ký")
    TASK_CODE = "task_code", _("Mã số nhiệm vụ")


class Register(models.TextChoices):
    RESULT = "result", _("Kết quả nghiên cứu")
    TASK = "task", _("Nhiệm vụ đang tiến hành")


class FieldType(models.TextChoices):
    TEXT = "text", _("Một dòng")
    LONG_TEXT = "long_text", _("Nhiều dòng")
    NUMBER = "number", _("Số")
    MONEY = "money", _("Số tiền")
    DATE = "date", _("Ngày")
    CODE = "code", _("Mã trong bảng mã")
    CHOICE = "choice", _("Một trong các giá trị")
    FLAG = "flag", _("Có hoặc không")
    TABLE = "table", _("Bảng")
    FILE = "file", _("Tệp")
