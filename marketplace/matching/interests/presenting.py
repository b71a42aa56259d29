"""What pages say of an interest and of what was found for it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.templatetags.design import money
from marketplace.matching.explanations import fragments, language_of, levels
from marketplace.matching.models import Interest, InterestMatch
from marketplace.matching.models.interests import NEED
from marketplace.matching.scoring.reasons import TEMPLATES, reason_text
from marketplace.taxonomy.labels import label

#: Reasons that speak of a need are said of an interest in words of their own.
_WORDS = {
    **TEMPLATES,
    "meaning": gettext_lazy("Gần nghĩa với điều bạn quan tâm, dù dùng từ khác"),
    "title": gettext_lazy("Tên nêu đúng điều bạn quan tâm: %(phrases)s"),
    "elements": gettext_lazy("Nói đến %(met)s trong %(all)s điều bạn nêu: %(names)s"),
    "exclusion_used": gettext_lazy("Có %(phrase)s, điều bạn loại trừ"),
    "lessening_opposed": gettext_lazy("Làm tăng %(phrase)s, điều bạn muốn giảm"),
}
_QUOTES = 2


def interest_card(row: InterestMatch) -> dict[str, Any]:
    """As the card of a match; the rank among others is not shown."""
    found, is_need = row.candidate, row.kind == NEED
    said = None if is_need else row.kind_of_supply.card(found)
    owner = found.public_owner() if is_need else said.owner if said else None
    return {
        "row": row,
        "kind": row.kind,
        "title": found.title,
        "url": found.get_absolute_url(),
        "lang": language_of(found),
        "by": str(owner) if owner else "",
        "year": said.year if said else None,
        "trl": said.trl if said else None,
        "seals": list(said.seals) if said else [],
        "standing": said.standing if said else "",
        "fit_level": levels(row.band),
        "fit_label": row.get_band_display(),
        "deadline": found.deadline if is_need else None,
        "reasons": [
            reason_text(one["code"], one["params"], _WORDS)
            for one in row.explanation.get("reasons", [])
        ],
        "evidence": _quotes(row),
    }


def _quotes(row: InterestMatch) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for reason in row.explanation.get("reasons", []):
        evidence = reason["evidence"]
        if evidence and evidence["place"] != "title" and evidence["text"] not in found:
            found[evidence["text"]] = {
                "parts": fragments(evidence),
                "source": "",
                "lang": language_of(row.candidate),
            }
    return list(found.values())[:_QUOTES]


def narrowing_words(interest: Interest) -> list[tuple[str, str]]:
    """What narrows an interest: heading and words; nothing where nothing does."""
    told = [
        (_("Lĩnh vực"), _labels("st-fields", interest.field_codes)),
        (_("Tỉnh, thành phố"), _labels("provinces", interest.province_codes)),
        (_("Loại nhu cầu"), _labels("need-kinds", interest.need_kinds)),
        (_("Ngân sách từ"), money(interest.budget_least) if interest.budget_least else ""),
    ]
    return [(heading, words) for heading, words in told if words]


def unwanted_words(interest: Interest) -> list[str]:
    return [
        *(label("need-kinds", code) for code in interest.unwanted_kinds),
        *(label("st-fields", code) for code in interest.unwanted_fields),
        *(f"“{phrase}”" for phrase in interest.unwanted_words),
    ]


def _labels(scheme: str, codes: Sequence[str]) -> str:
    return "; ".join(label(scheme, code) for code in codes)
