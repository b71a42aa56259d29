"""Checks of uploaded files: by content and size, never by their name alone."""

import io
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from marketplace.core.errors import UploadRejected

# Office files are zip archives; `filetype` tells them apart by their first member.
DOCUMENT_TYPES = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}
IMAGE_TYPES = {"image/jpeg", "image/png", "image/webp"}
_MAX_SIDE = 2000


@dataclass(frozen=True, slots=True)
class CheckedFile:
    content: ContentFile
    content_type: str
    display_name: str
    size: int


def check_document(upload: UploadedFile) -> CheckedFile:
    """Takes PDF, Word, Excel and PowerPoint files whose content is what the name says."""
    _check_size(upload)
    kind = filetype.guess(_head(upload))
    suffix = DOCUMENT_TYPES.get(kind.mime if kind else "")
    if suffix is None or PurePosixPath(upload.name or "").suffix.lower() != suffix:
        raise UploadRejected(
            _("Chỉ nhận tệp PDF, DOCX, XLSX hoặc PPTX, và nội dung phải đúng với phần mở rộng.")
        )
    upload.seek(0)
    data = upload.read()
    return CheckedFile(ContentFile(data, f"x{suffix}"), kind.mime, _shown(upload), len(data))


def check_image(upload: UploadedFile) -> CheckedFile:
    """Takes a picture and re-encodes it: no metadata (place, camera), no payload behind the pixels."""
    _check_size(upload)
    kind = filetype.guess(_head(upload))
    if kind is None or kind.mime not in IMAGE_TYPES:
        raise UploadRejected(_("Chỉ nhận ảnh JPEG, PNG hoặc WebP."))
    upload.seek(0)
    try:
        with Image.open(upload) as picture:
            if picture.width * picture.height > settings.UPLOAD_MAX_PIXELS:
                raise UploadRejected(_("Ảnh quá lớn. Hãy giảm kích thước ảnh rồi tải lại."))
            shown = ImageOps.exif_transpose(picture)
            shown.thumbnail((_MAX_SIDE, _MAX_SIDE))
            out = io.BytesIO()
            shown.convert("RGB").save(out, "WEBP", quality=82)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UploadRejected(_("Không đọc được ảnh này. Hãy lưu lại ảnh rồi tải lên.")) from error
    data = out.getvalue()
    return CheckedFile(ContentFile(data, "x.webp"), "image/webp", _shown(upload), len(data))


def _check_size(upload: UploadedFile) -> None:
    if not upload.size:
        raise UploadRejected(_("Tệp rỗng."))
    if upload.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        raise UploadRejected(_("Tệp quá lớn: tối đa %(limit)s MB.") % {"limit": limit})


def _head(upload: UploadedFile) -> bytes:
    upload.seek(0)
    return upload.read(8192)


def _shown(upload: UploadedFile) -> str:
    return PurePosixPath(upload.name or "").name[:200]
