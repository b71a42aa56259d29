"""Submissions and papers as tests need them."""

import io
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter

from marketplace.accounts import services
from marketplace.core.uploads import check_document

FACTS = {
    "name": "Công ty Cổ phần Cơ khí Tân Phú",
    "kind": "enterprise",
    "country_code": "VN",
    "tax_code": "0100047516",
    "registration_number": "0100047516",
    "registered_on": "2019-03-05",
    "registered_by": "Sở Kế hoạch và Đầu tư TP Hồ Chí Minh",
    "representative": "Trần Thị Đại Diện",
    "province_code": "79",
    "address": "12 đường Thử Nghiệm, phường Bến Thành",
    "economic_type": "private",
}
CHECKS = ["name", "number", "representative", "people", "single"]


def pdf_file(name="dang-ky.pdf"):
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return SimpleUploadedFile(name, out.getvalue(), "application/pdf")


def submitted(organization, by, *, valid_until=None, **changes):
    """A complete submission that waits for staff."""
    row = services.begin_verification(organization, by=by)
    facts = {name: value for name, value in (FACTS | changes).items() if name != "registered_on"}
    row = services.save_facts(
        row, by=by, registered_on=date.fromisoformat((FACTS | changes)["registered_on"]), **facts
    )
    services.add_evidence(
        row,
        kind="business_registration",
        checked=check_document(pdf_file()),
        by=by,
        valid_until=valid_until,
    )
    return services.submit_verification(row, by=by)
