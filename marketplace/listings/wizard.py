"""The steps in which a listing is written, as data: one table a kind."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import User
from marketplace.core.step_forms import BaseRows, StepForm, posted_rows
from marketplace.listings.completeness import Gap
from marketplace.listings.forms.disclosure import DisclosureForm
from marketplace.listings.forms.need import (
    NeedForm,
    NeedSituationForm,
    NeedTargetsForm,
    NeedTermsForm,
)
from marketplace.listings.forms.rows import ROW_SETS
from marketplace.listings.forms.service import (
    ServiceForm,
    ServiceProofForm,
    ServiceScopeForm,
    ServiceTermsForm,
)
from marketplace.listings.forms.transfer import (
    EquipmentDataForm,
    EquipmentForm,
    EquipmentSupplyForm,
    OfferDescriptionForm,
    OfferForm,
    OfferLevelForm,
    OfferRightsForm,
    OfferTransferForm,
)
from marketplace.listings.models import Listing

REVIEW = "xem-lai"
Words = str | Promise


@dataclass(frozen=True, slots=True)
class RowSet:
    """Rows of one step: what they are called, and how one more is asked for."""

    name: str
    legend: Words
    hint: Words
    add_label: Words


@dataclass(frozen=True, slots=True)
class Step:
    slug: str
    title: Words
    form: type[StepForm]
    checks: tuple[Words, ...]
    rows: tuple[RowSet, ...] = ()
    has_uploads: bool = False
    has_evidence: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Everything this step writes."""
        return (*self.form.base_fields, *(rows.name for rows in self.rows))


TARGETS = RowSet(
    "specifications",
    _("Chỉ tiêu cần đạt"),
    _(
        "Mỗi dòng một con số: tên, so sánh, giá trị, đơn vị. Chỉ tiêu rõ thì gợi ý đối chiếu được từng dòng."
    ),
    _("Thêm chỉ tiêu"),
)
DATA = RowSet(
    "specifications",
    _("Thông số"),
    _(
        "Mỗi dòng một con số đã đo: tên, so sánh, giá trị, đơn vị. Nhu cầu được đối chiếu với từng dòng."
    ),
    _("Thêm thông số"),
)
IP_RIGHTS = RowSet(
    "ip_rights",
    _("Văn bằng và đơn"),
    _("Số bằng hoặc số đơn, loại, tình trạng."),
    _("Thêm văn bằng"),
)
ACCREDITATIONS = RowSet(
    "accreditations",
    _("Công nhận, chứng nhận"),
    _(
        "Mỗi dòng một chứng nhận còn hiệu lực: tên, số, nơi cấp, ngày hết hạn. Khách hàng tra theo số."
    ),
    _("Thêm chứng nhận"),
)
ABILITIES = RowSet(
    "specifications",
    _("Khả năng bằng số"),
    _("Dải đo, giới hạn phát hiện, độ chính xác, công suất: tên, so sánh, giá trị, đơn vị."),
    _("Thêm khả năng"),
)

_DISCLOSURE = Step(
    "cong-khai",
    _("Công khai và bảo mật"),
    DisclosureForm,
    (
        _("Phần công khai không lộ bí mật của bên khác."),
        _("Tệp mở được, đúng nội dung, không chứa thông tin cá nhân thừa."),
        _("Ảnh là ảnh thật của vấn đề, sản phẩm hoặc thiết bị."),
    ),
    has_uploads=True,
)

