"""Names for stored codes. Listings keep codes, pages show names: a list of cards asks for dozens.

A process keeps the names of a scheme for a minute, so that they cost no query a card. All editions
are looked at, the one in use first, since an old record keeps a code the new edition may not have.
"""

import time
from collections.abc import Iterable

from django.utils.translation import get_language

from marketplace.taxonomy.codes import parse_code
from marketplace.taxonomy.models import Term, Vocabulary
from marketplace.taxonomy.shipped import load_shipped, shipped_vocabularies

FRESH_SECONDS = 60

_names: dict[str, tuple[float, dict[str, tuple[str, str]]]] = {}


def forget_labels() -> None:
    _names.clear()


def _names_of(scheme: str) -> dict[str, tuple[str, str]]:
    fresh_until, names = _names.get(scheme, (0.0, {}))
    if time.monotonic() < fresh_until:
        return names
    editions = list(Vocabulary.objects.named(scheme).in_preference().values_list("pk", flat=True))
    names = {}
    for edition in reversed(editions):
        rows = Term.objects.filter(vocabulary=edition).values_list("code", "label_vi", "label_en")
        names |= {code: (vi or en, en or vi) for code, vi, en in rows}
    if not names:
        # Not loaded yet (a new installation, a test): the files have the same names.
        names = _shipped_names(scheme)
    _names[scheme] = (time.monotonic() + FRESH_SECONDS, names)
    return names


def _shipped_names(scheme: str) -> dict[str, tuple[str, str]]:
    if not any(scheme in (v.code, v.scheme) for v in shipped_vocabularies()):
        return {}
    return {t.code: (t.label("vi"), t.label("en")) for t in load_shipped(scheme)}


def label(scheme: str, code: str, language: str = "") -> str:
    """The name of a code, however it is written; the code itself where nobody knows it."""
    known = _names_of(scheme)
    if code not in known and known:
        code = parse_code(scheme, code) or code
    if code not in known:
        return code
    names = known[code]
    return names[1 if (language or get_language() or "vi").startswith("en") else 0]


def labels(scheme: str, codes: Iterable[str], language: str = "") -> list[str]:
    return [label(scheme, code, language) for code in codes]
