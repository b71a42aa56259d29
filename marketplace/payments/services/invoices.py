"""Statutory e-invoices, issued elsewhere: their number, code and XML are kept."""

import hashlib
from datetime import date
from typing import Final

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from lxml import etree

from marketplace.accounts.models import User
from marketplace.core import audit
from marketplace.core.errors import DomainError, UploadRejected
from marketplace.payments.models import Payment, TaxInvoice

_MOST: Final = 5 * 1024 * 1024


def keep_invoice(
    payment: Payment,
    *,
    series: str,
    number: str,
    authority_code: str = "",
    issued_on: date,
    xml: bytes = b"",
    by: User,
) -> TaxInvoice:
    """Raises UploadRejected where the file is no XML, DomainError where this invoice is there already."""
    if xml:
        _check(xml)
    invoice = TaxInvoice(
        payment=payment,
        series=series.strip(),
        number=number.strip(),
        authority_code=authority_code.strip(),
        issued_on=issued_on,
        sha256=hashlib.sha256(xml).hexdigest() if xml else "",
        added_by=by,
    )
    if xml:
        invoice.file.save("x.xml", ContentFile(xml), save=False)
    try:
        with transaction.atomic():
            invoice.save()
            audit.record("invoice.kept", f"taxinvoice:{invoice.public_id}", by=by)
    except IntegrityError as error:
        if xml:
            invoice.file.storage.delete(str(invoice.file.name))
        raise DomainError(_("Hóa đơn này đã được lưu.")) from error
    return invoice


def _check(xml: bytes) -> None:
    if len(xml) > _MOST or b"<!DOCTYPE" in xml.upper() or b"<!ENTITY" in xml.upper():
        raise UploadRejected(_("Chỉ nhận tệp XML hóa đơn, dưới 5 MB, không có DOCTYPE."))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise UploadRejected(_("Tệp này không phải XML.")) from error
