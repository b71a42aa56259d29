"""What a machine can see of a dossier: files that are not what they must be, and parts that are missing."""

import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from marketplace.core import clock
from marketplace.core.errors import UploadRejected
from marketplace.core.text import nfc
from marketplace.core.uploads import PDF, CheckedFile, check_document
from marketplace.registration import rules
from marketplace.registration.rules import Field, FileRule, Item

#: Beyond this a reader would wait; the pages after it are not looked at for text.
MOST_PAGES_READ = 60
MOST_PAGES = 5000
#: Less than this on a page is a stray mark or a page number, not a text layer.
LEAST_LETTERS = 20

FAULTS: dict[str, Promise] = {
    "encrypted": _("Tệp đặt mật khẩu. Bỏ mật khẩu rồi tải lại."),
    "no-text": _(
        "Tệp chỉ có ảnh, không có lớp chữ. Xuất PDF từ tệp gốc, hoặc nhận dạng chữ (OCR)."
    ),
    "broken": _("Không đọc được các trang của tệp. Xuất lại PDF rồi tải lên."),
    "no-pages": _("Tệp không có trang nào."),
    "not-unicode": _("Chữ trong tệp không phải chữ Việt Unicode (phông TCVN3 hoặc VNI)."),
}


class ClassifiedFile(UploadRejected):
    """The first page carries a secrecy mark: the file is refused before anything of it is kept."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file that can be taken, with what still has to be mended."""

    checked: CheckedFile
    sha256: str
    pages: int | None
    faults: tuple[str, ...]


def check_file(upload: UploadedFile, rule: FileRule) -> FileReport:
    """Takes a file for an item, or says why it cannot be taken at all.

    Raises:
        ClassifiedFile: its first page is marked secret; nothing of it is kept.
        UploadRejected: another type than its name says or the item allows, too large, or acting.
    """
    if upload.size and upload.size > rule.most_bytes:
        raise UploadRejected(
            _("Tệp quá lớn: tối đa %(limit)s MB.") % {"limit": rule.most_bytes // 1024 // 1024}
        )
    checked = check_document(upload)
    if checked.content_type not in rule.types:
        raise UploadRejected(_("Thành phần này chỉ nhận tệp PDF."))
    checked.content.seek(0)
    data = checked.content.read()
    checked.content.seek(0)
    pages: int | None = None
    faults: list[str] = []
    if checked.content_type == PDF:
        pages, faults = _read_pdf(data, rule)
    return FileReport(checked, hashlib.sha256(data).hexdigest(), pages, tuple(faults))


def _read_pdf(data: bytes, rule: FileRule) -> tuple[int | None, list[str]]:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            # An owner's password alone still lets everybody read; it would stop the archive's tools.
            return None, ["encrypted"] if rule.password_refused else []
        count = len(reader.pages)
        if not 0 < count <= MOST_PAGES:
            return count, ["no-pages" if not count else "broken"]
        texts = [reader.pages[at].extract_text() or "" for at in range(min(count, MOST_PAGES_READ))]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError,
            RecursionError, OSError, NotImplementedError, AssertionError):  # fmt: skip
        # pypdf raises whatever a broken file leads it to.
        return None, ["broken"]
    refuse_marked(texts[0], rule.secrecy_marks)
    if rule.text_layer != "needed":
        return count, []
    readable = [text for text in texts if sum(c.isalpha() for c in text) >= LEAST_LETTERS]
    if len(readable) < max(1, rule.text_share * len(texts)):
        return count, ["no-text"]
    if _looks_legacy(" ".join(readable)[:20000]):
        return count, ["not-unicode"]
    return count, []


def refuse_marked(text: str, marks: Iterable[str]) -> None:
    """A line of the first page that is a secrecy mark and nothing else, as its stamp stands."""
    lines = {" ".join(nfc(line).split()).strip(" .:*[]()").upper() for line in text.splitlines()}
    if lines & {nfc(mark).upper() for mark in marks}:
        raise ClassifiedFile(
            _(
                "Trang đầu có dấu chỉ độ mật. Tài liệu mật không nộp qua hệ thống này và tệp không "
                "được lưu lại; hãy nộp theo quy định bảo vệ bí mật nhà nước."
            )
        )


#: Letters that TCVN3 and VNI fonts store for Vietnamese, beside none of those that Unicode alone has.
_LEGACY = re.compile(r"[µ¶¸¹·¨©ª«¬®ÊÕßæîñøùö]|[aeouyAEOUY][øùûõïâéåäêëíóôòð]")
_VIETNAMESE = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


def _looks_legacy(text: str) -> bool:
    return len(_LEGACY.findall(text)) > 20 and len(_VIETNAMESE.findall(text)) < 5


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend before the dossier can be filed, with the place where it is mended."""

    item: str
    step: str
    field: str
    message: str


def faults_of(
    form: Mapping[str, Any],
    files: Iterable[Any],
    *,
    on: date | None = None,
    unread: Iterable[str] = (),
) -> list[Fault]:
    """Everything that keeps a dossier from being filed, item by item in their order."""
    by_item: dict[str, list[Any]] = {}
    for file in files:
        by_item.setdefault(file.item, []).append(file)
    found: list[Fault] = []
    for item in rules.items(on):
        if item.kind == "form":
            if item.is_needed(form):
                found += _form_faults(item, form, on, set(unread))
        else:
            found += _file_faults(item, form, by_item.get(item.code, []))
    return found


def _form_faults(
    item: Item, form: Mapping[str, Any], on: date | None, unread: set[str]
) -> list[Fault]:
    found = []
    for step in rules.form_steps(item.form, on):
        if step.code in unread:
            message = _("%(step)s: có nội dung chưa đọc được, sửa lại hoặc xóa đi.")
            found.append(Fault(item.code, step.code, "", str(message % {"step": step.label})))
    for field in rules.form_fields(item.form, on):
        value = form.get(field.code)
        if field.is_required(form) and value in (None, "", []):
            message = _("%(field)s: chưa có.")
            found.append(
                Fault(item.code, field.step, field.code, str(message % {"field": field.label}))
            )
        elif problem := _value_fault(field, value):
            found.append(Fault(item.code, field.step, field.code, f"{field.label}: {problem}"))
    return found


def _value_fault(field: Field, value: Any) -> str:
    if field.kind == "date" and value:
        day = date.fromisoformat(value)
        if field.past and day > clock.today():
            return str(_("ngày này chưa đến."))
        if field.code == "restricted_until" and day <= clock.today():
            return str(_("ngày này đã qua, không còn gì để hạn chế."))
    return ""


def _file_faults(item: Item, form: Mapping[str, Any], files: list[Any]) -> list[Fault]:
    found = [
        Fault(item.code, FILES_STEP, "", f"{file.display_name}: {FAULTS[code]}")
        for file in files
        for code in file.faults
    ]
    if item.is_needed(form) and not files:
        message = _("%(item)s: chưa có tệp.")
        found.append(Fault(item.code, FILES_STEP, "", str(message % {"item": item.label})))
    return found


FILES_STEP = "tep"
