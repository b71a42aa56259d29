import json
import random
from dataclasses import replace

import pytest

from marketplace.matching.fitting import FITTED, Fitted, Observed, climb, fit, losers, quality
from marketplace.matching.scoring import DEFAULT_WEIGHTS
from marketplace.matching.scoring.weights import WeightsRefused, read_weights

FEEDBACK = FITTED.index("feedback")


def judged(number: int, telling: int, seed: int = 1) -> list[Observed]:
    """Queries of which one component tells the answer, and the others are noise."""
    source = random.Random(seed)
    observed = []
    for _query in range(number):
        rows = [[source.random() for _ in FITTED] for _ in range(30)]
        answer = source.randrange(30)
        rows[answer][telling] += 1.2
        keys = tuple(f"d{place}" for place in range(30))
        observed.append(Observed("en", 0.0, tuple(map(tuple, rows)), keys, {f"d{answer}": 1}))
    return observed


def without_feedback():
    short = {t: replace(end, feedback=0.0) for t, end in DEFAULT_WEIGHTS.short.items()}
    return replace(DEFAULT_WEIGHTS, short=short)


def test_climb_finds_the_component_that_tells():
    start, sets = without_feedback(), {"one": judged(60, FEEDBACK)}
    found = climb(sets, start)
    assert found.short["en"].feedback > 0
    assert quality(sets["one"], found) > quality(sets["one"], start) + 0.1
    assert found.short["vi"] == start.short["vi"]
    assert found.long == start.long


def test_climb_stays_where_nothing_gains():
    noise = [replace(one, grades={"d0": 1}) for one in judged(4, FEEDBACK)]
    flat = [replace(one, rows=tuple(tuple(1.0 for _ in FITTED) for _ in one.rows)) for one in noise]
    assert climb({"flat": flat}, DEFAULT_WEIGHTS) == DEFAULT_WEIGHTS


def test_fit_tells_how_it_does_on_queries_it_has_not_seen():
    sets = {"one": judged(40, FEEDBACK)}
    fitted = fit(sets, without_feedback(), folds=2)
    assert fitted.after["one"] > fitted.before["one"]
    assert fitted.left_out["one"] == pytest.approx(fitted.after["one"], abs=0.1)


def test_every_set_counts_the_same_whatever_its_size():
    sets = {"many": judged(50, FEEDBACK), "few": judged(5, FITTED.index("passage"), seed=2)}
    found = climb(sets, without_feedback())
    assert found.short["en"].passage > 0


@pytest.mark.parametrize(
    ("after", "left_out", "refused"),
    [(0.5, 0.5, []), (0.3, 0.5, ["b"]), (0.5, 0.39, ["b"])],
)
def test_guard_refuses_what_loses_anywhere(after, left_out, refused):
    fitted = Fitted(
        DEFAULT_WEIGHTS,
        before={"a": 0.1, "b": 0.1},
        after={"a": 0.9, "b": after},
        left_out={"a": 0.9, "b": left_out},
    )
    assert losers(fitted, {"a": 0.4, "b": 0.4}) == refused


def test_weights_are_plain_data_both_ways():
    data = json.loads(json.dumps(DEFAULT_WEIGHTS.to_data()))
    assert read_weights(data) == DEFAULT_WEIGHTS


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": ""}, "version"),
        ({"elements": "much"}, "elements"),
        ({"elements": float("nan")}, "elements"),
        ({"elements": True}, "elements"),
        ({"surprise": 1}, "surprise"),
        ({"short": {"vi": {}}}, "Lexical"),
    ],
)
def test_what_is_no_set_of_weights_is_refused(change, said):
    with pytest.raises(WeightsRefused, match=said):
        read_weights(DEFAULT_WEIGHTS.to_data() | change)


def test_a_missing_value_is_refused():
    data = DEFAULT_WEIGHTS.to_data()
    del data["elements"]
    with pytest.raises(WeightsRefused, match="elements"):
        read_weights(data)
