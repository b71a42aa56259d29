"""Checks of uploaded files: by content and size, never by their name alone."""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from marketplace.core.errors import UploadRejected
from marketplace.core.scanning import check_for_viruses
from marketplace.core.text import nfc

PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCUMENT_TYPES = {
    PDF: ".pdf",
    f"{_OFFICE}wordprocessingml.document": ".docx",
    f"{_OFFICE}spreadsheetml.sheet": ".xlsx",
    f"{_OFFICE}presentationml.presentation": ".pptx",
}
IMAGE_FORMATS = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP",
    # As telephones keep them.
    "image/heic": "HEIF", "image/heif": "HEIF",
}  # fmt: skip
VIDEO_TYPES = {"video/mp4": ".mp4", "video/webm": ".webm"}
#: Where a telephone says it stood, as ISO 6709 has it: "+10.7769+106.7009+005.000/".
_PLACE = re.compile(rb"[+-]\d{2}\.\d+[+-]\d{3}\.\d+(?:[+-]\d+(?:\.\d+)?)?/")
register_heif_opener(thumbnails=False)
_MAX_SIDE = 2000
# What an office file may hold once unpacked: far above real ones, far below a bomb.
_MAX_PARTS = 5000
_MAX_UNPACKED = 300 * 1024 * 1024
_MAX_LIST = 2 * 1024 * 1024
# A PDF that acts by itself: scripts, programs it starts, files and films inside it.
_PDF_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_PDF_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_OBJECT_STREAM = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    content: ContentFile
    content_type: str
    display_name: str
    size: int


def check_document(upload: UploadedFile) -> CheckedFile:
    """Takes PDF, Word, Excel and PowerPoint files whose content is what the name says.

    Files that act when they are opened (macros, scripts, templates fetched from elsewhere) are
    refused, since the other side opens what the exchange hands on.
    """
    _check_size(upload)
    upload.seek(0)
    data = upload.read()
    kind = PDF if data.startswith(b"%PDF-") else _office_type(data)
    suffix = DOCUMENT_TYPES.get(kind)
    if suffix is None or PurePosixPath(upload.name or "").suffix.lower() != suffix:
        raise UploadRejected(
            _("Chỉ nhận tệp PDF, DOCX, XLSX hoặc PPTX, và nội dung phải đúng với phần mở rộng.")
        )
    if kind == PDF:
        _check_pdf(data)
    check_for_viruses(data)
    return CheckedFile(ContentFile(data, f"x{suffix}"), kind, _shown(upload), len(data))


def check_video(upload: UploadedFile) -> CheckedFile:
    """Takes a film that browsers show; the place where it was taken is blanked out.

    It is not encoded anew: that would take an encoder on each machine. What browsers make of it runs in
    their own sandbox, and it is handed out as a film and nothing else (`nosniff`).
    """
    _check_size(upload)
    upload.seek(0)
    data = upload.read()
    kind = filetype.guess(data[:8192])
    suffix = VIDEO_TYPES.get(kind.mime if kind else "")
    if kind is None or suffix is None or not is_video_name(upload.name or ""):
        raise UploadRejected(
            _("Chỉ nhận video MP4 hoặc WebM, và nội dung phải đúng với phần mở rộng.")
        )
    check_for_viruses(data)
    data = _PLACE.sub(lambda place: b" " * len(place[0]), data)
    return CheckedFile(ContentFile(data, f"x{suffix}"), kind.mime, _shown(upload), len(data))


