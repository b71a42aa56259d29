"""Other profiles that may be of the same organisation."""

import re
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.lookalikes import skeleton
from marketplace.accounts.models import Organization
from marketplace.accounts.names import organization_key
from marketplace.accounts.tax_codes import root_of
from marketplace.core.text import fold

#: How many names that share most words with the one in question are compared letter by letter.
_COMPARED: Final = 200
_WORD: Final = re.compile(r"[^\W_]+")
#: Words of names that thousands have; they find nobody (in the short forms of `names`).
_COMMON: Final = frozenset({
    "cty", "cp", "tnhh", "mtv", "tm", "dv", "sx", "tmdv", "tcty", "dn", "htx", "vien", "truong", "dh",
    "tt", "va", "khcn", "cong", "nghe", "xay", "dung", "dau", "tu",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Duplicate:
    organization: Organization
    why: str  # "tax_code", "tax_root" or "name"

    @property
    def words(self) -> str | Promise:
        return _WHY[self.why]


_WHY: Final = {
    "tax_code": _("cùng mã số thuế"),
    "tax_root": _("cùng 10 số đầu của mã số thuế: đơn vị mẹ hoặc đơn vị phụ thuộc"),
    "name": _("tên chỉ khác dấu, dạng viết tắt hoặc chữ trông giống nhau"),
}


def find_duplicates(organization: Organization, *, name: str, tax_code: str) -> list[Duplicate]:
    """Others with the same tax code, of the same enterprise, or whose name looks like this one."""
    others = Organization.objects.exclude(pk=organization.pk)
    found: dict[int, Duplicate] = {}
    if tax_code:
        root = root_of(tax_code)
        same = Q(tax_code=tax_code) | Q(tax_code=root) | Q(tax_code__startswith=f"{root}-")
        for row in others.filter(same).order_by("pk")[:_COMPARED]:
            found[row.pk] = Duplicate(row, "tax_code" if row.tax_code == tax_code else "tax_root")
    wanted = _shape(name)
    for words in _searches(name):
        for row in others.named_like(words).order_by("pk")[:_COMPARED]:
            if row.pk not in found and _shape(row.name) == wanted:
                found[row.pk] = Duplicate(row, "name")
    return sorted(found.values(), key=lambda one: (list(_WHY).index(one.why), one.organization.pk))


def _shape(name: str) -> str:
    return organization_key(skeleton(name))


def _searches(name: str) -> list[str]:
    """The name's own words, and the same without each in turn: a disguised word is not in the index."""
    words = [word for word in _WORD.findall(fold(organization_key(name))) if word not in _COMMON]
    words = list(dict.fromkeys(words))[:6]
    if not words:
        return []
    left_out = [" ".join(words[:at] + words[at + 1 :]) for at in range(len(words))]
    return [" ".join(words), *(text for text in left_out if len(text) > 2)]
