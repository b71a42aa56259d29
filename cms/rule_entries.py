"""The form of one entry of a rule book, made from what its kind of entry holds."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.registration import rules
from marketplace.registration.models import RuleBook
from marketplace.research.models import Access, AttachmentKind
from marketplace.taxonomy.choices import choices
from marketplace.taxonomy.models import Vocabulary

Kind = RuleBook.Kind
Words = str | Promise

LABELS: Final[dict[str, Words]] = {
    "code": _("Mã"),
    "label_vi": _("Tên tiếng Việt"),
    "label_en": _("Tên tiếng Anh"),
    "hint_vi": _("Hướng dẫn tiếng Việt"),
    "hint_en": _("Hướng dẫn tiếng Anh"),
    "legal_basis": _("Căn cứ pháp lý riêng"),
    "status": _("Tình trạng riêng"),
    "number": _("Số thứ tự, cách ghi số"),
    "archive_number": _("Cách ghi số hồ sơ lưu"),
    "kind": _("Kiểu"),
    "needed": _("Khi nào cần"),
    "required": _("Khi nào cần"),
    "form": _("Biểu mẫu"),
    "answer": _("Câu hỏi có/không quyết định"),
    "file_rule": _("Yêu cầu với tệp"),
    "most": _("Nhiều nhất bao nhiêu tệp"),
    "attachment": _("Thành tài liệu loại"),
    "access": _("Người đọc nhận tài liệu thế nào"),
    "types": _("Kiểu nội dung được nhận"),
    "most_bytes": _("Dung lượng nhiều nhất (byte)"),
    "password_refused": _("Không nhận tệp đặt mật khẩu"),
    "text_layer": _("Lớp chữ"),
    "text_share": _("Phần trang phải có chữ (0–1)"),
    "secrecy_marks": _("Dấu chỉ độ mật"),
    "start": _("Tính từ"),
    "amount": _("Bao nhiêu"),
    "unit": _("Đơn vị"),
    "cap_start": _("Không quá, tính từ"),
    "cap_amount": _("Không quá bao nhiêu"),
    "cap_unit": _("Đơn vị của mức không quá"),
    "rolls": _("Rơi vào ngày nghỉ thì lùi sang ngày làm việc"),
    "times": _("Lặp bao nhiêu lần"),
    "agencies": _("Chỉ với cơ quan chủ quản"),
    "warn_days": _("Nhắc trước bao nhiêu ngày"),
    "items": _("Cho các thành phần"),
    "opening": _("Lời mở"),
    "body": _("Các đoạn"),
    "closing": _("Lời kết"),
    "deadline": _("Theo thời hạn"),
    "otherwise": _("Chưa biết ngày ấy thì tính từ"),
    "counts_from": _("Theo dõi từ ngày"),
    "levels": _("Các cấp nhiệm vụ"),
    "task_kinds": _("Các loại nhiệm vụ"),
    "needs": _("Phiếu đủ khi có"),
    "days": _("Bao nhiêu ngày sau hạn"),
    "via": _("Bằng cách nào"),
    "gap_days": _("Cách bước trước ít nhất (ngày)"),
    "wording": _("Lời văn của thư"),
    "step": _("Bước"),
    "scheme": _("Bảng mã"),
    "limit": _("Dài nhất (ký tự)"),
    "rows": _("Số dòng của ô"),
    "count": _("Nhiều nhất bao nhiêu mã"),
    "past": _("Phải là ngày đã qua"),
}
_LONG: Final = frozenset({"hint_vi", "hint_en", "opening", "closing", "label_vi", "label_en"})
_NEEDS: Final = (
    ("always", _("Luôn cần")),
    ("answer", _("Khi trả lời có")),
    ("optional", _("Không bắt buộc")),
)
_UNITS: Final = (
    ("days", _("ngày")),
    ("working_days", _("ngày làm việc")),
    ("months", _("tháng")),
)
_EVENTS: Final = (
    ("accepted_on", _("ngày nghiệm thu")),
    ("ip_filed_on", _("ngày nộp đơn sở hữu công nghiệp")),
    ("submitted_on", _("ngày nộp hồ sơ")),
    ("contracted_on", _("ngày ký hợp đồng")),
    ("approved_on", _("ngày phê duyệt")),
    ("ended_on", _("ngày kết thúc nhiệm vụ")),
    ("issued_on", _("ngày cấp giấy chứng nhận")),
    ("year_end", _("ngày 31/12")),
)
_FIELD_KINDS: Final = (
    ("text", _("Một dòng")),
    ("sentence", _("Một, hai câu")),
    ("long", _("Nhiều dòng")),
    ("number", _("Số")),
    ("date", _("Ngày")),
    ("money", _("Số tiền")),
    ("choice", _("Một mã")),
    ("codes", _("Nhiều mã")),
    ("yes_no", _("Có hoặc không")),
    ("people", _("Danh sách người")),
)
_VIA: Final = (
    ("notice", pgettext_lazy("bước nhắc", "Thông báo")),
    ("letter", pgettext_lazy("bước nhắc", "Thư cho đơn vị")),
    ("head", pgettext_lazy("bước nhắc", "Thư cho cấp trên")),
)


class LinesField(forms.CharField):
    """Several texts, one a line; they are kept as a list."""

    def __init__(self, *, whole: bool = False, **kwargs: Any) -> None:
        self.whole = whole
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(str(one) for one in value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[Any]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if not self.whole:
            return lines
        try:
            return [int(line) for line in lines]
        except ValueError as error:
            raise forms.ValidationError(_("Mỗi dòng một số nguyên.")) from error


def entry_form(row: RuleBook, *, code: str = "", kept_code: bool = False) -> type[forms.Form]:
    """The form of an entry of this book; `kept_code`: something asks for the entry by its code."""
    made: dict[str, forms.Field] = {}
    for one in fields(rules.ENTRIES[row.kind]):
        # A box that is not ticked says no; everything else without a usual value has to be said.
        is_needed = one.default is MISSING and one.type is not bool
        options: dict[str, Any] = {"label": LABELS[one.name], "required": is_needed}
        if one.name == "code":
            made["code"] = forms.SlugField(max_length=60, disabled=kept_code, **options)
        elif (found := _choices(row, one.name)) is not None:
            made[one.name] = found(**options)
        else:
            made[one.name] = _plain(one.name, one.type, options)
    if kept_code and row.kind in (Kind.FORM_5, Kind.FORM_8):
        # What reads the value reads it by its kind.
        for name in ("kind", "scheme", "count"):
            made[name].disabled = True
    return type("EntryForm", (forms.Form,), made)


def _plain(name: str, kind: Any, options: dict[str, Any]) -> forms.Field:
    if kind is bool:
        return forms.BooleanField(**options)
    if kind is int:
        return forms.IntegerField(**options)
    if kind is float:
        return forms.FloatField(min_value=0, max_value=1, **options)
    if kind is not str:
        return LinesField(
            whole=name == "warn_days", help_text=_("Mỗi dòng một giá trị."), **options
        )
    if name == "counts_from":
        return forms.RegexField(r"\d{4}-\d{2}-\d{2}", help_text=_("Năm-tháng-ngày."), **options)
    widget = forms.Textarea(attrs={"rows": 2}) if name in _LONG else forms.TextInput()
    return forms.CharField(max_length=3000, widget=widget, **options)


_FIXED: Final[dict[str, tuple[Any, bool]]] = {
    "status": (RuleBook.Status.choices, True),
    "needed": (_NEEDS, False),
    "required": (_NEEDS, False),
    "unit": (_UNITS, False),
    "cap_unit": (_UNITS, False),
    "start": (_EVENTS, False),
    "cap_start": (_EVENTS, True),
    "otherwise": (_EVENTS, True),
    "via": (_VIA, False),
    "text_layer": ((("needed", _("Bắt buộc")), ("", _("Không bắt buộc"))), False),
    "attachment": (AttachmentKind.choices, True),
    "access": (Access.choices, True),
    "form": ((("form-5", _("Mẫu 5")), ("form-8", _("Mẫu 8"))), True),
}
_ITEM_KINDS: Final = (("files", _("Tệp")), ("form", _("Biểu mẫu")))
_SEVERAL: Final = frozenset({"levels", "task_kinds", "items"})


def _choices(row: RuleBook, name: str) -> Any:
    """How a field of a fixed set is asked for; None where anything can be written."""
    if name in _FIXED:
        pairs, may_be_empty = _FIXED[name]
    elif name == "kind":
        pairs, may_be_empty = (_ITEM_KINDS if row.kind == Kind.ITEMS else _FIELD_KINDS), False
    elif name in _LOOKED_UP:
        pairs, may_be_empty = _LOOKED_UP[name](row), name not in ("deadline", "step")
    else:
        return None
    if name in _SEVERAL:
        return lambda **options: forms.MultipleChoiceField(
            choices=pairs, widget=forms.CheckboxSelectMultiple, **options
        )
    nothing = [("", "—")] if may_be_empty else []
    return lambda **options: forms.ChoiceField(choices=[*nothing, *pairs], **options)


def said(name: str, value: Any) -> str:
    """One value of an entry as staff read it: a code of a fixed set by its name."""
    if isinstance(value, tuple):
        return ", ".join(said(name, one) for one in value)
    if isinstance(value, bool):
        return f"{LABELS[name]}: {_('có') if value else _('không')}"
    pairs = _FIXED[name][0] if name in _FIXED else (*_ITEM_KINDS, *_FIELD_KINDS)
    return str(dict(pairs).get(value, value))


def _named(entries: Any) -> list[tuple[str, str]]:
    return [(entry.code, entry.label) for entry in entries]


def _questions(row: RuleBook) -> list[tuple[str, str]]:
    """Yes/no questions: of the form itself, or, for parts of the dossier, of form 5."""
    if row.kind == Kind.ITEMS:
        found = rules.form_fields(Kind.FORM_5, row.valid_from)
        return [(field.code, field.label) for field in found if field.kind == "yes_no"]
    return [
        (entry["code"], entry.get("label_vi", ""))
        for entry in row.entries
        if entry.get("kind") == "yes_no"
    ]


def _schemes() -> list[tuple[str, str]]:
    rows = Vocabulary.objects.loaded().in_preference().order_by("scheme")
    return list({row.scheme: row.label for row in rows}.items())


_LOOKED_UP: Final[dict[str, Callable[[RuleBook], list[tuple[str, str]]]]] = {
    "answer": _questions,
    "file_rule": lambda row: _named(rules.book(Kind.FILE_RULES, row.valid_from).entries),
    "deadline": lambda row: _named(rules.deadlines(row.valid_from)),
    "step": lambda row: [(step["code"], step.get("label_vi", "")) for step in row.steps],
    "scheme": lambda row: _schemes(),
    "levels": lambda row: choices("task-levels"),
    "task_kinds": lambda row: choices("task-kinds"),
    "items": lambda row: _named(rules.items(row.valid_from)),
}
