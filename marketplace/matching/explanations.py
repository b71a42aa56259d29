"""What a match's card shows, kept with the match: codes and sentences, words come at display."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.accounts.supply import supply_kinds
from marketplace.matching.curating import staff_words
from marketplace.matching.models import Match, MatchRun
from marketplace.matching.scoring import Evidence, LeftOut, Scored
from marketplace.matching.scoring.reasons import (
    FACTOR_LABELS,
    WORD_LABELS,
    element_text,
    reason_text,
)

_LEVELS = {"strong": 3, "good": 2, "weak": 1}
_VERDICTS = {"met": "met", "partly": "near", "unmet": "missed", "unknown": "unknown"}
_QUOTES = 2
#: Of what a candidate lacks, so much is named.
_MISSING = 3


def explanation_of(scored: Scored) -> dict[str, Any]:
    """Plain values for the row, from which `card` makes the reader's words."""
    return {
        "reasons": [
            {"code": r.code, "params": dict(r.params), "evidence": _evidence(r.evidence)}
            for r in scored.reasons
        ],
        "elements": [asdict(fit) | {"evidence": None} for fit in scored.elements],
        "specifications": [
            {
                "name": s.name,
                "required": s.required,
                "offered": s.offered,
                "fit": s.fit,
                "beside": s.beside,
            }
            for s in scored.specifications
        ],
        "components": dict(scored.components),
        "similar": [
            {"kind": one.kind, "key": one.key, "because": one.because} for one in scored.similar
        ],
    }


def left_out_of(one: LeftOut) -> dict[str, Any]:
    """Plain values for the run: who, and by which condition with which sentence."""
    return {
        "kind": one.candidate.kind,
        "key": one.candidate.key,
        "code": one.reason.code,
        "params": dict(one.reason.params),
        "evidence": _evidence(one.reason.evidence),
    }


def nearest_of(scored: Scored) -> dict[str, Any]:
    """Plain values for the run: what came near though it does not answer, by what, and what it lacks."""
    first = scored.reasons[0]
    return {
        "kind": scored.candidate.kind,
        "key": scored.candidate.key,
        "code": first.code,
        "params": dict(first.params),
        "evidence": _evidence(first.evidence),
        "missing": [fit.text for fit in scored.elements if not fit.met][:_MISSING],
    }


def _evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    evidence = evidence.excerpt()
    return {
        "text": evidence.text,
        "spans": [list(span) for span in evidence.spans],
        "place": evidence.place,
    }


Named = Mapping[tuple[str, str], Any]


def named(explanations: Iterable[Mapping[str, Any]]) -> Named:
    """The public rows behind kind and key of what these dicts name: one query a kind, whatever their
    number. What left meanwhile is not among them."""
    keys: dict[str, set[str]] = {}
    for one in explanations:
        keys.setdefault(one["kind"], set()).add(one["key"])
    found: dict[tuple[str, str], Any] = {}
    for code, kind in supply_kinds().items():
        if code in keys:
            for row in kind.rows().filter(public_id__in=keys[code]):
                found[code, row.public_id] = row
    return found


def searched_words(searched: Mapping[str, int]) -> str:
    """How much of each kind was searched: "58.430 kết quả nghiên cứu, 12 công nghệ và 3 thiết bị"."""
    told = [
        kind.counted(searched[code])
        for code, kind in supply_kinds().items()
        if code in searched and (searched[code] or not kind.is_under_way)
    ]
    return get_text_list(told, pgettext("hai vế cuối của một dãy", "và"))


def left_out(run: MatchRun, rows: Named) -> list[dict[str, Any]]:
    """What a condition of the need left out, with the condition in words and the sentence."""
    return _rows_told(run.left_out, rows)


def nearest(run: MatchRun, rows: Named) -> list[dict[str, Any]]:
    """Where nothing answers: what came nearest, by what, and which elements of the need it lacks."""
    return _rows_told(run.nearest, rows)


def _rows_told(told: Iterable[Mapping[str, Any]], rows: Named) -> list[dict[str, Any]]:
    shown = []
    for one in told:
        row = rows.get((one["kind"], one["key"]))
        if row is None:
            continue
        evidence = one["evidence"]
        shown.append(
            {
                "kind": one["kind"],
                "title": row.title,
                "url": row.get_absolute_url(),
                "lang": language_of(row),
                "reason": reason_text(one["code"], one["params"]),
                "parts": fragments(evidence) if evidence else [],
                "missing": one.get("missing", ()),
            }
        )
    return shown


