"""Names that staff read for what can be wrong with the index."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_DRIFT: Final[dict[str, str | Promise]] = {
    "missing": _("Thiếu trong chỉ mục"),
    "outdated": _("Nội dung trong chỉ mục đã cũ"),
    "extra": _("Thừa trong chỉ mục"),
    "unbuildable": _("Không lập được chỉ mục"),
}


def drift_label(kind: str) -> str:
    return str(_DRIFT[kind])
