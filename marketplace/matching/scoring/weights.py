"""The weights of the score: data with a version, of which this is the shape.

What is in force is a row (`matching.weighing`); what the project ships is a file beside it, fitted by
`manage.py fit_weights` on all development sets together. docs/quality.md says what each part adds.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from search.ranking.lexical import between

SHIPPED: Final = Path(__file__).resolve().parent.parent / "weights" / "shipped.json"

Tongue = Literal["vi", "en"]


_CALIBRATIONS: Final = ("calibration", "calibration_with_meaning")
_NESTED: Final = frozenset({"short", "long", *_CALIBRATIONS})
#: Those of one weight for short questions and one for whole texts.
_SLIDING: Final = frozenset({"semantic", "sentences"})


class WeightsRefused(ValueError):
    """The data is no set of weights: a name is unknown or missing, or a value is no number."""


@dataclass(frozen=True, slots=True)
class Lexical:
    """What each lexical component adds, in units of what all words of the need are worth; 0 removes
    it. One for short questions and one for whole texts; between them they slide (`between`)."""

    #: The engine's own score of the whole text, the best candidate's being 1.
    engine: float
    #: BM25 of single terms, of neighbours, of the best passage, of the title.
    words: float
    pairs: float
    passage: float
    title: float
    #: Likeness to the first hits, the best candidate's being 1.
    feedback: float
    #: BM25's saturation and its punishment of length: many words find something in every long text.
    k1: float
    b: float
    #: Power of a term's rarity: a text says much beside its point.
    rarity: float

    def towards(self, other: "Lexical", share: float) -> "Lexical":
        return Lexical(
            *(
                between(share, getattr(self, part.name), getattr(other, part.name))
                for part in fields(self)
            )
        )


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic: the probability that a reader finds a candidate useful, from what it was ranked by.

    Fitted by `manage.py fit_weights --calibrate` on judged pairs, checked by cross-validation.
    """

    intercept: float = -3.0
    coefficients: Mapping[str, float] = field(default_factory=dict)
    #: From here a match is called good, and strong.
    good_from: float = 0.5
    strong_from: float = 0.75
    #: Where the best is less likely than this, nothing is good enough.
    abstain_below: float = 0.2


@dataclass(frozen=True, slots=True)
class Weights:
    version: str
    #: By language, for short questions and for whole texts.
    short: Mapping[str, Lexical]
    long: Mapping[str, Lexical]
    calibration: Calibration
    #: The same where likeness of meaning is told too; without it that of words alone serves.
    calibration_with_meaning: Calibration | None = None
    #: Distinct terms up to which a question is short, and from which it is a text.
    short_terms: int = 24
    long_terms: int = 80
    passage_length: int = 15
    #: What was typed with marks is met without them, or with others, at this share.
    other_marks: float = 0.1
    #: Words that ask and words of grammar.
    asking: float = 0.5
    grammar: float = 0.75
    #: The need's title says in few words what its text says in many.
    title_of_need: float = 4.0
    #: Other spellings and the other language: less sure than the need's own words.
    other_language: float = 0.9
    #: Likeness of meaning, where a source of it is installed: of short questions, of whole texts.
    semantic: float = 0.0
    semantic_long: float = 0.0
    #: Of the first candidates, likeness of the need's nearest sentence, in units of the best one's score:
    #: of short questions, of whole texts.
    sentences: float = 0.0
    sentences_long: float = 0.0

    # Parts that move the lexical score up or down, as factors of 1 + their sum.
    #: Share of the need's elements (material, method, …) that the candidate names.
    elements: float = 0.05
    #: Required figures met; unmet ones count against more than met ones for: a machine with a tenth
    #: of the capacity is no answer however well it is described.
    specifications_met: float = 0.15
    specifications_unmet: float = -0.2
    #: Whether the capacity of what names no product that is asked for is left aside (1) or compared (0).
    products: float = 1.0
    #: Same field of science and technology, by the share of the code that agrees.
    fields: float = 0.12
    readiness_met: float = 0.04
    #: For each level that is missing.
    readiness_missed: float = -0.05
    #: Nobody can have it yet, however good it will be: more than freshness, proof and the rest of the
    #: facts that speak for what exists can make up for.
    under_way: float = -0.15
    province: float = 0.03
    budget_exceeded: float = -0.15
    #: New rather than old: from now down to nothing over fifteen years.
    freshness: float = 0.02
    #: What can be checked: a registered result, numbers of intellectual property.
    evidence: float = 0.02
    #: The organisation answers those who write to it.
    answers: float = 0.02
    #: The candidate relies on what the need does without, denies an element of it, or makes more of
    #: what is to be less: half its worth, so that many shared words do not carry it to the front.
    opposed: float = -0.5
    #: It does without what the need excludes.
    exclusion_shared: float = 0.08

    def lexical(self, language: str, share: float) -> Lexical:
        tongue: Tongue = "en" if language == "en" else "vi"
        return self.short[tongue].towards(self.long[tongue], share)

    def without(self, part: str) -> "Weights":
        """The same with one component removed, for the ablation."""
        if part in {one.name for one in fields(Lexical)}:
            return replace(
                self,
                short={t: replace(end, **{part: 0.0}) for t, end in self.short.items()},
                long={t: replace(end, **{part: 0.0}) for t, end in self.long.items()},
            )
        parts = (part, f"{part}_long") if part in _SLIDING else (part,)
        nothing: dict[str, Any] = dict.fromkeys(parts, 0.0)
        return replace(self, **nothing)

    def to_data(self) -> dict[str, Any]:
        return {
            **{
                part.name: getattr(self, part.name)
                for part in fields(self)
                if part.name not in _NESTED
            },
            "short": {tongue: asdict(end) for tongue, end in self.short.items()},
            "long": {tongue: asdict(end) for tongue, end in self.long.items()},
            "calibration": asdict(self.calibration),
            **(
                {"calibration_with_meaning": asdict(self.calibration_with_meaning)}
                if self.calibration_with_meaning is not None
                else {}
            ),
        }


