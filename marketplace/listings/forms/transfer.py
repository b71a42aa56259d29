"""Steps of technology offers and of equipment."""

import re
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.fields import CodeField, TextField
from marketplace.core.step_forms import StepForm
from marketplace.listings.forms import parts
from marketplace.research.models import Result
from marketplace.taxonomy.choices import choices

MOST_RESULTS = 20

#: Countries from which technology and equipment mostly come; any other is named in the text.
COUNTRIES = (
    ("VN", _("Việt Nam")),
    ("CN", _("Trung Quốc")),
    ("KR", _("Hàn Quốc")),
    ("JP", _("Nhật Bản")),
    ("TW", _("Đài Loan")),
    ("TH", _("Thái Lan")),
    ("IN", _("Ấn Độ")),
    ("DE", _("Đức")),
    ("IT", _("Ý")),
    ("FR", _("Pháp")),
    ("NL", _("Hà Lan")),
    ("GB", _("Vương quốc Anh")),
    ("RU", _("Nga")),
    ("US", _("Hoa Kỳ")),
    ("AU", _("Úc")),
    ("ZZ", _("Nước khác")),
)


def origin() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Xuất xứ"), choices=lambda: [("", "—"), *COUNTRIES], initial="VN"
    )


def price_mode() -> CodeField:
    return parts.code(
        "price-modes",
        _("Cách nêu giá"),
        _("Giá rõ ràng được hỏi nhiều hơn; chọn “liên hệ” nếu giá tùy công trình."),
        radio=True,
    )


class PriceMixin(StepForm):
    price_mode = price_mode()
    price_min = parts.money(
        _("Giá từ"), _("Viết như 80 triệu, 1,2 tỷ. Một mức giá thì chỉ điền ô này.")
    )
    price_max = parts.money(_("Giá đến"))
    price_note = parts.text(
        _("Giá gồm những gì"),
        _("Đã gồm thuế, lắp đặt, chuyển giao, đào tạo hay chưa."),
        limit=300,
    )

    def clean(self) -> dict[str, Any]:
        parts.check_range(self, "price_min", "price_max")
        parts.check_day(self, "valid_until")
        mode = self.cleaned_data.get("price_mode")
        stated = self.cleaned_data.get("price_min") is not None
        if (
            mode == "range"
            and stated
            and self.cleaned_data.get("price_max") is None
            and "price_max" not in self.errors
        ):
            self.add_error("price_max", ValidationError(_("Khoảng giá cần cả mức đến.")))
        return self.cleaned_data


class OfferForm(StepForm):
    asked = frozenset({"title", "summary", "field_codes"})

    title = parts.text(
        _("Tên công nghệ, quy trình"),
        _("Nói công nghệ làm gì và trên cái gì. Tên thương mại đặt sau."),
        limit=250,
        example=_("Ví dụ: Sấy dẻo xoài không lưu huỳnh bằng bơm nhiệt"),
    )
    summary = parts.sentence(
        _("Tóm tắt trong một câu"),
        _("Câu mà người mua quyết định có đọc tiếp: tốt hơn bao nhiêu, ở quy mô nào."),
        limit=400,
        example=_("Ví dụ: Giữ màu 6 tháng không dùng sunfit, 0,82 kWh/kg nước ở 300 kg/mẻ"),
    )
    field_codes = parts.science_fields(_("Chọn một, tối đa ba; lĩnh vực chính đặt trước."))
    industry_codes = parts.industries(_("Ngành áp dụng được."))
    origin = origin()
    keywords = parts.keywords()
    language = parts.language()


class OfferDescriptionForm(StepForm):
    asked = frozenset({"advantage"})

    problem = parts.long_text(
        _("Vấn đề được giải quyết"),
        _("Người mua đang gặp khó ở đâu nếu không có công nghệ này."),
        rows=4,
    )
    principle = parts.long_text(
        _("Nguyên lý, quy trình"),
        _("Đủ để người trong nghề hiểu. Phần bí quyết để ở bước “Công khai và bảo mật”."),
        rows=5,
    )
    advantage = parts.long_text(
        _("Ưu điểm"), _("Nêu điều kiểm chứng được, mỗi ý một dòng."), rows=5
    )
    compared_with = parts.text(
        _("So với giải pháp nào"),
        _("Cách làm đang phổ biến hoặc máy nhập khẩu đem so sánh."),
        limit=300,
    )
    improvement = parts.text(
        _("Tốt hơn bao nhiêu, trong điều kiện nào"),
        _("Ví dụ: điện giảm 35 % so với sấy điện trở, đo ở 300 kg/mẻ."),
        limit=400,
    )
    customers = parts.text(_("Khách hàng mục tiêu"), _("Loại cơ sở và quy mô phù hợp."), limit=300)


