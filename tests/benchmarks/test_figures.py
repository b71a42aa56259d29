"""The measure itself: what counts as reached, and that each stage and part is there."""

import ast
import importlib
import inspect
import math
from pathlib import Path

import pytest

from tests.benchmarks import bm25, parts, references
from tests.benchmarks.figures import Figure, Section, percentile
from tests.benchmarks.parts import kills
from tests.benchmarks.runs import Run


def test_figure_is_held_to_its_target_as_it_is_printed():
    assert Figure("p95", 100.04, "ms", 100).ok
    assert not Figure("p95", 100.06, "ms", 100).ok
    assert Figure("nDCG", 0.9546, "", 0.955, "more", digits=3).ok
    assert not Figure("nDCG", 0.9544, "", 0.955, "more", digits=3).ok
    assert Figure("size", 5.0).ok is None
    assert not Figure("lost", math.nan, "", 1).ok


def test_ratio_is_to_the_named_baseline():
    figure = Figure("import", 30.0, "s", baseline=10.0, baseline_name="plain insert")
    assert figure.ratio == 3
    assert "plain insert: 10.0" in figure.cells()
    assert Figure("import", 30.0).ratio is None


def test_percentile_is_a_measured_value():
    assert percentile([5, 1, 4, 2, 3], 0.5) == 3
    assert percentile(list(range(1, 101)), 0.95) == 95
    assert math.isnan(percentile([], 0.95))


def test_section_reads_as_text_and_markdown():
    section = Section("import", "Import", [Figure("seconds", 12.3, "s", 10)], ["a note"])
    assert "MISSED" in section.text()
    assert "| seconds | 12.3 s | ≤ 10.0 |" in section.markdown()
    assert section.missed == section.figures


def test_plain_bm25_ranks_the_demo_set_and_loses_without_diacritics():
    plain, bare = (bm25.ndcg(references.JUDGED, strip_diacritics=bare) for bare in (False, True))
    assert 0.8 < plain < 1
    assert bare < plain


def test_kills_of_the_entrances_are_whole_and_the_others_share():
    asked = Run(
        work=Path(),
        seed=1,
        needs=1,
        points=200,
        other_points=20,
        deal_points=1000,
        seconds=3600,
        say=print,
        stages=None,
    )
    points = kills._points(asked)
    assert (points["import"], points["harvest"]) == (200, 200)
    assert sum(points.values()) == 420
    asked.stages = ["harvest", "sync"]
    assert kills._points(asked) == {"harvest": 200, "sync": 20}


def _calls_of_probes():
    """Each `processes.probe(NAME, …)` of a part that names its probe: the probe, and how many words it is given."""
    for file in sorted(Path(parts.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "processes.probe":
                name, *words = node.args
                if isinstance(name, ast.Constant) and not any(
                    isinstance(word, ast.Starred) for word in words
                ):
                    yield pytest.param(
                        name.value, len(words), id=f"{file.stem}-{name.value}-{len(words)}"
                    )


@pytest.mark.parametrize(("probe", "words"), list(_calls_of_probes()))
def test_a_probe_takes_the_words_that_its_part_gives_it(probe, words):
    main = importlib.import_module(f"tests.benchmarks.probes.{probe}").main
    inspect.signature(main).bind(*["1"] * words)