STEPS: dict[str, tuple[Step, ...]] = {
    "need": (
        Step(
            "nhu-cau",
            pgettext_lazy("bước", "Nhu cầu"),
            NeedForm,
            (
                _("Tên nói rõ việc cần làm, không phải lời rao."),
                _("Câu tóm tắt có số đo được."),
                _("Lĩnh vực đúng với công nghệ cần tìm."),
            ),
        ),
        Step(
            "hien-trang",
            _("Hiện trạng và yêu cầu"),
            NeedSituationForm,
            (
                _("Hiện trạng đủ để người ngoài hiểu vấn đề."),
                _("Kết quả cần đạt kiểm chứng được."),
                _("Không nêu tên hãng hay cách làm khi chưa bắt buộc."),
            ),
        ),
        Step(
            "chi-tieu",
            pgettext_lazy("bước", "Chỉ tiêu"),
            NeedTargetsForm,
            (
                _("Số và đơn vị khớp với phần mô tả."),
                _("Chỉ tiêu nào bắt buộc thì ghi thành dòng, không để trong lời văn."),
            ),
            rows=(TARGETS,),
        ),
        Step(
            "doi-tac",
            _("Đối tác, ngân sách, hạn"),
            NeedTermsForm,
            (
                _("Hạn đủ dài để bên cung cấp chuẩn bị, thường từ 30 ngày."),
                _("Ngân sách cùng cỡ với quy mô đã nêu."),
                _("Người phụ trách thuộc tổ chức và trả lời được."),
            ),
        ),
        _DISCLOSURE,
    ),
    "offer": (
        Step(
            "cong-nghe",
            _("Công nghệ"),
            OfferForm,
            (
                _("Tên nói công nghệ làm gì, không viết hoa toàn bộ."),
                _("Câu tóm tắt có số đo được."),
                _("Không thuộc danh mục cấm chuyển giao; loại hạn chế có văn bản chấp thuận."),
            ),
        ),
        Step(
            "mo-ta",
            _("Mô tả và ưu điểm"),
            OfferDescriptionForm,
            (
                _("Ưu điểm so với giải pháp có thật và nêu điều kiện đo."),
                _("Nguyên lý đủ hiểu mà không lộ bí quyết."),
            ),
        ),
        Step(
            "thong-so",
            _("Thông số và mức sẵn sàng"),
            OfferLevelForm,
            (
                _("TRL khớp với tài liệu: từ mức 7 cần bằng chứng chạy tại nơi sử dụng."),
                _("Chứng nhận còn hiệu lực."),
            ),
            rows=(DATA,),
        ),
        Step(
            "chuyen-giao",
            _("Chuyển giao và giá"),
            OfferTransferForm,
            (
                _("Bán thiết bị đơn thuần không ghi là chuyển giao công nghệ."),
                _("Giá nói rõ đã gồm những gì."),
                _("Công nghệ tạo ra bằng vốn nhà nước có định giá theo quy định."),
            ),
        ),
        Step(
            "quyen",
            _("Quyền và sở hữu trí tuệ"),
            OfferRightsForm,
            (
                _("Tổ chức có quyền chuyển giao, có tài liệu chứng minh."),
                _("Số bằng, số đơn tra cứu được."),
                _("Đồng chủ sở hữu đã đồng ý."),
            ),
            rows=(IP_RIGHTS,),
            has_evidence=True,
        ),
        _DISCLOSURE,
    ),
    "equipment": (
        Step(
            "thiet-bi",
            _("Thiết bị"),
            EquipmentForm,
            (
                _("Tên nói máy làm gì; ký hiệu, hãng, năm đúng với nhãn máy."),
                _("Máy đã qua sử dụng ghi rõ."),
            ),
        ),
        Step(
            "thong-so",
            _("Thông số"),
            EquipmentDataForm,
            (
                _("Năng suất ghi bằng số và đơn vị."),
                _("Ưu điểm kiểm chứng được."),
            ),
            rows=(DATA,),
        ),
        Step(
            "cung-cap",
            _("Cung cấp và giá"),
            EquipmentSupplyForm,
            (
                _("Giá nói rõ đã gồm thuế, lắp đặt, vận chuyển hay chưa."),
                _("Bảo hành ghi thời gian và nơi làm."),
            ),
        ),
        _DISCLOSURE,
    ),
    "service": (
        Step(
            "dich-vu",
            pgettext_lazy("bước", "Dịch vụ"),
            ServiceForm,
            (
                _("Tên nói việc làm cho khách hàng, không phải tên phòng, ban."),
                _("Loại dịch vụ đúng với việc làm thật."),
            ),
        ),
        Step(
            "noi-dung",
            _("Nội dung công việc"),
            ServiceScopeForm,
            (
                _("Khách hàng biết sẽ nhận được gì, theo tiêu chuẩn nào."),
                _("Số và đơn vị khớp với phạm vi được công nhận."),
            ),
            rows=(ABILITIES,),
        ),
        Step(
            "nang-luc",
            _("Năng lực"),
            ServiceProofForm,
            (
                _("Số chứng nhận tra cứu được, còn hiệu lực."),
                _("Không nêu tên khách hàng khi họ chưa đồng ý."),
            ),
            rows=(ACCREDITATIONS,),
        ),
        Step(
            "gia-thoi-gian",
            _("Giá, thời gian, nơi nhận việc"),
            ServiceTermsForm,
            (
                _("Giá nói rõ tính theo gì và gồm những gì."),
                _("Thời gian tính từ lúc nào được nói rõ."),
            ),
        ),
        _DISCLOSURE,
    ),
}


def find_step(kind: str, slug: str) -> Step | None:
    return next((step for step in STEPS[kind] if step.slug == slug), None)


