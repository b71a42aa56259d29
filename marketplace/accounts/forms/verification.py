"""What an organisation states to be verified, and the papers it sends."""

from datetime import date
from typing import Any, Final

import filetype
from babel import Locale
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.accounts import verification_rules
from marketplace.accounts.lookalikes import LooksLikeAnother, disguised_letter
from marketplace.accounts.models import OrganizationKind, Verification
from marketplace.accounts.names import NAME_LIMIT
from marketplace.accounts.tax_codes import clean_tax_code
from marketplace.core import clock
from marketplace.core.errors import UploadRejected
from marketplace.core.fields import CodeField, DateField, TextField
from marketplace.core.uploads import IMAGE_FORMATS, CheckedFile, check_document, check_image
from marketplace.taxonomy.choices import choices
from marketplace.taxonomy.provinces import province_choices

_NO_TERRITORY: Final = frozenset({"ZZ", "EU", "EZ", "UN", "QO", "XA", "XB"})


def countries() -> list[tuple[str, str]]:
    """Vietnam first, then by name in the language of the page."""
    names = Locale((get_language() or "vi")[:2]).territories
    known = {
        code: name
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_TERRITORY
    }
    return sorted(known.items(), key=lambda one: (one[0] != "VN", one[1]))


class VerificationForm(forms.Form):
    """A draft may lack anything; what is asked for is said when it is submitted."""

    name = TextField(
        label=_("Tên tổ chức"),
        max_length=NAME_LIMIT,
        help_text=_("Đúng từng chữ như trên giấy tờ."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(label=_("Loại hình"), choices=OrganizationKind.choices)
    intermediary_kind = CodeField(
        label=_("Loại tổ chức trung gian"),
        choices=lambda: choices("intermediary-kinds"),
        required=False,
        help_text=_("Chỉ dành cho tổ chức trung gian."),
    )
    country_code = CodeField(label=_("Đăng ký tại"), choices=countries)
    tax_code = TextField(
        label=_("Mã số thuế"),
        required=False,
        max_length=20,
        help_text=_(
            "10 chữ số; đơn vị phụ thuộc thêm 3 số; cá nhân, hộ kinh doanh 12 số. Số 12 chữ số là dữ liệu cá nhân nên không hiện công khai. Tổ chức nước ngoài để trống."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    economic_type = CodeField(
        label=_("Loại hình kinh tế"), choices=lambda: choices("economic-types"), required=False
    )
    registration_number = TextField(
        label=_("Số đăng ký kinh doanh hoặc số quyết định thành lập"),
        required=False,
        max_length=60,
    )
    registered_on = DateField(label=_("Ngày cấp"), required=False)
    registered_by = TextField(
        label=_("Nơi cấp"),
        required=False,
        max_length=200,
        help_text=_("Ví dụ: Sở Tài chính TP Hồ Chí Minh, Bộ Khoa học và Công nghệ."),
    )
    representative = TextField(
        label=_("Người đại diện theo pháp luật"),
        required=False,
        max_length=120,
        help_text=_("Chỉ cán bộ sàn xem; không hiện công khai."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    representative_title = TextField(label=_("Chức danh"), required=False, max_length=120)
    province_code = CodeField(
        label=_("Tỉnh, thành phố"),
        choices=province_choices,
        required=False,
        nothing=_("Chưa chọn"),
        help_text=_("Theo 34 tỉnh, thành phố hiện nay; tên cũ ghi trong ngoặc."),
    )
    address = TextField(
        label=_("Địa chỉ trụ sở"),
        required=False,
        max_length=300,
        help_text=_("Số nhà, đường, xã hoặc phường."),
    )
    note = TextField(
        label=_("Lời nhắn cho cán bộ sàn"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": ""}),
    )

    def __init__(self, data: Any = None, *, verification: Verification) -> None:
        super().__init__(data, initial=verification.stated | {"note": verification.note})
        # A draft may lack them; what its kind of organisation has to state is not called optional.
        facts = verification_rules.edition(verification.edition).asked_of(verification.facts).facts
        for name, field in self.fields.items():
            field.asked = name in facts

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if letter := disguised_letter(name):
            raise forms.ValidationError(str(LooksLikeAnother(letter).message))
        return name

    def clean_tax_code(self) -> str:
        code: str = self.cleaned_data["tax_code"].strip()
        return clean_tax_code(code) if code else ""

    def clean_registered_on(self) -> date | None:
        day: date | None = self.cleaned_data["registered_on"]
        if day and day > clock.today():
            raise forms.ValidationError(_("Ngày cấp không thể ở tương lai."))
        return day


class EvidenceForm(forms.Form):
    """One paper at a time, so that each says what it is."""

    prefix = "paper"

    kind = CodeField(label=_("Loại giấy tờ"), choices=lambda: paper_choices())
    file = forms.FileField(
        label=_("Tệp"),
        help_text=_(
            "PDF, Word hoặc ảnh chụp rõ đủ các trang, tối đa 20 MB. Tệp được lưu ở dạng mã hóa."
        ),
    )
    valid_until = DateField(
        label=_("Có giá trị đến"),
        required=False,
        help_text=_("Để trống nếu giấy tờ không ghi thời hạn."),
    )

    def clean_file(self) -> CheckedFile:
        return checked_paper(self.cleaned_data["file"])

    def clean_valid_until(self) -> date | None:
        day: date | None = self.cleaned_data["valid_until"]
        if day and day < clock.today():
            raise forms.ValidationError(_("Giấy tờ đã hết hạn. Hãy gửi bản đang có hiệu lực."))
        return day


class ClaimForm(forms.Form):
    """What shows that somebody speaks for an organisation; the paper is needed without a proved address."""

    kind = CodeField(label=_("Loại giấy tờ"), choices=lambda: paper_choices(), required=False)
    file = forms.FileField(
        label=_("Tệp"),
        required=False,
        help_text=_(
            "Giấy giới thiệu, giấy ủy quyền hoặc giấy tờ của tổ chức. Tệp được lưu ở dạng mã hóa, chỉ cán bộ sàn xem."
        ),
    )
    note = TextField(
        label=_("Lời nhắn cho cán bộ sàn"),
        required=False,
        max_length=1000,
        help_text=_("Bạn làm gì ở tổ chức, cán bộ sàn gọi ai để hỏi."),
        widget=forms.Textarea(attrs={"rows": 3, "data-count": ""}),
    )

    def clean_file(self) -> CheckedFile | None:
        upload = self.cleaned_data["file"]
        return checked_paper(upload) if upload else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("file") and not cleaned.get("kind"):
            self.add_error("kind", _("Hãy chọn loại giấy tờ."))
        return cleaned


def paper_choices() -> list[tuple[str, str]]:
    papers = verification_rules.edition_on().papers
    return [(code, str(words)) for code, words in papers.items()]


def checked_paper(upload: UploadedFile) -> CheckedFile:
    """A document, or a photograph of one. Raises ValidationError in the words of what is wrong."""
    guessed = filetype.guess(upload.read(8192))
    upload.seek(0)
    check = check_image if guessed and guessed.mime in IMAGE_FORMATS else check_document
    try:
        return check(upload)
    except UploadRejected as error:
        raise forms.ValidationError(str(error.message)) from error
