"""The real model, where it is installed: `make install EXTRA=semantic`, then this file by itself.

`tests/run` says at its end whether it was.
"""

from importlib.util import find_spec

import pytest

from search.semantic.port import PACKAGES

pytestmark = pytest.mark.skipif(
    not all(find_spec(package) for package in PACKAGES),
    reason="the model is not installed: make test EXTRA=semantic",
)

#: Vietnamese and English, one meaning a pair.
PAIRS = (
    ("máy sấy bơm nhiệt cho xoài", "heat pump dryer for mangoes"),
    ("xử lý nước thải ao nuôi tôm", "treatment of wastewater from shrimp ponds"),
    ("vật liệu nano bạc kháng khuẩn", "antibacterial silver nanoparticles"),
    ("phát hiện vết nứt trên mặt cầu", "detecting cracks in bridge decks"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("semantic") / "e5-small"


@pytest.fixture(scope="module")
def model(folder):
    from search.semantic.e5.encoder import E5Encoder, model_file

    return E5Encoder(folder, model_file(), threads=1)


def cosine(left: bytes, right: bytes) -> float:
    import numpy as np

    one, other = (np.frombuffer(side, np.int8).astype(np.float64) for side in (left, right))
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_meaning_is_nearest_across_languages(model):
    passages = model.passages([english for _vietnamese, english in PAIRS])
    for number, (vietnamese, _english) in enumerate(PAIRS):
        likeness = [cosine(model.query(vietnamese), passage) for passage in passages]
        assert likeness.index(max(likeness)) == number


def test_vector_does_not_depend_on_its_neighbours(model):
    texts = [
        english * times for (_vietnamese, english), times in zip(PAIRS, (1, 3, 9, 27), strict=True)
    ]
    together = model.passages(texts)
    assert all(
        cosine(alone, both) > 0.999
        for alone, both in zip((model.passages([t])[0] for t in texts), together, strict=True)
    )


def test_several_queries_at_once_are_those_of_each_alone(model):
    asked = [vietnamese for vietnamese, _english in PAIRS]
    each = (model.query(text) for text in asked)
    assert all(
        cosine(alone, both) > 0.999 for alone, both in zip(each, model.queries(asked), strict=True)
    )


def test_what_is_beyond_the_cut_is_not_read(model):
    start = "máy sấy xoài " * model.cut
    assert model.passages([start + "tôm"]) == model.passages([start + "nước thải"])


def test_odd_texts_have_vectors(model):
    odd = ["", " ", "\x00", "日本語のテキスト", "A" * 50_000, "<script>", "⁂ ﷽"]
    assert [len(vector) for vector in model.passages(odd)] == [model.dimensions] * len(odd)


def test_agreement_with_full_precision(model):
    """The same network in 64 bits, by hand: what half precision and signed bytes cost."""
    from search.semantic.e5.encoder import as_codes, model_file
    from search.semantic.e5.packed import PackedModel
    from tests.search.semantic.full_precision import full_precision

    tokens = [model.tokens(f"passage: {text}", model.cut) for text in PAIRS[0]]
    exact = full_precision(PackedModel(model_file()), tokens)
    for mine, its in zip(as_codes(model.run(tokens)), as_codes(exact), strict=True):
        assert cosine(mine.tobytes(), its.tobytes()) > 0.999


# --- the conversion -------------------------------------------------------------------------------


def test_conversion_is_done_once(model, folder):
    from search.semantic.e5.converting import convert
    from search.semantic.e5.encoder import model_file

    assert not convert(model_file(), folder)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


@pytest.mark.kill
def test_damaged_model_is_made_anew(model, folder):
    from search.semantic.e5.converting import NETWORK, convert
    from search.semantic.e5.encoder import model_file

    whole = (folder / NETWORK).read_bytes()
    (folder / NETWORK).write_bytes(whole[:1000])
    assert convert(model_file(), folder)
    assert (folder / NETWORK).read_bytes() == whole
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


@pytest.mark.kill
def test_killed_conversion_leaves_nothing_that_looks_whole(model, tmp_path, monkeypatch):
    from search.semantic.e5 import converting
    from search.semantic.e5.encoder import model_file

    def killed(packed):
        raise KeyboardInterrupt

    folder = tmp_path / "e5-small"
    with monkeypatch.context() as patch:
        patch.setattr(converting, "vocabulary", killed)
        with pytest.raises(KeyboardInterrupt):
            converting.convert(model_file(), folder)
    assert not folder.exists()
    assert converting.convert(model_file(), folder)


def test_file_that_is_no_model_is_refused(tmp_path):
    from search.semantic.e5.converting import convert
    from search.semantic.port import SemanticUnavailable

    path = tmp_path / "other.bin"
    path.write_bytes(b"\x01" * 4096)
    with pytest.raises(SemanticUnavailable):
        convert(path, tmp_path / "e5-small")


def test_nothing_of_it_is_imported_before_it_is_asked_for():
    import subprocess
    import sys

    code = (
        "import os, sys, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'marketplace.settings.demo');"
        "django.setup(); import search.semantic.embedding, marketplace.matching.finding;"
        f"print([name for name in {PACKAGES!r} if name in sys.modules and name != 'numpy'])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