def neighbours(kind: str, step: Step) -> tuple[str, str]:
    """The slugs before and after; the review stands at the end, and nothing before the first."""
    steps = STEPS[kind]
    place = steps.index(step)
    before = steps[place - 1].slug if place else ""
    return before, steps[place + 1].slug if place + 1 < len(steps) else REVIEW


def step_of(kind: str, field: str) -> Step:
    """The step in which a field is written."""
    return next((step for step in STEPS[kind] if field in step.names), STEPS[kind][0])


def anchor_of(step: Step, field: str) -> str:
    """Where on its step's page a field or a set of rows stands."""
    return field if any(rows.name == field for rows in step.rows) else f"id_{field}"


class StepPage:
    """The form and rows of one step, from what was posted or from the draft."""

    def __init__(
        self, step: Step, draft: Listing, *, posted: Any = None, more_rows_of: str = ""
    ) -> None:
        self.step, self.draft = step, draft
        unread = {} if posted is not None else draft.draft_inputs.get(step.slug, {})
        self.form = self._form(posted, unread)
        self.rows = [(rows, self._rows(rows, posted, unread, more_rows_of)) for rows in step.rows]
        if "contact" in self.form.fields:
            contact: Any = self.form.fields["contact"]
            contact.queryset = (
                User.objects.filter(memberships__organization=draft.organization_id)
                .distinct()
                .order_by("full_name", "pk")
            )

    def _form(self, posted: Any, unread: dict[str, Any]) -> StepForm:
        form = self.step.form
        if posted is not None:
            return form(posted)
        initial = {name: self._initial(name) for name in form.base_fields}
        texts = {name: value for name, value in unread.items() if name in form.base_fields}
        return form(form.as_posted(initial, texts)) if texts else form(initial=initial)

    def _initial(self, name: str) -> Any:
        return self.draft.contact_id if name == "contact" else getattr(self.draft, name)

    def _rows(self, rows: RowSet, posted: Any, unread: dict[str, Any], more: str) -> BaseRows:
        make = ROW_SETS[rows.name]
        if posted is not None and f"{rows.name}-TOTAL_FORMS" in posted:
            return make(posted, prefix=rows.name)
        blank = 1 if more == rows.name else 0
        if rows.name in unread:
            typed = [*unread[rows.name], *([{}] * blank)]
            return make(posted_rows(rows.name, typed), prefix=rows.name)
        initial = [make.form.initial_of(row) for row in getattr(self.draft, rows.name).all()]
        formset: BaseRows = make(initial=initial, prefix=rows.name)
        formset.extra = blank or (0 if initial else 2)
        return formset

    def changes(self) -> dict[str, Any]:
        """What can be saved of it now."""
        changes = self.form.changes()
        for rows, formset in self.rows:
            # A post without its rows (a script's, a cut-off one) says nothing about them.
            if formset.is_bound and f"{rows.name}-TOTAL_FORMS" in formset.data:
                model = getattr(self.draft, rows.name).model
                changes[rows.name] = [
                    model(**row, sort_order=place) for place, row in enumerate(formset.rows())
                ]
        return changes

    def unread(self) -> dict[str, Any]:
        left: dict[str, Any] = dict(self.form.unread())
        for rows, formset in self.rows:
            if formset.is_bound and (typed := formset.unread()):
                left[rows.name] = typed
        return left

    @property
    def with_errors(self) -> list[Any]:
        """The forms an error summary looks through."""
        return [self.form, *(formset for _rows, formset in self.rows)]


def stages(
    kind: str, draft: Listing, missing: list[Gap], current: str
) -> list[tuple[str, Words, str]]:
    """(slug, title, state) of every step for the row of steps above the form."""
    lacking = {step_of(kind, gap.field).slug for gap in missing}
    listed = []
    for step in STEPS[kind]:
        if step.slug == current:
            state = "current"
        elif draft.draft_inputs.get(step.slug):
            state = "error"
        else:
            state = "done" if step.slug not in lacking and _is_touched(step, draft) else "todo"
        listed.append((step.slug, step.title, state))
    listed.append((REVIEW, _("Xem lại và gửi"), "current" if current == REVIEW else "todo"))
    return listed


def _is_touched(step: Step, draft: Listing) -> bool:
    plain = [
        name for name in step.form.base_fields if name not in ("language", "origin", "contact")
    ]
    return any(getattr(draft, name) not in (None, "", [], False) for name in plain) or any(
        getattr(draft, rows.name).all() for rows in step.rows
    )
