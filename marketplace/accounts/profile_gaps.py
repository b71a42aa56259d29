"""What somebody who reads an organisation's page still lacks before they get in touch.

Higher apps register in their `ready()` what of theirs is missing (nothing offered, nobody named).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization

_TELLING = 200


@dataclass(frozen=True, slots=True)
class ProfileGap:
    """`message` is a sentence to the owner; `url` leads to where it can be mended."""

    message: str | Promise
    url: str


FindGaps = Callable[[Organization], Iterator[ProfileGap]]
_finders: list[FindGaps] = []


def register_profile_gaps(find: FindGaps) -> None:
    if find not in _finders:
        _finders.append(find)


def profile_gaps(organization: Organization) -> list[ProfileGap]:
    """In the order in which readers miss them."""
    own = _own(organization)
    return [*own, *(gap for find in _finders for gap in find(organization))]


def _own(organization: Organization) -> Iterator[ProfileGap]:
    edit = reverse("accounts:edit_organization", args=[organization.public_id])
    if not organization.is_verified:
        verification = reverse("accounts:verification", args=[organization.public_id])
        yield ProfileGap(_("Tổ chức có thật không: chưa có dấu xác minh."), verification)
    if len(organization.description) < _TELLING:
        yield ProfileGap(
            _("Tổ chức làm gì, đã làm cho ai: giới thiệu chưa có hoặc dưới 200 chữ cái."), edit
        )
    if not organization.field_codes:
        yield ProfileGap(_("Mạnh ở lĩnh vực nào: chưa chọn lĩnh vực."), edit)
    if not organization.province_code:
        yield ProfileGap(_("Ở đâu: chưa có tỉnh, thành phố."), edit)
    if not organization.website:
        yield ProfileGap(_("Xem thêm ở đâu: chưa có trang web."), edit)
    if not organization.name_en:
        yield ProfileGap(_("Đối tác nước ngoài gọi tên thế nào: chưa có tên tiếng Anh."), edit)
