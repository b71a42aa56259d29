"""How the page of a contract shows the digital signatures that were found in a signed copy."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization
from marketplace.core import clock
from marketplace.deals.models import Deal, SignedCopy

#: State of a signature → what it means, and its tone.
STATES: Final[dict[str, tuple[Any, str]]] = {
    "good": (_("Hợp lệ"), "good"),
    "unknown": (_("Còn nguyên, chưa xác nhận được người ký"), "warn"),
    "unfit": (_("Chứng thư hết hạn hoặc không dùng để ký"), "care"),
    "revoked": (_("Chứng thư đã bị thu hồi"), "care"),
    "changed": (_("Tệp bị sửa sau khi ký"), "care"),
    "broken": (_("Không khớp với tệp"), "care"),
    "unread": (_("Kiểu chữ ký sàn không đọc được"), "open"),
}
#: Whether the pages are those that the exchange had handed out.
PAPERS: Final[dict[str, tuple[Any, str]]] = {
    "same": (_("Đúng bản PDF của hợp đồng này, chỉ thêm chữ ký"), "good"),
    "altered": (_("Bản PDF của sàn đã bị sửa trước khi ký"), "care"),
    "other": (_("Không phải bản PDF do sàn cấp: hãy đọc so với văn bản ở trên"), "warn"),
}


@dataclass(frozen=True, slots=True)
class ShownSignature:
    label: Any
    tone: str
    name: str
    organization: str
    #: The side of the deal that has the tax code in the certificate.
    side: Organization | None
    tax_code: str
    issuer: str
    at: datetime | None
    #: The time is a trusted time stamp's, not what the signer's computer said.
    is_stamped: bool
    #: Why the signer is not vouched for: no root is known that the certificate hangs on.
    is_unknown: bool


def shown_signatures(copy: SignedCopy, deal: Deal) -> list[ShownSignature]:
    return [_shown(one, deal) for one in copy.checked.get("signatures", [])]


def _shown(one: dict[str, Any], deal: Deal) -> ShownSignature:
    label, tone = STATES[one["state"]]
    at = one["stamped_at"] or one["claimed_at"]
    sides = {side.tax_code: side for side in (deal.seller, deal.buyer) if side.tax_code}
    return ShownSignature(
        label=label,
        tone=tone,
        name=one["name"],
        organization=one["organization"],
        side=sides.get(one["tax_code"]) if one["state"] in ("good", "unknown") else None,
        tax_code=one["tax_code"],
        issuer=one["issuer"],
        at=datetime.fromisoformat(at).astimezone(clock.VIETNAM) if at else None,
        is_stamped=bool(one["stamped_at"]),
        is_unknown=one["state"] == "unknown",
    )
