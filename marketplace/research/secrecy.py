"""State secrets never enter: what has a level other than "normal" is refused before it is kept."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from marketplace.core.errors import DomainError
from marketplace.core.text import fold

#: The key under which callers give the level of a record; there is no column to put it in.
SECRECY: Final = "secrecy"
_NORMAL: Final = frozenset({"", "binh thuong", "thuong", "normal"})


class Classified(DomainError):
    """The record has a secrecy level other than "normal". The message repeats nothing of it."""


def refuse_classified(values: Mapping[str, Any]) -> None:
    """Raises Classified where the level is any but "normal": one nobody foresaw is refused too."""
    level = values.get(SECRECY)
    if level is None:
        return
    if not isinstance(level, str) or " ".join(fold(level).split()) not in _NORMAL:
        raise Classified(
            _(
                "Hồ sơ có mức độ bảo mật khác “Bình thường” nên không được nhận vào hệ thống mở. "
                "Hãy gửi theo quy định về bảo vệ bí mật nhà nước."
            )
        )
