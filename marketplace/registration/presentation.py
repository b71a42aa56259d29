"""How a dossier is told to people: its items with their faults, its clock, its history."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core import clock
from marketplace.core.templatetags.design import date_vi, money, vi_number
from marketplace.registration import rules
from marketplace.registration.checks import FAULTS, FILES_STEP, Fault
from marketplace.registration.models import Dossier, DossierEntry
from marketplace.registration.notices import reason_lines
from marketplace.registration.rules import Field, Item
from marketplace.registration.states import DossierState
from marketplace.taxonomy import clocks as calendar
from marketplace.taxonomy.labels import label, labels

Words = str | Promise

TONES = {
    DossierState.DRAFT: "open",
    DossierState.SUBMITTED: "warn",
    DossierState.IN_REVIEW: "warn",
    DossierState.RETURNED: "care",
    DossierState.ACCEPTED: "good",
    DossierState.REGISTERED: "good",
    DossierState.REFUSED: "care",
    DossierState.WITHDRAWN: "open",
}
ACTIONS: dict[str, Words] = {
    "started": _("Đã bắt đầu hồ sơ"),
    "submitted": _("Nộp hồ sơ"),
    "recalled": _("Rút về để sửa"),
    "withdrawn": _("Rút hồ sơ"),
    "review_begun": _("Bắt đầu kiểm tra"),
    "returned": _("Yêu cầu bổ sung"),
    "refused": pgettext_lazy("việc", "Không tiếp nhận"),
    "accepted": _("Xác nhận hợp lệ"),
    "acceptance_taken_back": _("Xem lại hồ sơ"),
    "handed_over": _("Chuyển sang đầu mối khác"),
    "registered": pgettext_lazy("việc", "Cấp giấy chứng nhận"),
    "copy_requested": _("Đề nghị cấp bản sao"),
    "copy_issued": _("Cấp bản sao"),
    "copy_declined": _("Không cấp bản sao"),
}


@dataclass(frozen=True, slots=True)
class ClockFace:
    """Until when, how long that is, and who is waited for."""

    due_on: date
    days_left: int
    working_days_left: int
    is_desk: bool
    is_announced: bool

    @property
    def is_past(self) -> bool:
        return self.days_left < 0

    @property
    def days_over(self) -> int:
        return -self.days_left

    @property
    def tone(self) -> str:
        return "care" if self.is_past else "warn" if self.days_left <= 3 else "open"


def clock_of(dossier: Dossier) -> ClockFace | None:
    if dossier.due_on is None:
        return None
    today = clock.today()
    return ClockFace(
        dossier.due_on,
        (dossier.due_on - today).days,
        calendar.working_days_until(today, dossier.due_on),
        dossier.waits_for_desk,
        calendar.is_announced(dossier.due_on),
    )


@dataclass(slots=True)
class ItemView:
    item: Item
    files: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    #: What staff asked for at the last return.
    reasons: list[str] = field(default_factory=list)
    rows: list[tuple[str, Any]] = field(default_factory=list)
    state: str = "open"


def items_of(
    dossier: Dossier,
    faults: list[Fault],
    *,
    at_desk: bool = False,
    last_return: DossierEntry | None = None,
) -> list[ItemView]:
    """Every item that has a place in this dossier, with its files, faults and values."""
    files: dict[str, list[Any]] = {}
    for file in dossier.files.all():
        files.setdefault(file.item, []).append(file)
    found = []
    for item in rules.items(dossier.ruled_on):
        if not item.is_asked(dossier.form):
            continue
        view = ItemView(item)
        view.faults = [fault for fault in faults if fault.item == item.code]
        view.files = [_file(dossier, file, at_desk) for file in files.get(item.code, [])]
        view.reasons = _reasons(dossier, last_return, item.code)
        if item.kind == "form":
            view.rows = form_rows(dossier, item.form)
        filled = bool(view.files) or item.kind == "form"
        if view.reasons:
            view.state = "missed"
        elif view.faults:
            view.state = "missed" if filled else "open"
        else:
            view.state = "met" if filled else "open"
        found.append(view)
    return found


def _reasons(dossier: Dossier, entry: DossierEntry | None, item: str) -> list[str]:
    if entry is None:
        return []
    labels_of = {reason.code: reason.label for reason in rules.reasons(dossier.ruled_on)}
    return [
        labels_of.get(given["code"], given["code"])
        for given in entry.reasons
        if given.get("item") == item
    ]


def _file(dossier: Dossier, file: Any, at_desk: bool) -> dict[str, Any]:
    name = "registration:desk_file" if at_desk else "registration:file"
    return {
        "name": file.display_name,
        "size": file.size,
        "pages": file.pages,
        "key": file.key,
        "url": reverse(name, args=[dossier.public_id, file.key]),
        "is_pdf": file.content_type == "application/pdf",
        "faults": [FAULTS[code] for code in file.faults if code in FAULTS],
    }


def form_rows(dossier: Dossier, form: str) -> list[tuple[str, Any]]:
    """(label, value) of the fields that have one, as a page prints them."""
    rows = []
    for described in rules.form_fields(form, dossier.ruled_on):
        shown = shown_value(described, dossier.form.get(described.code))
        if shown not in ("", None, []):
            rows.append((described.label, shown))
    return rows


def shown_value(described: Field, value: Any) -> Any:
    if value in (None, "", []):
        return ""
    match described.kind:
        case "date":
            return date.fromisoformat(value)
        case "money":
            return money(value)
        case "number":
            return vi_number(value)
        case "choice":
            return label(described.scheme, value)
        case "codes":
            return "; ".join(labels(described.scheme, value))
        case "yes_no":
            return pgettext_lazy("trả lời", "Có") if value else pgettext_lazy("trả lời", "Không")
        case "people":
            return "; ".join(
                ", ".join(
                    str(person[name])
                    for name in ("name", "degree", "organization", "work")
                    if person.get(name)
                )
                for person in value
            )
    return value


def shown_day(written: str) -> str:
    """A day or a month of the register as the reader writes it; a year as it stands."""
    try:
        return date_vi(date.fromisoformat(written))
    except ValueError:
        return "/".join(reversed(written.split("-")))


def last_return(dossier: Dossier) -> DossierEntry | None:
    """The return that still has to be answered; none once it was filed again."""
    entry = dossier.log.filter(action="returned").order_by("-at", "-pk").first()
    return entry if entry is not None and dossier.state == DossierState.RETURNED else None


def timeline(dossier: Dossier, *, for_desk: bool) -> list[dict[str, Any]]:
    """The history, the newest last. The organisation reads no officer's name."""
    told = []
    for entry in dossier.log.select_related("by").order_by("at", "pk"):
        who: Words = ""
        if entry.by_desk and not for_desk:
            who = dossier.focal_point.name if dossier.focal_point else ""
        elif entry.by is not None:
            who = entry.by.full_name or entry.by.email
        text = "; ".join([*reason_lines(dossier, entry), *([entry.note] if entry.note else [])])
        is_care = entry.action in ("returned", "refused", "acceptance_taken_back")
        told.append(
            {
                "title": ACTIONS.get(entry.action, entry.action),
                "when": entry.at,
                "who": who,
                "text": text,
                "state": "care" if is_care else "done",
            }
        )
    return told


def fault_address(dossier: Dossier, fault: Fault) -> str:
    """Where a fault is mended."""
    step = reverse("registration:edit", args=[dossier.public_id, fault.step])
    anchor = fault.item if fault.step == FILES_STEP else f"id_{fault.field}"
    return f"{step}#{anchor}"
