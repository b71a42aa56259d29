"""What a match's card shows, kept with the match: codes and sentences, words come at display."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from marketplace.matching.models import Match
from marketplace.matching.scoring import Evidence, LeftOut, Scored
from marketplace.matching.scoring.reasons import element_text, reason_text
from marketplace.research.models import Result

_LEVELS = {"strong": 3, "good": 2, "weak": 1}
_VERDICTS = {"met": "met", "partly": "near", "unmet": "missed", "unknown": "unknown"}
_QUOTES = 2


def explanation_of(scored: Scored) -> dict[str, Any]:
    """Plain values for the row, from which `card` makes the reader's words."""
    return {
        "reasons": [
            {"code": r.code, "params": dict(r.params), "evidence": _evidence(r.evidence)}
            for r in scored.reasons
        ],
        "elements": [asdict(fit) | {"evidence": None} for fit in scored.elements],
        "specifications": [
            {"name": s.name, "required": s.required, "offered": s.offered, "fit": s.fit}
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


def _evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    return {
        "text": evidence.text,
        "spans": [list(span) for span in evidence.spans],
        "place": evidence.place,
    }


def card(match: Match) -> dict[str, Any]:
    """The match card's parameters, in the active language."""
    candidate = match.candidate
    explanation = match.explanation
    owner = candidate.organization if isinstance(candidate, Result) else candidate.public_owner()
    archive = getattr(candidate, "archive_number", "")
    specifications = explanation.get("specifications", [])
    return {
        "match": match,
        "rank": match.rank,
        "kind": match.kind,
        "title": candidate.title,
        "url": candidate.get_absolute_url(),
        "by": str(owner) if owner else "",
        "year": getattr(candidate, "year", None),
        "trl": candidate.trl,
        "seals": [_("Số hồ sơ lưu %(number)s") % {"number": archive}] if archive else [],
        "fit_level": _LEVELS[match.band],
        "fit_label": match.get_band_display(),
        "elements": [
            {
                "text": element_text(e["kind"], e["text"], met=e["met"]),
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
            }
            for s in specifications
        ],
        "reasons": reasons(match),
        "clock": (
            _("Tổ chức này chưa có tài khoản trên sàn: cán bộ sàn đang liên hệ giúp bạn")
            if owner and not owner.is_claimed
            else ""
        ),
    }


def reasons(match: Match) -> list[str]:
    return [reason_text(r["code"], r["params"]) for r in match.explanation.get("reasons", [])]


def _quotes(match: Match) -> list[dict[str, Any]]:
    """The sentences that prove it, each once, the telling ones first."""
    found: dict[str, dict[str, Any]] = {}
    for reason in match.explanation.get("reasons", []):
        evidence = reason["evidence"]
        if not evidence or evidence["text"] in found:
            continue
        spans = tuple((start, end) for start, end in evidence["spans"])
        parts = Evidence(evidence["text"], spans, evidence["place"]).parts()
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


def _source(match: Match) -> str:
    return _("Tóm tắt kết quả") if match.kind == "result" else _("Thông tin của bên chào bán")


def _language(match: Match) -> str:
    return match.candidate.language or "vi"
