"""Steps of services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import CodeListField
from marketplace.core.step_forms import StepForm
from marketplace.listings.forms import parts
from marketplace.listings.forms.transfer import PriceMixin
from marketplace.taxonomy.choices import choices

MOST_PROVINCES = 6


class ServiceForm(StepForm):
    asked = frozenset({"service_kinds", "title", "summary", "field_codes"})

    service_kinds = parts.codes(
        "service-kinds",
        _("Loại dịch vụ"),
        _("Chọn một hoặc nhiều. Nhu cầu hỏi loại nào thì sàn gợi ý dịch vụ loại ấy."),
    )
    title = parts.text(
        _("Tên dịch vụ"),
        _("Nói việc làm và cho đối tượng nào."),
        limit=250,
        example=_("Ví dụ: Thử nghiệm dư lượng thuốc bảo vệ thực vật trong trái cây"),
    )
    summary = parts.sentence(
        _("Tóm tắt trong một câu"),
        _("Câu mà khách hàng đọc đầu tiên: làm được gì, chính xác đến đâu, bao lâu xong."),
        limit=400,
        example=_("Ví dụ: 120 hoạt chất trên một mẫu, trả kết quả sau 5 ngày làm việc"),
    )
    field_codes = parts.science_fields(_("Chọn một, tối đa ba; lĩnh vực chính đặt trước."))
    industry_codes = parts.industries(_("Ngành thường dùng dịch vụ này."))
    keywords = parts.keywords()
    language = parts.language()


class ServiceScopeForm(StepForm):
    asked = frozenset({"scope", "deliverables"})

    scope = parts.long_text(
        _("Nội dung công việc"),
        _("Các bước, phương pháp và tiêu chuẩn áp dụng; việc gì không nhận."),
        rows=6,
    )
    deliverables = parts.long_text(
        _("Khách hàng nhận được gì"),
        _("Ví dụ: báo cáo, chứng thư, phiếu kết quả, danh sách đối tác đã sàng lọc."),
        rows=4,
    )
    client_provides = parts.text(
        _("Khách hàng chuẩn bị gì"),
        _("Ví dụ: 2 kg mẫu, hồ sơ kỹ thuật, quyền vào xưởng."),
        limit=300,
    )


class ServiceProofForm(StepForm):
    experience = parts.long_text(
        _("Việc đã làm"),
        _("Vài việc tiêu biểu: năm nào, việc gì. Không nêu tên khách hàng khi chưa được đồng ý."),
        rows=4,
    )


class ServiceTermsForm(PriceMixin):
    asked = frozenset({"turnaround", "price_mode", "is_nationwide", "served_provinces"})

    turnaround = parts.text(
        _("Thời gian hoàn thành"), _("Ví dụ: 5 ngày làm việc kể từ khi nhận mẫu."), limit=200
    )
    price_basis = parts.code("price-bases", _("Giá tính theo"), radio=True)
    is_nationwide = forms.BooleanField(label=_("Nhận việc trên cả nước"))
    served_provinces = CodeListField(
        label=_("Nơi nhận việc"),
        help_text=_("Bỏ qua nếu nhận việc trên cả nước."),
        choices=lambda: choices("provinces"),
        count=MOST_PROVINCES,
    )
    province_code = parts.province(_("Nơi đặt cơ sở"), "")
    valid_until = parts.valid_until(_("Để trống thì hiển thị một năm; bạn gia hạn bất cứ lúc nào."))
    contact = parts.contact()

    field_order = (
        "turnaround", "price_mode", "price_min", "price_max", "price_basis", "price_note",
        "is_nationwide", "served_provinces", "province_code", "valid_until", "contact",
    )  # fmt: skip