def read_weights(data: Mapping[str, Any]) -> Weights:
    """
    Raises:
        WeightsRefused: a name is unknown or missing, or a value is no number.
    """
    # Older versions had one weight of meaning for both, and knew of no work under way and no sentences, and
    # counted every capacity.
    values = {
        "semantic_long": data.get("semantic", 0.0),
        "sentences": 0.0,
        "sentences_long": 0.0,
        "under_way": -0.15,
        "products": 0.0,
        **data,
    }
    try:
        ends = {
            name: {tongue: _plain(Lexical, values[name][tongue]) for tongue in ("vi", "en")}
            for name in ("short", "long")
        }
        told: dict[str, Calibration | None] = {
            name: _calibration(values[name])
            for name in _CALIBRATIONS
            if name == "calibration" or name in values
        }
        version = str(values["version"])
    except (KeyError, TypeError, AttributeError) as error:
        raise WeightsRefused(f"{error} is missing or of another shape") from error
    if not version:
        raise WeightsRefused("a version is missing")
    rest = {name: value for name, value in values.items() if name not in {"version", *_NESTED}}
    told.setdefault("calibration_with_meaning", None)
    return _plain(Weights, rest, version=version, **told, **ends)


def _calibration(values: Mapping[str, Any]) -> Calibration:
    rest = dict(values)
    coefficients = {name: _number(name, value) for name, value in rest.pop("coefficients").items()}
    return _plain(Calibration, rest, coefficients=coefficients)


def _plain(kind: Any, values: Mapping[str, Any], **given: Any) -> Any:
    wanted = {one.name: one for one in fields(kind) if one.name not in given}
    unknown, missing = values.keys() - wanted.keys(), wanted.keys() - values.keys()
    if unknown or missing:
        raise WeightsRefused(f"{kind.__name__}: {', '.join(sorted(unknown | missing))}")
    numbers = {name: _number(name, value) for name, value in values.items()}
    whole = {
        name: int(value) if wanted[name].type in {int, "int"} else value
        for name, value in numbers.items()
    }
    return kind(**whole, **given)


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        raise WeightsRefused(f"{name} is no number")
    return float(value)


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    return read_weights(json.loads(SHIPPED.read_text(encoding="utf-8")))


DEFAULT_WEIGHTS: Final = shipped_weights()
