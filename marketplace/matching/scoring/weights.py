"""The weights of the score, in one place, each with its why. Measured on all development sets of
the reference data together (Vietnamese questions, English abstracts, needs against results); a
value that helped one set and hurt another by more than it gave was not taken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    version: str = "2026.11"

    # --- lexical: BM25 recomputed over the candidates -------------------------------------------
    # A short query wants the usual saturation, a whole need counts repetition longer (k1) and
    # punishes length more (b): its many words find something in every long text. Between the two
    # numbers of distinct terms the parameters slide with the logarithm.
    short_terms: int = 12
    long_terms: int = 60
    k1_short: float = 1.2
    k1_long: float = 2.0
    b_short: float = 0.7
    b_long: float = 0.9
    # Neighbouring pairs. Half of a Vietnamese word is one syllable, so pairs carry the words.
    pairs_vietnamese: float = 0.5
    pairs_short: float = 0.2
    pairs_long: float = 0.6
    # What was typed with diacritics is compared without them too: texts with old or missing marks
    # still count, at this share.
    without_marks: float = 0.5
    # The need's title says in few words what its text says in many.
    title_of_need: float = 4.0
    # Other spellings of what the vocabulary knows, in both languages: less sure than the words
    # of the need, but the only bridge between a Vietnamese need and an English result.
    other_language: float = 0.9

    # --- parts that move the lexical score up or down (factors of 1 + sum) ------------------------
    # The title of a candidate names what it is about.
    title: float = 0.25
    # Share of the need's elements (material, method, …) that the candidate names.
    elements: float = 0.05
    # Required figures met; unmet ones count against more than met ones for: a machine with a tenth
    # of the capacity is no answer however well it is described.
    specifications_met: float = 0.15
    specifications_unmet: float = -0.2
    # Same field of science and technology, by the share of the code that agrees.
    fields: float = 0.12
    # Readiness reached, or missed by so many levels.
    readiness_met: float = 0.04
    readiness_missed: float = -0.05
    province: float = 0.03
    budget_exceeded: float = -0.15
    # The candidate relies on what the need excludes: it falls below what does not.
    exclusion: float = -0.5
    exclusion_shared: float = 0.08

    # --- absolute meaning ------------------------------------------------------------------------
    # Probability that a reader finds the candidate useful: logistic over the logarithm of the
    # score, which is relative to what the need's most telling terms could give.
    telling_terms: int = 16
    least_telling: float = 2.0  # in terms that stand in one document only
    probability_slope: float = 3.2
    probability_middle: float = 0.78
    strong_from: float = 0.75
    good_from: float = 0.5


DEFAULT_WEIGHTS = Weights()