class OfferLevelForm(StepForm):
    asked = frozenset({"trl"})

    trl = parts.readiness(
        _("Mức độ sẵn sàng (TRL)"),
        _(
            "Mức đã chứng minh được hôm nay, không phải mức sắp đạt. Cán bộ sàn đối chiếu với tài liệu."
        ),
    )
    development_level = parts.code(
        "development-levels", _("Mức độ phát triển"), _("Theo phiếu Techmart."), radio=True
    )
    certificates = parts.text(
        _("Chứng nhận, kết quả thử nghiệm"), _("ISO, CE, HACCP, Quatest… và số hiệu."), limit=300
    )


class OfferTransferForm(PriceMixin):
    asked = frozenset({"transfer_forms", "price_mode"})

    is_technology_transfer = forms.BooleanField(
        label=_("Có chuyển giao công nghệ"),
        help_text=_(
            "Bỏ chọn nếu chỉ bán máy, thiết bị không kèm quy trình hay bí quyết: việc đó không phải chuyển giao công nghệ."
        ),
        initial=True,
    )
    transfer_forms = parts.codes(
        "transfer-forms", _("Hình thức chuyển giao"), _("Theo Điều 5 Luật Chuyển giao công nghệ.")
    )
    transfer_rights = parts.codes("transfer-rights", _("Quyền được chuyển giao"), _("Theo Điều 7."))
    transfer_methods = parts.codes(
        "transfer-methods",
        _("Phương thức chuyển giao"),
        _("Theo Điều 6: bên nhận làm chủ bằng cách nào."),
    )
    supply_ways = parts.codes("supply-ways", _("Phương thức cung cấp"))
    extra_costs = parts.text(
        _("Chi phí phát sinh"), _("Đào tạo, bảo trì, vận chuyển, lắp đặt."), limit=300
    )
    warranty = parts.text(_("Bảo hành và hỗ trợ"), "", limit=300)
    province_code = parts.province(_("Nơi cung cấp"), _("Tỉnh, thành phố của bên cung cấp."))
    valid_until = parts.valid_until(_("Để trống thì hiển thị một năm; bạn gia hạn bất cứ lúc nào."))
    contact = parts.contact()

    field_order = (
        "is_technology_transfer", "transfer_forms", "transfer_rights", "transfer_methods",
        "supply_ways", "price_mode", "price_min", "price_max", "price_note", "extra_costs",
        "warranty", "province_code", "valid_until", "contact",
    )  # fmt: skip