def score_parts(match: Match) -> list[dict[str, str]]:
    """What the score is made of: shares of it by words, then what moved it up or down."""
    components = match.explanation.get("components", {})
    words = {name: components[name] for name in WORD_LABELS if components.get(name)}
    whole = sum(words.values()) or 1.0
    shares = [
        {"label": str(WORD_LABELS[name]), "value": f"{100 * part / whole:.0f} %"}
        for name, part in sorted(words.items(), key=lambda item: -item[1])
    ]
    return shares + [
        {"label": str(FACTOR_LABELS[name]), "value": f"{_signed(100 * components[name])} %"}
        for name in FACTOR_LABELS
        if components.get(name)
    ]


def _signed(number: float) -> str:
    digits = 0 if abs(number) >= 1 else 1
    return f"{number:+.{digits}f}".replace("-", "−").replace(".", ",")


def card(match: Match, rows: Named | None = None) -> dict[str, Any]:
    """The match card's parameters, in the active language. `rows` are of `named`."""
    candidate, kind = match.candidate, match.kind_of_supply
    explanation = match.explanation
    said = kind.card(candidate)
    owner = said.owner
    specifications = explanation.get("specifications", [])
    return {
        "match": match,
        "rank": match.rank,
        "kind": match.kind,
        "noun": kind.noun,
        "opens": kind.opens,
        "is_under_way": kind.is_under_way,
        "is_good_enough": match.is_good_enough,
        "standing": said.standing,
        "title": candidate.title,
        "url": candidate.get_absolute_url(),
        "by": str(owner) if owner else "",
        "year": said.year,
        "trl": said.trl,
        "seals": list(said.seals),
        "fit_level": _LEVELS[match.band],
        "fit_label": match.get_band_display(),
        "elements": [
            {
                # Rows of before this was kept have no other name.
                "text": element_text(
                    e["kind"], e["text"], met=e["met"], called=e.get("called", "")
                ),
                "state": "met" if e["met"] else "open",
            }
            for e in explanation.get("elements", [])
        ],
        "evidence": _quotes(match),
        "specs": [
            {
                "name": s["name"],
                "required": s["required"],
                "offered": s["offered"],
                "verdict": _VERDICTS[s["fit"]],
                # Rows of before this was kept have none.
                "beside": s.get("beside", ""),
            }
            for s in specifications
        ],
        "reasons": reasons(match),
        "parts": score_parts(match),
        "chance": round(100 * match.probability),
        "similar": _folded(explanation, rows or {}, "text"),
        "of_the_same": _folded(explanation, rows or {}, "organization"),
        "staff": staff_words(match),
        "clock": (
            _("Tổ chức này chưa có tài khoản trên sàn: cán bộ sàn đang liên hệ giúp bạn")
            if owner and not owner.is_claimed and kind.invites
            else ""
        ),
    }


def _folded(
    explanation: Mapping[str, Any], rows: Mapping[tuple[str, str], Any], because: str
) -> list[dict[str, str]]:
    """What stands behind a match, since it says nearly the same or is one more of the same organisation."""
    return [
        {"title": row.title, "url": row.get_absolute_url(), "lang": language_of(row)}
        for one in explanation.get("similar", [])
        if one["because"] == because and (row := rows.get((one["kind"], one["key"]))) is not None
    ]


def levels(band: str) -> int:
    """How many of three bars a band fills."""
    return _LEVELS[band]


def reasons(match: Match) -> list[str]:
    return [reason_text(r["code"], r["params"]) for r in match.explanation.get("reasons", [])]


def _quotes(match: Match) -> list[dict[str, Any]]:
    """The sentences that prove it, each once, the telling ones first."""
    found: dict[str, dict[str, Any]] = {}
    for reason in match.explanation.get("reasons", []):
        evidence = reason["evidence"]
        if not evidence or evidence["text"] in found:
            continue
        parts = fragments(evidence)
        source = _("Tên") if evidence["place"] == "title" else _source(match)
        found[evidence["text"]] = {
            "parts": parts,
            "source": source,
            "lang": _language(match),
            "place": evidence["place"],
        }
    # The title stands above already: it proves something only where no sentence does.
    sentences = [quote for quote in found.values() if quote["place"] != "title"]
    return (sentences or list(found.values()))[:_QUOTES]


def fragments(evidence: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """A kept sentence in pieces, each with whether it is highlighted."""
    spans = tuple((start, end) for start, end in evidence["spans"])
    return Evidence(evidence["text"], spans, evidence["place"]).parts()


def _source(match: Match) -> str:
    return str(match.kind_of_supply.quoted)


def _language(match: Match) -> str:
    return match.candidate_language


def language_of(row: Any) -> str:
    """Of its title; rows that do not say are in Vietnamese."""
    return getattr(row, "language", "") or "vi"
