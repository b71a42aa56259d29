"""Whether a listing speaks of technology whose transfer the law prohibits or restricts.

The lists are vocabularies (`taxonomy`), loaded by edition; the phrases that are looked for are the other
names of their terms. A listing on the list in force alone is compared: one that is not loaded, or only in
part, leaves the check open.

Source of the rule: law 07/2017/QH14, articles 10 and 11; decree 76/2018/NĐ-CP, annexes II and III.
"""

import re
from typing import Final

from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.templatetags.design import date_vi
from marketplace.core.text import fold
from marketplace.listings.examining.findings import Evidence, Finding, Level
from marketplace.taxonomy.models import Term, Vocabulary

PROHIBITED: Final = "prohibited-technologies"
RESTRICTED: Final = "restricted-technologies"
_LEVEL_OF_HIT: Final[dict[str, Level]] = {PROHIBITED: "barred", RESTRICTED: "warning"}
_AROUND: Final = 60


def check_technology(text: str) -> list[Finding]:
    """One finding a list, in the order prohibited, restricted."""
    return [_check(scheme, text) for scheme in _LEVEL_OF_HIT]


def _check(scheme: str, text: str) -> Finding:
    edition = _in_force(scheme)
    titles = {
        PROHIBITED: _("Công nghệ cấm chuyển giao"),
        RESTRICTED: _("Công nghệ hạn chế chuyển giao"),
    }
    title = titles[scheme]
    phrases = _phrases(edition) if edition is not None else []
    if edition is None or not phrases:
        waiting = Evidence(
            _("Danh mục đang hiệu lực chưa được nạp: máy chưa đối chiếu, hãy tự đối chiếu."),
            note=edition.legal_basis if edition is not None else "",
        )
        return Finding(f"technology:{scheme}", "unknown", title, (waiting,), _basis(edition))
    hits = tuple(
        Evidence(
            _("“%(phrase)s” trong: …%(around)s…") % {"phrase": phrase, "around": around},
            note=f"{term.code}. {term.label}",
        )
        for phrase, term in phrases
        if (around := _found(phrase, text))
    )
    level: Level = _LEVEL_OF_HIT[scheme] if hits else "clean"
    return Finding(f"technology:{scheme}", level, title, hits, _basis(edition))


def _in_force(scheme: str) -> Vocabulary | None:
    """The edition of today, loaded or not: an older one never stands in for it."""
    today = clock.today()
    editions = Vocabulary.objects.filter(scheme=scheme).in_preference(today)
    return next((one for one in editions if one.is_valid_on(today)), None)


def _phrases(edition: Vocabulary) -> list[tuple[str, Term]]:
    if edition.status in (Vocabulary.Status.NOT_LOADED, Vocabulary.Status.PARTIAL):
        return []
    terms = list(edition.terms.valid_on(clock.today()).order_by("position", "pk"))
    if any(not term.aliases and not term.children.exists() for term in terms):
        # A term that no phrase stands for is not compared: the list as a whole is not.
        return []
    return [(phrase, term) for term in terms for phrase in term.aliases if phrase.strip()]


def _found(phrase: str, text: str) -> str:
    """The words around the first place that says the phrase, whatever its marks and capitals."""
    folded = fold(text)
    words = r"\s+".join(re.escape(word) for word in fold(phrase).split())
    found = re.search(rf"(?<!\w){words}(?!\w)", folded)
    if found is None:
        return ""
    shown = text if len(text) == len(folded) else folded
    piece = shown[max(0, found.start() - _AROUND) : found.end() + _AROUND]
    return " ".join(piece.split())


def _basis(edition: Vocabulary | None) -> str:
    if edition is None:
        return ""
    since = date_vi(edition.valid_from) if edition.valid_from else "–"
    return _("%(name)s, hiệu lực từ %(since)s, %(status)s") % {
        "name": edition.label,
        "since": since,
        "status": edition.get_status_display().lower(),
    }
