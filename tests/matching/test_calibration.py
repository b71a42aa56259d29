import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.matching.calibrating import (
    Pair,
    abstention,
    best_of_needs,
    choose_threshold,
    cross_validated,
    fit_calibration,
    sureness,
)
from marketplace.matching.scoring import (
    DEFAULT_WEIGHTS,
    CandidateText,
    NeedText,
    Scored,
    score,
)
from marketplace.matching.scoring.calibration import (
    band_of,
    calibration_of,
    falling,
    probability,
)
from marketplace.matching.scoring.data import ElementFit, Reason, SpecificationFit
from marketplace.matching.scoring.parts import figures_balance
from marketplace.matching.scoring.score import in_order
from marketplace.matching.scoring.weights import Calibration, read_weights
from tests.matching.scoring_cases import ALL, MANGO, SULPHUR, statistics


def drawn(number: int, seed: int = 3) -> list[Pair]:
    """Pairs of which the truth is known: useful with a probability of 1 / (1 + e^-(2 x - 1))."""
    source = random.Random(seed)
    pairs = []
    for place in range(number):
        x = source.uniform(-2, 3)
        useful = source.random() < 1 / (1 + math.exp(-(2 * x - 1)))
        pairs.append(Pair(f"n{place // 4}", {"strength": x, "covered": source.random()}, useful))
    return pairs


def test_fit_finds_the_truth_and_leaves_out_what_says_nothing():
    fitted = fit_calibration(drawn(1500), Calibration(), ["strength", "covered"])
    assert fitted.coefficients["strength"] == pytest.approx(2, abs=0.3)
    assert fitted.intercept == pytest.approx(-1, abs=0.4)
    assert fitted.coefficients.get("covered", 0) < 0.5


def test_fit_never_counts_a_good_sign_against_a_candidate():
    pairs = [Pair(p.need, {"strength": -p.signals["strength"]}, p.useful) for p in drawn(300)]
    assert fit_calibration(pairs, Calibration(), ["strength"]).coefficients == {}


def test_cross_validated_probabilities_are_honest_and_told_of_every_pair_once():
    pairs = drawn(1200)
    told = cross_validated(pairs, Calibration(), ["strength"])
    assert sorted(map(id, (pair for pair, _ in told))) == sorted(map(id, pairs))
    found = sureness(told, {pair.need: True for pair in pairs}, 0.5)
    assert found.ece < 0.06
    assert found.brier < 0.2


def test_sureness_counts_needs_abstained_on():
    told = [
        (Pair("answered", {}, True), 0.9),
        (Pair("answered", {}, False), 0.2),
        (Pair("missed", {}, True), 0.3),
        (Pair("nothing", {}, False), 0.1),
        (Pair("close", {}, False), 0.8),
    ]
    answered = {"answered": True, "missed": True, "nothing": False, "close": False, "empty": False}
    found = sureness(told, answered, 0.5)
    assert (found.precision, found.recall) == (2 / 3, 2 / 3)
    assert found.brier == pytest.approx((0.01 + 0.04 + 0.49 + 0.01 + 0.64) / 5)


def test_a_need_stands_once_as_it_is_and_once_without_its_answers():
    told = [
        (Pair("a", {}, True), 0.9),
        (Pair("a", {}, False), 0.2),
        (Pair("b", {}, False), 0.1),
    ]
    assert sorted(best_of_needs(told)) == [(0.1, False), (0.2, False), (0.9, True)]


def test_the_threshold_finds_most_that_nothing_answers_and_silences_few():
    needs = [(0.1, False), (0.2, False), (0.3, True), (0.4, False), (0.9, True), (0.8, True)]
    below = choose_threshold(needs, least=0.9, silenced=0.5, most=0.7)
    assert below == 0.25
    assert abstention(needs, below) == (1, 2 / 3)
    assert choose_threshold(needs, least=0.7, silenced=0.5, most=0.7) == 0.6
    assert choose_threshold(needs, least=0.7, silenced=0.1, most=0.7) == 0.25
    assert choose_threshold(needs, least=0.7, silenced=0.5, most=0.12) == 0.05


def test_likeness_of_meaning_is_told_by_a_calibration_of_its_own():
    knows = Calibration(intercept=-2.0, coefficients={"meaning": 4.0})
    weights = replace(DEFAULT_WEIGHTS, calibration_with_meaning=knows)
    assert calibration_of({"meaning": 0.5}, weights) is knows
    assert calibration_of({"strength": 0.5}, weights) is weights.calibration
    assert read_weights(weights.to_data()) == weights
    alone = replace(weights, calibration_with_meaning=None)
    assert calibration_of({"meaning": 0.5}, alone) is weights.calibration
    assert read_weights(alone.to_data()) == alone


def test_pairs_count_by_their_weight():
    pairs = drawn(300)
    doubted = [replace(p, useful=False, weight=0.0) for p in pairs]
    one, other = (
        fit_calibration(some, Calibration(), ["strength"]) for some in (pairs, pairs + doubted)
    )
    assert other.coefficients["strength"] == pytest.approx(one.coefficients["strength"])


@given(st.lists(st.floats(0, 1)))
def test_falling_never_rises_and_keeps_the_sum(chances):
    found = falling(chances)
    assert len(found) == len(chances)
    assert all(a >= b - 1e-12 for a, b in zip(found, found[1:], strict=False))
    assert sum(found) == pytest.approx(sum(chances))


