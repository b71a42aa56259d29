"""The sheet on a task that the register does not have yet."""

from functools import partial
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import CodeField, CodeListField, DateField, TextField
from marketplace.registration.forms import SecrecyForm
from marketplace.taxonomy.choices import choices, grouped_choices

_GROUPS: Final = (
    (_("Độ mật"), "", ("secrecy",)),
    (_("Nhiệm vụ"), "", ("title", "code", "kind", "level", "agency", "field_codes")),
    (
        _("Căn cứ"),
        _("Ghi ít nhất một: quyết định phê duyệt hoặc hợp đồng. Đầu mối đối chiếu theo số này."),
        ("approval_number", "approved_on", "contract_number", "contracted_on"),
    ),
    (_("Người thực hiện"), "", ("leader", "members")),
    (_("Thời gian"), "", ("started_on", "ended_on", "accepted_on")),
)


class TaskReportForm(SecrecyForm):
    """Asks for the secrecy level with everything else: nothing is kept before it is normal."""

    title = TextField(
        label=_("Tên nhiệm vụ"),
        help_text=_("Đúng như quyết định phê duyệt hoặc hợp đồng."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "sentence"}),
    )
    code = TextField(label=_("Mã số nhiệm vụ"), max_length=60, required=False)
    kind = CodeField(
        label=_("Loại nhiệm vụ"),
        choices=partial(choices, "task-kinds"),
        help_text=_("Như quyết định phê duyệt ghi; chưa rõ thì để trống."),
        required=False,
    )
    level = CodeField(label=_("Cấp nhiệm vụ"), choices=partial(choices, "task-levels"))
    agency = TextField(
        label=_("Cơ quan chủ quản"),
        help_text=_("Bộ, tỉnh hoặc cơ quan quản lý nhiệm vụ. Đầu mối của cơ quan này xác nhận."),
        max_length=300,
    )
    leader = TextField(label=_("Chủ nhiệm nhiệm vụ"), max_length=200)
    members = TextField(
        label=_("Cá nhân tham gia"),
        help_text=_("Mỗi người một dòng."),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    started_on = DateField(label=_("Bắt đầu thực hiện"), required=False)
    ended_on = DateField(label=_("Kết thúc thực hiện"), required=False)
    accepted_on = DateField(
        label=_("Ngày nghiệm thu chính thức"),
        help_text=_("Đã nghiệm thu thì ghi: thời hạn đăng ký tính từ ngày này."),
        required=False,
    )
    approval_number = TextField(label=_("Quyết định phê duyệt số"), max_length=120, required=False)
    approved_on = DateField(label=_("Ngày phê duyệt"), required=False)
    contract_number = TextField(label=_("Hợp đồng số"), max_length=120, required=False)
    contracted_on = DateField(label=_("Ngày ký hợp đồng"), required=False)
    field_codes = CodeListField(
        label=_("Lĩnh vực nghiên cứu"),
        choices=partial(grouped_choices, "st-fields"),
        count=3,
        required=False,
    )

    def clean_members(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.cleaned_data["members"].splitlines())
        return [line[:200] for line in lines if line][:60]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("started_on"), given.get("ended_on")
        if first and last and last < first:
            self.add_error("ended_on", _("Ngày kết thúc phải sau ngày bắt đầu."))
        if not given.get("approval_number") and not given.get("contract_number"):
            self.add_error(
                "approval_number", _("Ghi số quyết định phê duyệt hoặc số hợp đồng để đối chiếu.")
            )
        return given

    @property
    def groups(self) -> list[tuple[Any, Any, list[Any]]]:
        """Legend, hint and fields, as the papers at hand lie before the one who writes."""
        return [(legend, hint, [self[name] for name in names]) for legend, hint, names in _GROUPS]

    @property
    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given.pop("secrecy")
        for name in ("started_on", "ended_on"):
            # The register keeps these days as they were written.
            given[name] = given[name].isoformat() if given[name] else ""
        return given

    @staticmethod
    def initial_of(values: dict[str, Any]) -> dict[str, Any]:
        """A report that came back, as the form shows it again."""
        return values | {"members": "\n".join(values.get("members", []))}


class ReturnTaskForm(forms.Form):
    use_required_attribute = False

    reason = TextField(
        label=_("Cần sửa gì"),
        help_text=_("Tổ chức đọc được. Nói rõ mục nào, cần gì."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Ghi cần sửa gì.")},
    )
