"""The cache of data sets: what was read once is not read again, whatever happened in between."""

import pytest

from search.semantic.cache import VectorCache
from tests.search.semantic.encoder import TinyEncoder, vector


def test_second_run_reads_only_what_is_new(tmp_path):
    first = TinyEncoder()
    VectorCache(tmp_path, first).passages(["xoài", "tôm"])
    second = TinyEncoder()
    found = VectorCache(tmp_path, second).passages(["tôm", "máy", "xoài", "máy"])
    assert sorted(first.read) == ["tôm", "xoài"]
    assert second.read == ["máy"]
    assert found == [vector(text) for text in ("tôm", "máy", "xoài", "máy")]


@pytest.mark.kill
def test_record_cut_short_is_read_again(tmp_path):
    VectorCache(tmp_path, TinyEncoder()).passages(["xoài", "tôm"])
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    again = TinyEncoder()
    assert VectorCache(tmp_path, again).passages(["tôm", "xoài"]) == [vector("tôm"), vector("xoài")]
    assert len(again.read) == 1
    last = TinyEncoder()
    VectorCache(tmp_path, last).passages(["tôm", "xoài"])
    assert last.read == []


def test_each_model_has_its_own(tmp_path):
    VectorCache(tmp_path, TinyEncoder()).passages(["xoài"])
    other = TinyEncoder()
    other.name = "tiny/2"
    VectorCache(tmp_path, other).passages(["xoài"])
    assert other.read == ["xoài"]
