"""The words of a reason, in the reader's language. Rows keep codes and parameters only."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from marketplace.matching.scoring.data import ElementFit, Reason

TEMPLATES: Mapping[str, Promise | str] = {
    "terms": _("Cùng nói về: %(phrases)s"),
    "title": _("Tên nêu đúng điều cần tìm: %(phrases)s"),
    "meaning": _("Gần nghĩa với nhu cầu, dù dùng từ khác"),
    "elements": _("Có %(met)s trong %(all)s yếu tố của nhu cầu: %(names)s"),
    "specification_met": _("Đạt chỉ tiêu %(name)s: cần %(required)s, nêu %(offered)s"),
    "specification_partly": _("Đạt một phần chỉ tiêu %(name)s: cần %(required)s, nêu %(offered)s"),
    "specification_unmet": _("Chưa đạt chỉ tiêu %(name)s: cần %(required)s, nêu %(offered)s"),
    "specification_differently": _(
        "Chỉ tiêu %(name)s nêu theo cách khác, cần hỏi thêm: cần %(required)s, nêu %(offered)s"
    ),
    "running_hour_day": _("Quy đổi với giả định chạy %(least)s–%(most)s giờ mỗi ngày"),
    "running_hour_month": _("Quy đổi với giả định chạy %(least)s–%(most)s giờ mỗi tháng"),
    "running_hour_year": _("Quy đổi với giả định chạy %(least)s–%(most)s giờ mỗi năm"),
    "running_day_month": _("Quy đổi với giả định chạy %(least)s–%(most)s ngày mỗi tháng"),
    "running_day_year": _("Quy đổi với giả định chạy %(least)s–%(most)s ngày mỗi năm"),
    "running_month_year": _("Quy đổi với giả định chạy %(least)s–%(most)s tháng mỗi năm"),
    "scale_smaller": _("Cần hỏi về quy mô: cần %(required)s, mới nêu %(offered)s"),
    "scale_laboratory": _(
        "Cần hỏi về quy mô: cần %(required)s, mới nói về thử trong phòng thí nghiệm"
    ),
    "exclusion_shared": _("Cũng làm được mà không cần %(phrase)s"),
    "exclusion_used": _("Có %(phrase)s, điều nhu cầu loại trừ"),
    "element_denied": _("Nói rõ là không có hoặc không dùng được cho %(phrase)s"),
    "lessening_opposed": _("Làm tăng %(phrase)s, điều nhu cầu muốn giảm"),
    "kind_asked": _("Là loại dịch vụ mà nhu cầu hỏi"),
    "field_same": _("Cùng lĩnh vực khoa học và công nghệ"),
    "field_near": _("Lĩnh vực khoa học và công nghệ gần nhau"),
    "readiness_met": _("Mức độ sẵn sàng TRL %(trl)s, cần từ TRL %(required)s"),
    "readiness_missed": _("Mức độ sẵn sàng TRL %(trl)s, thấp hơn mức cần TRL %(required)s"),
    "under_way": _("Đang nghiên cứu, chưa có để dùng ngay"),
    "under_way_until": _("Đang nghiên cứu, dự kiến xong %(until)s, chưa có để dùng ngay"),
    "under_way_missed": _("Còn đang nghiên cứu, trong khi nhu cầu đòi có ngay từ TRL %(required)s"),
    "province_same": _("Cùng tỉnh, thành phố"),
    "budget_exceeded": _("Giá nêu cao hơn ngân sách"),
    "province_other": _("Ở tỉnh, thành phố khác, trong khi nhu cầu chỉ nhận tại chỗ"),
    "standard_missed": _("Tự nêu là chưa đạt %(standard)s"),
}

ELEMENT_LABELS: Mapping[str, Promise | str] = {
    "material": _("Nguyên liệu"),
    "method": pgettext_lazy("element", "Phương pháp"),
    "efficacy": _("Công dụng"),
    "product": pgettext_lazy("element", "Sản phẩm"),
    "application": pgettext_lazy("element", "Ứng dụng"),
    "specification": _("Chỉ tiêu"),
}

FIT_LABELS: Mapping[str, Promise | str] = {
    "met": pgettext_lazy("specification", "Đạt"),
    "partly": pgettext_lazy("specification", "Đạt một phần"),
    "unmet": pgettext_lazy("specification", "Không đạt"),
    "unknown": pgettext_lazy("specification", "Cần hỏi thêm"),
}

#: What the score is made of: shares of the whole, then what moved it up or down.
WORD_LABELS: Mapping[str, Promise | str] = {
    "words": _("Từ ngữ chung"),
    "pairs": _("Cụm từ chung"),
    "passage": _("Các từ đứng gần nhau trong một đoạn"),
    "title": _("Nêu ngay trong tên"),
    "feedback": _("Cùng cách nói với các kết quả gần nhất"),
    "engine": _("Điểm của máy tìm kiếm"),
    "semantic": _("Gần nghĩa"),
    "sentences": _("Gần nghĩa với một câu của nhu cầu"),
}
FACTOR_LABELS: Mapping[str, Promise | str] = {
    "elements": _("Yếu tố của nhu cầu"),
    "specifications": _("Chỉ tiêu bằng số"),
    "exclusion": _("Điều nhu cầu không muốn"),
    "fields": _("Lĩnh vực"),
    "readiness": _("Mức độ sẵn sàng"),
    "under_way": _("Chưa có để dùng ngay"),
    "province": _("Cùng tỉnh, thành phố"),
    "budget": _("Ngân sách"),
    "freshness": _("Còn mới"),
    "evidence": _("Có số hồ sơ lưu, số sở hữu trí tuệ"),
    "answers": _("Tổ chức hay trả lời"),
}

NOT_SAID = _("Chưa nêu %(name)s")
ELEMENT_MET = pgettext_lazy("element", "%(label)s: %(name)s")
CALLED = _("%(name)s (cũng gọi là %(other)s)")


def render_reason(reason: Reason, language: str) -> str:
    with override(language):
        return reason_text(reason.code, reason.params)


def reason_text(
    code: str, params: Mapping[str, Any], templates: Mapping[str, Promise | str] = TEMPLATES
) -> str:
    """In the active language; lists among the parameters are joined by commas, each with the other name
    by which the candidate calls it."""
    called = params.get("called", {})
    filled = {
        key: ", ".join(named(str(one), called.get(one, "")) for one in value)
        if isinstance(value, (list, tuple))
        else value
        for key, value in params.items()
    }
    return str(templates[code]) % filled


def render_element(element: ElementFit, language: str) -> str:
    with override(language):
        return element_text(element.kind, element.text, met=element.met, called=element.called)


def named(name: str, other: str) -> str:
    return str(CALLED) % {"name": name, "other": other} if other else name


def element_text(kind: str, name: str, *, met: bool, called: str = "") -> str:
    if met:
        return str(ELEMENT_MET) % {"label": ELEMENT_LABELS[kind], "name": named(name, called)}
    return str(NOT_SAID) % {"name": name}