@given(st.lists(st.floats(0, 1)))
def test_falling_leaves_alone_what_falls(chances):
    ordered = sorted(chances, reverse=True)
    assert falling(ordered) == pytest.approx(ordered)


THRESHOLDS = Calibration(abstain_below=0.2, good_from=0.5)
JUDGED = replace(DEFAULT_WEIGHTS, calibration=THRESHOLDS, calibration_with_meaning=None)
MET = (ElementFit("material", "xoài", True),)
UNMET = (ElementFit("material", "xoài", False),)
AGAINST = (Reason("exclusion_used", {"phrase": "lưu huỳnh"}),)


def listed(*told):
    """Keys and chances in order, of what is given as (key, score, chance, elements met, reasons)."""
    scored = [
        Scored(replace(MANGO, key=key), score, chance, "weak", {}, reasons, elements)
        for key, score, chance, elements, reasons in told
    ]
    return [(one.candidate.key, one.probability) for one in in_order(scored, JUDGED)]


def test_who_is_good_stands_before_who_answers_nothing_and_else_the_score_decides():
    told = [("no", 3, 0.1, MET, ()), ("maybe", 2.5, 0.3, MET, ()), ("less", 2, 0.05, MET, ()), ("good", 1, 0.9, MET, ())]  # fmt: skip
    assert [key for key, _ in listed(*told)] == ["maybe", "good", "no", "less"]
    # Where nobody is good, who may be related does.
    assert [key for key, _ in listed(*told[:3])] == ["maybe", "no", "less"]


@pytest.mark.parametrize(("elements", "reasons"), [(UNMET, ()), (MET, AGAINST)])
def test_who_shows_nothing_but_words_or_speaks_against_itself_is_no_likelier_than_who_is_before(
    elements, reasons
):
    told = listed(("no", 3, 0.1, MET, ()), ("words", 2, 0.9, elements, reasons))
    assert told == [("no", 0.1), ("words", 0.1)]
    assert listed(("words", 2, 0.9, elements, reasons)) == [("words", 0.9)]


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99))))
def test_evening_out_leaves_nobody_below_the_threshold_who_is_good(drawn_pairs):
    told = [(f"{at}", score, chance / 100 + 0.001, MET, ()) for at, (score, chance) in enumerate(drawn_pairs)]  # fmt: skip
    ordered = listed(*told)
    evened = falling([chance for _, chance in ordered])
    for (_, chance), after in zip(ordered, evened, strict=True):
        assert chance < THRESHOLDS.good_from or after >= THRESHOLDS.abstain_below


def test_a_list_says_nothing_good_enough_only_where_nobody_is_over_the_threshold():
    """The likelier one has fewer of the words: it had been evened out with the other, below the threshold."""
    talk = "Sấy xoài lát giữ màu: sấy xoài lát, giữ màu xoài lát. " * 3
    likely = CandidateText("result", "likely", "Giữ màu xoài", "Tủ sấy nhỏ.")
    wordy = CandidateText("result", "wordy", "Chuyện làng", talk)
    need = NeedText(text="Cần sấy xoài lát giữ màu")
    calibration = Calibration(-3.0, {"title": 6.0}, good_from=0.5, abstain_below=0.4)
    weights = replace(JUDGED, calibration=calibration)
    found = score(need, [wordy, likely], statistics([*ALL, likely, wordy]), weights)
    scores = {one.candidate.key: one.score for one in found.scored}
    assert scores["wordy"] > scores["likely"]
    assert not found.abstained
    assert [one.candidate.key for one in found.good] == ["likely"]


@pytest.mark.parametrize(("chance", "band"), [(0.1, "weak"), (0.5, "good"), (0.75, "strong")])
def test_bands(chance, band):
    assert band_of(chance, Calibration()) == band


def test_probability_is_bounded():
    steep = Calibration(0.0, {"strength": 1e6})
    assert 0 <= probability({"strength": -1e6}, steep) < probability({"strength": 1e6}, steep) <= 1


@pytest.mark.parametrize(
    ("fits", "balance"),
    [
        ([], 0),
        (["unknown"], 0),
        (["met", "unknown"], 1 / 3),
        (["met", "unmet"], 0),
        (["unmet", "unmet"], -2 / 3),
        (["partly", "met", "met", "met"], 1),
        (["unmet"] * 5, -1),
    ],
)
def test_figures_met_speak_for_a_candidate_and_missed_ones_against_it(fits, balance):
    rows = [SpecificationFit("Công suất", "5", "5", fit) for fit in fits]
    assert figures_balance(rows) == pytest.approx(balance)


@pytest.mark.parametrize(
    ("need", "effects", "unnamed"),
    [
        ("Sấy xoài cắt lát giữ màu xoài", 0, 0),
        ("Sấy xoài cắt lát kéo dài hạn dùng", -1, 0),
        ("Xoài cắt lát", 0, 0),
        ("Công suất 500 kg mỗi mẻ, tiêu hao 0,9 kWh", 0, 1),
    ],
)
def test_an_effect_that_is_missed_speaks_against_and_no_element_read_says_nothing(
    need, effects, unnamed
):
    candidates = [MANGO, SULPHUR]
    found = score(NeedText(text=need), candidates, statistics(candidates))
    told = next(one.signals for one in found.scored if one.candidate.key == MANGO.key)
    assert (told["effects"], told["unnamed"]) == (effects, unnamed)
    assert told["elements"] == 0 or not unnamed