def is_video_name(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in VIDEO_TYPES.values()


def check_image(upload: UploadedFile) -> CheckedFile:
    """Takes a picture and re-encodes it: no metadata (place, camera), no payload behind the pixels."""
    _check_size(upload)
    upload.seek(0)
    kind = filetype.guess(upload.read(8192))
    if kind is None or kind.mime not in IMAGE_FORMATS:
        raise UploadRejected(_("Chỉ nhận ảnh JPEG, PNG, WebP hoặc HEIC."))
    upload.seek(0)
    try:
        with Image.open(upload, formats=[IMAGE_FORMATS[kind.mime]]) as picture:
            if picture.width * picture.height > settings.UPLOAD_MAX_PIXELS:
                raise UploadRejected(_("Ảnh quá lớn. Hãy giảm kích thước ảnh rồi tải lại."))
            data = _reencoded(picture)
    except (
        OSError, SyntaxError, ValueError, RuntimeError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning
    ) as error:  # fmt: skip
        raise UploadRejected(_("Không đọc được ảnh này. Hãy lưu lại ảnh rồi tải lên.")) from error
    return CheckedFile(ContentFile(data, "x.webp"), "image/webp", _shown(upload), len(data))


def _reencoded(picture: Image.Image) -> bytes:
    # Smaller first: a JPEG is then decoded at the smaller size, and turning costs little.
    picture.thumbnail((_MAX_SIDE, _MAX_SIDE))
    shown = ImageOps.exif_transpose(picture)
    if shown.has_transparency_data:
        shown = shown.convert("RGBA")
        paper = Image.new("RGBA", shown.size, "white")
        shown = Image.alpha_composite(paper, shown)
    out = io.BytesIO()
    shown.convert("RGB").save(out, "WEBP", quality=82, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()


def _office_type(data: bytes) -> str:
    """The type that an office file itself declares; "" where it is none or one we refuse."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if not data.startswith(b"PK\x03\x04") or len(parts) > _MAX_PARTS:
                return ""
            if unpacked > _MAX_UNPACKED or any(part.flag_bits & 1 for part in parts):
                return ""
            declared = _part(archive, "[Content_Types].xml")
            relations = b"".join(
                _part(archive, part.filename)
                for part in parts
                if part.filename.endswith("settings.xml.rels")
            )
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, NotImplementedError,
            RuntimeError, EOFError):  # fmt: skip
        return ""
    names = [part.filename.lower() for part in parts]
    acts = (
        any("vbaproject" in name or "/activex/" in name for name in names)
        or b"macroenabled" in declared.lower()
        or (b"attachedTemplate" in relations and b"External" in relations)
    )
    found = [kind for kind in DOCUMENT_TYPES if f"{kind}.main+xml".encode() in declared]
    return found[0] if len(found) == 1 and not acts else ""


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        content = part.read(_MAX_LIST + 1)
    if len(content) > _MAX_LIST:
        raise ValueError(name)
    return content


def _check_pdf(data: bytes) -> None:
    if b"%%EOF" not in data[-2048:] or zipfile.is_zipfile(io.BytesIO(data)):
        raise UploadRejected(_("Tệp PDF bị hỏng hoặc chứa tệp khác. Hãy xuất lại PDF rồi tải lên."))
    for text in (data, *_object_streams(data)):
        plain = _PDF_NAME_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), text)
        if _PDF_ACTIVE.search(plain):
            raise UploadRejected(
                _("Tệp PDF chứa mã chạy hoặc tệp đính kèm. Hãy in ra PDF mới rồi tải lên.")
            )


def _object_streams(data: bytes) -> Iterator[bytes]:
    """Objects that a PDF keeps compressed; pages and pictures are not among them."""
    budget = _MAX_UNPACKED // 10
    for start in _PDF_OBJECT_STREAM.finditer(data):
        inflate = zlib.decompressobj()
        try:
            content = inflate.decompress(data[start.end() :], budget)
        except zlib.error:
            continue  # another filter, or broken: readers will not run it either
        budget -= len(content)
        if budget <= 0 or inflate.unconsumed_tail:
            raise UploadRejected(
                _("Tệp PDF bị hỏng hoặc chứa tệp khác. Hãy xuất lại PDF rồi tải lên.")
            )
        yield content


def _check_size(upload: UploadedFile) -> None:
    if not upload.size:
        raise UploadRejected(_("Tệp rỗng."))
    if upload.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        raise UploadRejected(_("Tệp quá lớn: tối đa %(limit)s MB.") % {"limit": limit})


def _shown(upload: UploadedFile) -> str:
    """The user's name for the file, safe to print: no control or direction signs, suffix kept."""
    name = PurePosixPath(nfc(upload.name or "")).name
    printable = PurePosixPath("".join(c for c in name if unicodedata.category(c)[0] != "C"))
    return printable.stem[: 200 - len(printable.suffix)] + printable.suffix
