"""The living style page: every component of the design system with plausible words in it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from marketplace.core import clock


class ExampleForm(forms.Form):
    title = forms.CharField(
        label="Tên nhu cầu",
        max_length=250,
        help_text="Một câu nói rõ việc cần làm, ví dụ: Tách vỏ cứng hạt điều, giảm vỡ nhân.",
    )
    problem = forms.CharField(
        label="Vấn đề và hiện trạng",
        max_length=2000,
        help_text="Đang làm thế nào, hỏng ở đâu, hỏng bao nhiêu.",
        widget=forms.Textarea(attrs={"rows": 4, "data-count": ""}),
    )
    deadline = forms.DateField(
        label="Hạn nhận đề xuất", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    budget = forms.IntegerField(
        label="Ngân sách tối đa (đồng)",
        min_value=0,
        required=False,
        help_text="Để trống nếu muốn thương lượng.",
    )
    province = forms.ChoiceField(
        label="Địa điểm",
        choices=[("", "Chọn tỉnh, thành phố"), ("75", "Đồng Nai"), ("96", "Cà Mau")],
    )
    kinds = forms.MultipleChoiceField(
        label="Bạn cần gì?",
        choices=[
            ("buy", "Mua thiết bị"),
            ("license", "Mua quyền sử dụng công nghệ"),
            ("develop", "Cùng phát triển"),
            ("test", "Thử nghiệm, phân tích"),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    pictures = forms.FileField(
        label="Ảnh hiện trạng",
        required=False,
        help_text="JPEG hoặc PNG, mỗi tệp tối đa 10 MB. Ảnh được xóa thông tin vị trí.",
        widget=forms.ClearableFileInput(attrs={"data-max-bytes": "10000000"}),
    )
    hide_owner = forms.BooleanField(
        label="Ẩn tên tổ chức khi đăng công khai",
        required=False,
        help_text="Cán bộ sàn vẫn biết; bên cung cấp chỉ biết khi bạn đồng ý.",
    )


class SpecificationForm(forms.Form):
    name = forms.CharField(label="Chỉ tiêu")
    operator = forms.ChoiceField(
        label="So sánh", choices=[("ge", "từ … trở lên"), ("le", "không quá"), ("eq", "bằng")]
    )
    value = forms.DecimalField(label="Giá trị")
    unit = forms.CharField(label="Đơn vị", required=False)


CARDS: list[dict[str, Any]] = [
    {
        "kind": "need",
        "title": "Giữ màu thanh long sấy dẻo trong chín tháng",
        "summary": "Sản phẩm ngả nâu sau bốn tháng; cần giữ màu chín tháng mà không dùng sulfit.",
        "place": "Bình Thuận",
        "price": "Ngân sách 600 triệu đồng",
        "organization": "Công ty TNHH Trái cây Hàm Thuận",
        "verified": True,
    },
    {
        "kind": "offer",
        "title": "Sấy bơm nhiệt ba tầng nhiệt độ thấp",
        "summary": "Tiêu hao 0,9 kWh cho mỗi ki-lô-gam nước, bằng 60 % so với sấy điện trở.",
        "place": "Hà Nội",
        "trl": 8,
        "price": "từ 1,2 tỷ đồng",
        "organization": "Viện Cơ nhiệt và Chế biến",
    },
    {
        "kind": "equipment",
        "title": "Máy phân loại quả theo màu, tám kênh",
        "summary": "2 tấn/giờ, sai số dưới 3 %; bán, cho thuê theo vụ.",
        "place": "Cần Thơ",
        "trl": 9,
        "price": "850 triệu đồng",
        "organization": "Công ty CP Cơ khí Sông Hậu",
    },
    {
        "kind": "result",
        "title": "Chần nhanh kết hợp dịch chiết vỏ măng cụt trước khi sấy thanh long",
        "summary": "Giữ 92 % màu ban đầu sau mười tháng ở nhiệt độ phòng.",
        "place": "TP. Hồ Chí Minh",
        "trl": 6,
        "organization": "Trường Đại học Nông nghiệp phương Nam",
    },
]

#: What a card may leave out.
_PLAIN: dict[str, Any] = {"trl": None, "price": "", "deadline": None, "verified": False}

MATCH: dict[str, Any] = {
    "kind": "result",
    "title": "Chần nhanh kết hợp dịch chiết vỏ măng cụt trước khi sấy thanh long",
    "by": "Trường Đại học Nông nghiệp phương Nam",
    "year": "2024",
    "trl": 6,
    "seals": ["Số hồ sơ lưu 2024-11-035/KQNC"],
    "elements": [
        {"text": "Nguyên liệu: thanh long", "state": "met"},
        {"text": "Công dụng: giữ màu", "state": "met"},
        {"text": "Không dùng sulfit", "state": "met"},
        {"text": "Quy mô 80 kg/mẻ, cần 500 kg/mẻ", "state": "near"},
        {"text": "Chưa nêu chi phí", "state": "open"},
    ],
    "evidence": [
        {
            "parts": [
                ("Sau mười tháng, ", False),
                ("màu còn 92 % so với ban đầu", True),
                ("; mẫu đối chứng còn 61 %. Quy trình ", False),
                ("không sử dụng sulfit", True),
                (".", False),
            ],
            "source": "Báo cáo tổng hợp, mục 4.1",
        }
    ],
    "specs": [
        {
            "name": "Thời gian giữ màu",
            "required": "≥ 9 tháng",
            "offered": "10 tháng",
            "verdict": "met",
        },
        {
            "name": "Năng suất",
            "required": "≥ 500 kg/mẻ",
            "offered": "80 kg/mẻ",
            "verdict": "near",
        },
        {"name": "Chi phí", "required": "≤ 4.000 đồng/kg", "offered": "", "verdict": "unknown"},
    ],
    "questions": [
        "Đã chạy thử ở quy mô trên 80 kg mỗi mẻ chưa?",
        "Chi phí dịch chiết cho mỗi ki-lô-gam thành phẩm?",
    ],
    "clock": "Bên cung cấp trả lời trong 10 ngày làm việc",
}


@login_not_required
@require_GET
def style_guide(request: HttpRequest) -> HttpResponse:
    today, now = clock.today(), clock.now()
    specifications = forms.formset_factory(SpecificationForm, extra=1)
    return render(
        request,
        "pages/style.html",
        {
            "form": ExampleForm(initial={"problem": "Màu ngả nâu sau bốn tháng."}),
            "wrong_form": ExampleForm(
                data={"title": "", "problem": "", "budget": "-1"}, prefix="sai", auto_id="id_%s"
            ),
            "formset": specifications(prefix="chi-tieu"),
            "cards": [_PLAIN | {"deadline": today + timedelta(days=45)} | CARDS[0]]
            + [_PLAIN | card for card in CARDS[1:]],
            "match": MATCH,
            "crumbs": [("Nhu cầu", "#"), ("Chế biến nông sản", "#")],
            "steps": [
                {"label": "Vấn đề", "state": "done", "url": "#"},
                {"label": "Chỉ tiêu", "state": "done", "url": "#"},
                {"label": "Điều kiện", "state": "current", "url": "#"},
                {"label": "Bảo mật", "state": "todo"},
                {"label": "Xem lại và gửi", "state": "todo"},
            ],
            "stages": [
                {"label": "Đã duyệt", "state": "done"},
                {"label": "Đã có gợi ý", "state": "done"},
                {"label": "Đang trao đổi", "state": "current"},
                {"label": "Ký hợp đồng", "state": "todo"},
                {"label": "Nghiệm thu", "state": "todo"},
            ],
            "facts": [
                ("Ngân sách", "600 triệu đồng"),
                ("Hạn nhận đề xuất", f"{today + timedelta(days=45):%d/%m/%Y}"),
                ("Mức độ sẵn sàng", "từ TRL 7"),
                ("Địa điểm", "Bình Thuận"),
            ],
            "figures": [
                {"label": "Nhu cầu đang mở", "value": 35},
                {"label": "Kết quả nghiên cứu", "value": 58430},
                {"label": "Trả lời trong 10 ngày làm việc", "value": "9/12", "note": "quý này"},
                {"label": "Gợi ý được mở xem", "value": "71 %"},
            ],
            "timeline": [
                {"title": "Gửi duyệt", "when": now - timedelta(days=3), "who": "Trần Thị Mai"},
                {
                    "title": "Trả lại để sửa",
                    "when": now - timedelta(days=2),
                    "state": "care",
                    "text": "Chưa có chỉ tiêu bằng số. Hãy thêm ít nhất một chỉ tiêu cần đạt.",
                },
                {"title": "Duyệt và đăng", "when": now - timedelta(days=1)},
                {"title": "Hết hạn nhận đề xuất", "when": today, "state": "todo"},
            ],
            "tabs": [
                {"label": "Gợi ý", "url": "#", "current": True, "count": 7},
                {"label": "Đề nghị kết nối", "url": "#", "count": 2},
                {"label": "Lịch sử", "url": "#"},
            ],
            "chips": [
                {"label": "Kết quả nghiên cứu", "url": "#"},
                {"label": "TRL từ 6", "url": "#"},
            ],
            "facet": [
                {"value": "result", "label": "Kết quả nghiên cứu", "count": 1380, "checked": True},
                {"value": "offer", "label": "Công nghệ", "count": 42},
                {"value": "equipment", "label": "Thiết bị", "count": 7},
            ],
            "files": [
                {
                    "name": "anh-mau-sau-4-thang.jpg",
                    "size": 1_240_000,
                    "url": "#",
                    "remove_name": "go",
                    "remove_value": "1",
                },
                {"name": "quy-trinh-say.pdf", "size": 348_000, "error": "Đang kiểm tra vi-rút"},
            ],
            "checks": [
                "Chỉ tiêu có số và đơn vị",
                "Không có tên riêng, số điện thoại trong phần công khai",
                "Thời hạn còn ít nhất 15 ngày",
            ],
            "parts": [("Quy trình ", False), ("sấy thanh long", True), (" không dùng sulfit", False)],
            "page": Paginator(range(240), 20).page(5),
            "now": now,
            "colours": [
                "paper", "surface", "sunken", "ink", "ink-soft", "line", "line-strong", "action",
                "action-wash", "care", "care-wash", "evidence", "good", "good-wash", "warn",
                "warn-wash",
            ],
        },
    )  # fmt: skip