class ResultsField(TextField):
    """Research results by the numbers people have at hand, kept by their public identifiers."""

    def clean(self, value: Any) -> list[str]:
        numbers = [part.strip() for part in re.split(r"[,;\n]", super().clean(value) or "")]
        numbers = list(dict.fromkeys(filter(None, numbers)))[:MOST_RESULTS]
        found = self._found(numbers)
        if unknown := [number for number in numbers if number not in found]:
            raise ValidationError(
                _("Không có kết quả nào mang số %(numbers)s.") % {"numbers": ", ".join(unknown)}
            )
        return list(dict.fromkeys(found[number] for number in numbers))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    @staticmethod
    def _found(numbers: list[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in ("certificate_number", "archive_number", "public_id"):
            rows = Result.objects.filter(**{f"{name}__in": numbers}, withdrawn_at=None)
            found |= dict(rows.values_list(name, "public_id"))
        return found


class OfferRightsForm(StepForm):
    asked = frozenset({"right_basis", "ip_status"})

    right_basis = CodeField(
        label=_("Căn cứ quyền"),
        help_text=_("Ai cho phép tổ chức của bạn chuyển giao công nghệ này."),
        choices=partial(choices, "right-bases"),
        widget=forms.RadioSelect,
    )
    right_decision = parts.text(
        _("Quyết định giao quyền"),
        _("Cần khi được Nhà nước giao quyền: số, ngày, cơ quan ra quyết định."),
        limit=200,
    )
    co_owner_share = parts.text(
        _("Các đồng chủ sở hữu và tỷ lệ"),
        _("Cần khi đồng sở hữu, ví dụ: Viện A 60 %, Công ty B 40 %."),
        limit=300,
    )
    results = ResultsField(
        label=_("Kết quả nghiên cứu làm cơ sở"),
        help_text=_(
            "Số hồ sơ lưu, số giấy chứng nhận hoặc mã kết quả trên sàn; cách nhau bằng dấu phẩy."
        ),
        max_length=400,
    )
    ip_status = parts.code("ip-statuses", _("Tình trạng sở hữu trí tuệ"), radio=True)


class EquipmentForm(StepForm):
    asked = frozenset({"title", "summary", "field_codes"})

    title = parts.text(
        _("Tên thiết bị"),
        _("Nói máy làm gì và trên cái gì; ký hiệu để ở ô dưới."),
        limit=250,
        example=_("Ví dụ: Máy sấy bơm nhiệt cho trái cây và dược liệu"),
    )
    model_name = parts.text(_("Ký hiệu, kiểu máy"), "", limit=120)
    summary = parts.sentence(
        _("Tóm tắt trong một câu"),
        _("Năng suất, dải làm việc và điều máy làm tốt nhất."),
        limit=400,
        example=_("Ví dụ: Sấy 300 kg/mẻ ở 35–60 °C, 0,82 kWh cho mỗi kg nước bay hơi"),
    )
    manufacturer = parts.text(_("Hãng sản xuất"), "", limit=200)
    origin = origin()
    year_made = forms.IntegerField(
        label=_("Năm sản xuất"),
        min_value=1950,
        error_messages={
            "invalid": _("Viết năm bằng bốn chữ số."),
            "min_value": _("Viết năm bằng bốn chữ số."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    )
    condition = parts.code("equipment-conditions", _("Tình trạng máy"), radio=True)
    field_codes = parts.science_fields(_("Chọn một, tối đa ba; lĩnh vực chính đặt trước."))
    industry_codes = parts.industries(_("Ngành dùng máy này."))
    keywords = parts.keywords()
    language = parts.language()

    def clean_year_made(self) -> int | None:
        year: int | None = self.cleaned_data["year_made"]
        if year is not None and year > clock.today().year + 1:
            raise ValidationError(_("Năm này chưa đến."))
        return year


class EquipmentDataForm(StepForm):
    asked = frozenset({"advantage", "development_level"})

    principle = parts.long_text(
        _("Nguyên lý làm việc"), _("Vài câu để người dùng hiểu máy chạy thế nào."), rows=4
    )
    advantage = parts.long_text(
        _("Ưu điểm"), _("Nêu điều kiểm chứng được, mỗi ý một dòng."), rows=4
    )
    development_level = parts.code(
        "development-levels",
        _("Mức độ phát triển"),
        _("Máy thử, máy dùng ở quy mô công nghiệp, hay đã bán rộng rãi."),
        radio=True,
    )
    trl = parts.readiness(_("Mức độ sẵn sàng (TRL)"), "")


class EquipmentSupplyForm(PriceMixin):
    asked = frozenset({"supply_modes", "price_mode"})

    supply_modes = parts.codes(
        "supply-modes", _("Cách cung cấp"), _("Bán, cho thuê, dùng chung hay nhận làm thử.")
    )
    supply_ways = parts.codes("supply-ways", _("Phương thức cung cấp"))
    is_technology_transfer = forms.BooleanField(
        label=_("Kèm chuyển giao công nghệ"),
        help_text=_("Chọn khi bán máy cùng quy trình, bí quyết hay tài liệu công nghệ."),
    )
    warranty = parts.text(_("Bảo hành và hỗ trợ"), "", limit=300)
    province_code = parts.province(_("Nơi đặt máy hoặc cung cấp"), "")
    valid_until = parts.valid_until(_("Để trống thì hiển thị một năm; bạn gia hạn bất cứ lúc nào."))
    contact = parts.contact()

    field_order = (
        "supply_modes", "supply_ways", "is_technology_transfer", "price_mode", "price_min",
        "price_max", "price_note", "warranty", "province_code", "valid_until", "contact",
    )  # fmt: skip
