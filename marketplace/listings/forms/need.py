from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import DateField
from marketplace.core.step_forms import StepForm
from marketplace.listings.forms import parts


class NeedForm(StepForm):
    asked = frozenset({"need_kinds", "title", "summary", "field_codes"})

    need_kinds = parts.codes(
        "need-kinds",
        _("Bạn cần gì?"),
        _("Chọn một hoặc nhiều. Ghi đúng hình thức giúp sàn tìm đúng bên cung cấp."),
    )
    title = parts.text(
        _("Tên nhu cầu"),
        _("Nói việc cần làm và trên cái gì, không cần viết hoa toàn bộ."),
        limit=250,
        example=_("Ví dụ: Tách vỏ cứng hạt điều, giảm vỡ nhân"),
    )
    summary = parts.sentence(
        _("Tóm tắt trong một câu"),
        _("Câu mà bên cung cấp đọc đầu tiên: hiện nay thế nào, cần đạt bao nhiêu, ở quy mô nào."),
        limit=400,
        example=_("Ví dụ: Tỷ lệ nhân nguyên đạt 78 %, cần từ 92 % ở 300 kg/giờ"),
    )
    field_codes = parts.science_fields(
        _("Lĩnh vực của công nghệ cần tìm, không phải của công ty. Chọn một, tối đa ba.")
    )
    industry_codes = parts.industries(_("Ngành sẽ dùng công nghệ này."))
    keywords = parts.keywords()
    language = parts.language()


class NeedSituationForm(StepForm):
    asked = frozenset({"problem", "required"})

    problem = parts.long_text(
        _("Vấn đề và hiện trạng"),
        _(
            "Đang làm thế nào, hỏng hoặc tốn ở đâu, đã thử những gì. Số liệu thật giúp ích hơn lời tả."
        ),
        rows=7,
    )
    required = parts.long_text(
        _("Kết quả cần đạt"),
        _(
            "Điều gì thay đổi thì coi là xong. Nêu cả điều không chấp nhận, ví dụ không dùng hóa chất."
        ),
        rows=5,
    )
    volume = parts.text(_("Quy mô, sản lượng"), _("Ví dụ: 300 kg/giờ, hai ca mỗi ngày."), limit=200)
    site = parts.text(
        _("Mặt bằng và điều kiện tại chỗ"),
        _("Diện tích, điện, nước, khí hậu, quy định phải theo."),
        limit=300,
    )


class NeedTargetsForm(StepForm):
    required_trl = parts.readiness(
        _("Mức độ sẵn sàng tối thiểu"),
        _("Để trống nếu bạn chấp nhận cả kết quả còn trong phòng thí nghiệm."),
    )


class NeedTermsForm(StepForm):
    asked = frozenset({"province_code", "deadline", "contact"})

    partners_sought = parts.codes("partner-kinds", _("Muốn làm việc với ai?"))
    partner_role = parts.text(
        _("Việc bên cung cấp sẽ làm"),
        _("Ví dụ: chế tạo, lắp đặt, chạy thử và đào tạo công nhân tại xưởng."),
        limit=300,
    )
    budget_min = parts.money(
        _("Ngân sách từ"),
        _("Viết như 800 triệu, 1,2 tỷ hoặc 1.200.000.000. Để trống nếu muốn thương lượng."),
    )
    budget_max = parts.money(_("Ngân sách đến"))
    deadline = DateField(
        label=_("Hạn nhận đề xuất"),
        help_text=_("Sau ngày này nhu cầu không nhận thêm đề xuất."),
    )
    valid_until = parts.valid_until(
        _("Để trống thì nhu cầu hiển thị đến hạn nhận đề xuất. Cần ít nhất một trong hai ngày.")
    )
    province_code = parts.province(
        _("Nơi sử dụng"), _("Tỉnh, thành phố nơi công nghệ sẽ được dùng.")
    )
    contact = parts.contact()

    def clean(self) -> dict[str, Any]:
        parts.check_range(self, "budget_min", "budget_max")
        parts.check_day(self, "deadline")
        parts.check_day(self, "valid_until")
        return self.cleaned_data
