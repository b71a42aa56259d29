from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from marketplace.core.fields import FilesField, FilesInput
from marketplace.core.step_forms import StepForm
from marketplace.core.uploads import IMAGE_FORMATS, VIDEO_TYPES
from marketplace.listings.forms import parts

DOCUMENT_SUFFIXES = ".pdf,.docx,.xlsx,.pptx"
FILE_SUFFIXES = ",".join([DOCUMENT_SUFFIXES, *VIDEO_TYPES.values()])
PICTURE_TYPES = ",".join(IMAGE_FORMATS)


class DisclosureForm(StepForm):
    hide_owner = forms.BooleanField(
        label=_("Ẩn tên tổ chức"),
        help_text=_(
            "Trang công khai, kết quả tìm kiếm và thư gửi bên khác ghi “Doanh nghiệp ẩn tên”. Cán bộ sàn"
            " vẫn biết. Tự bạn tránh nêu tên trong bài viết, ảnh và tài liệu."
        ),
    )
    confidential = parts.long_text(
        _("Phần bảo mật"),
        _(
            "Thông số, công thức, khách hàng… chỉ tổ chức của bạn và cán bộ sàn đọc được. Dùng để xếp"
            " hạng gợi ý cho riêng bạn, không đưa vào tìm kiếm, bằng chứng hay thư."
        ),
        rows=5,
    )


def _files(label: Any, help_text: Any, accept: str) -> FilesField:
    attrs = {"accept": accept, "data-max-bytes": settings.UPLOAD_MAX_BYTES}
    return FilesField(label=label, help_text=help_text, required=False, widget=FilesInput(attrs))


class UploadForm(forms.Form):
    use_required_attribute = False

    documents = _files(
        _("Thêm tài liệu, video"),
        _("PDF, DOCX, XLSX, PPTX, video MP4 hoặc WebM; mỗi tệp tối đa 20 MB."),
        FILE_SUFFIXES,
    )
    documents_confidential = forms.BooleanField(
        label=_("Chỉ tiết lộ khi tôi đồng ý"), required=False
    )
    pictures = _files(
        _("Thêm ảnh"),
        _(
            "JPEG, PNG, WebP, HEIC của điện thoại; nên rộng từ 1.200 điểm ảnh. Vị trí chụp và thông tin máy ảnh được xóa."
        ),
        PICTURE_TYPES,
    )


class EvidenceForm(forms.Form):
    use_required_attribute = False

    evidence = _files(
        _("Thêm tài liệu chứng minh quyền"),
        _(
            "Quyết định giao quyền, văn bằng, thỏa thuận đồng sở hữu. Chỉ cán bộ sàn và tổ chức của bạn đọc được."
        ),
        DOCUMENT_SUFFIXES,
    )
