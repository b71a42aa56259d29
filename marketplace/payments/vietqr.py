"""The text inside a VietQR code: a transfer to one account, with its sum and its content.

The form is EMVCo's: "EMV QR Code Specification for Payment Systems, Merchant-Presented Mode", version 1.1
(objects of two digits, two digits of length and the value; 4.4 for the list, 4.7.3 for the checksum, an
ISO/IEC 13239 CRC with polynomial 1021 and first value FFFF, over everything up to and with "6304"). What
stands in object 38 is NAPAS': "Đặc tả mã QR dịch vụ chuyển nhanh NAPAS247 bằng mã VietQR", version 1.5.2
(A000000727, QRIBFTTA for accounts, BIN and number in a template of their own, purpose in 62-08). No library
that this project keeps writes the form; the checksum is Python's own, the picture qrcode's.
"""

import binascii
import re
from dataclasses import dataclass
from typing import Final

from marketplace.core.text import fold, nfc

NAPAS: Final = "A000000727"
TO_ACCOUNT: Final = "QRIBFTTA"
_MOST: Final = 99
_BIN: Final = re.compile(r"\d{6}")
_NUMBER: Final = re.compile(r"[0-9A-Za-z]{1,19}")
#: 62-08: at most 25 signs, and of those only what every bank's form passes on.
_CONTENT: Final = re.compile(r"[A-Za-z0-9 ]{1,25}")


class NotVietQR(ValueError):
    """What was read or is to be written does not keep to the form."""


@dataclass(frozen=True, slots=True)
class Transfer:
    bank: str
    number: str
    #: Whole dong; None leaves the sum to the payer.
    amount: int | None = None
    content: str = ""


def payload(transfer: Transfer) -> str:
    """The text of the code. Raises NotVietQR where a part cannot stand in one."""
    if not _BIN.fullmatch(transfer.bank) or not _NUMBER.fullmatch(transfer.number):
        raise NotVietQR("bank or number")
    if transfer.amount is not None and not 0 < transfer.amount < 10**13:
        raise NotVietQR("amount")
    if transfer.content and not _CONTENT.fullmatch(transfer.content):
        raise NotVietQR("content")
    account = _object("00", transfer.bank) + _object("01", transfer.number)
    beneficiary = _object("00", NAPAS) + _object("01", account) + _object("02", TO_ACCOUNT)
    parts = [
        _object("00", "01"),
        # 12: made for one payment; 11: a sign on a counter.
        _object("01", "12" if transfer.amount else "11"),
        _object("38", beneficiary),
        _object("53", "704"),
        _object("54", str(transfer.amount)) if transfer.amount else "",
        _object("58", "VN"),
        _object("62", _object("08", transfer.content)) if transfer.content else "",
    ]
    text = "".join(parts) + "6304"
    return text + checksum(text)


def read(text: str) -> Transfer:
    """The transfer a code asks for. Raises NotVietQR for any other code and where the checksum is wrong."""
    body, given = text[:-4], text[-4:]
    if not text.isascii() or not body.endswith("6304") or checksum(body) != given.upper():
        raise NotVietQR("checksum")
    root = _objects(text)
    beneficiary = _objects(root.get("38", ""))
    if beneficiary.get("00") != NAPAS or beneficiary.get("02") != TO_ACCOUNT:
        raise NotVietQR("not to an account")
    account = _objects(beneficiary.get("01", ""))
    amount = root.get("54")
    if amount is not None and not amount.isdigit():
        raise NotVietQR("amount")
    try:
        bank, number = account["00"], account["01"]
    except KeyError as error:
        raise NotVietQR("account") from error
    content = _objects(root.get("62", "")).get("08", "")
    return Transfer(bank, number, int(amount) if amount else None, content)


def checksum(text: str) -> str:
    return f"{binascii.crc_hqx(text.encode('ascii'), 0xFFFF):04X}"


def content_of(words: str) -> str:
    """Words as a transfer can carry them: without marks, letters and digits alone, cut at 25."""
    unmarked = "".join(sign if sign.isascii() else fold(sign) for sign in nfc(words))
    plain = re.sub(r"[^A-Za-z0-9]+", " ", unmarked).strip()
    return plain[:25].strip()


def _object(tag: str, value: str) -> str:
    if len(value) > _MOST:
        raise NotVietQR(f"{tag} is too long")
    return f"{tag}{len(value):02d}{value}"


def _objects(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    position = 0
    while position < len(text):
        tag, size = text[position : position + 2], text[position + 2 : position + 4]
        value = text[position + 4 : position + 4 + int(size)] if size.isdigit() else ""
        if not (tag.isdigit() and size.isdigit() and len(value) == int(size)) or tag in found:
            raise NotVietQR(f"broken at {position}")
        found[tag] = value
        position += 4 + len(value)
    return found
