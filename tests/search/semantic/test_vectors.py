"""What is near in meaning, over vectors in memory and over those of the database."""

import pytest

pytest.importorskip("numpy", reason="comes with the development packages and with EXTRA=semantic")

from search.models import Passage, leave_tombstones
from search.semantic.embedding import embed_batch
from search.semantic.passages import PassageIndex
from search.semantic.vectors import Entry, Vectors
from tests.search.semantic.encoder import TinyEncoder, vector
from tests.search.sources import make_result, withdraw


def vectors_of(*texts: str, language: str = "vi") -> Vectors:
    found = Vectors(TinyEncoder.dimensions)
    found.add([Entry(n, f"result:{n}", language, vector(text)) for n, text in enumerate(texts, 1)])
    return found


def ids(found) -> list[str]:
    return [id_ for id_, _likeness in found.best]


def test_nearest_come_first():
    found = vectors_of("máy bơm", "sấy tôm", "sấy xoài").near(vector("drying mango"), limit=2)
    assert ids(found) == ["result:3", "result:2"]


def test_likeness_of_named_ones_whether_they_are_near_or_not():
    vectors = vectors_of("máy bơm", "sấy tôm", "sấy xoài")
    found = vectors.near(vector("drying mango"), limit=1, ids=["result:1", "result:3", "offer:9"])
    assert set(found.of) == {"result:1", "result:3"}
    assert found.of["result:3"] == dict(found.best)["result:3"] > found.of["result:1"]


def test_nearest_of_several_queries_counts():
    vectors = vectors_of("máy bơm", "sấy tôm", "sấy xoài")
    both = vectors.nearest_of(
        [vector("drying mango"), vector("máy bơm")], ["result:1", "result:3", "offer:9"]
    )
    pump, mango = both["result:1"], both["result:3"]
    assert set(both) == {"result:1", "result:3"}
    assert pump == pytest.approx(mango, abs=1e-6)  # each is the very text of one of them
    assert pump > vectors.nearest_of([vector("drying mango")], ["result:1"])["result:1"]
    assert (
        vectors.nearest_of([], ["result:1"])
        == {}
        == vectors.nearest_of([vector("xoài")], ["offer:9"])
    )


def test_nearest_of_one_query_is_what_near_says_in_each_language():
    vectors = vectors_of(*(f"sấy xoài {place}" for place in range(40)))
    english = [f"mango {place} {place % 7}" for place in range(40)]
    vectors.add(
        [Entry(n, f"result:{n}", "en", vector(text)) for n, text in enumerate(english, 100)]
    )
    asked, named = vector("drying mango"), ["result:3", "result:104"]
    near = vectors.near(asked, limit=0, ids=named).of
    assert vectors.nearest_of([asked], named) == pytest.approx(near, abs=1e-4)
    vectors.add([Entry(n, f"result:{n}", "en", vector("bridge")) for n in range(200, 260)])
    near = vectors.near(asked, limit=0, ids=named).of
    assert vectors.nearest_of([asked], named) == pytest.approx(near, abs=1e-4)


def test_only_the_kinds_that_are_asked_for():
    vectors = vectors_of("sấy xoài")
    vectors.add([Entry(9, "offer:1", "vi", vector("sấy xoài"))])
    assert ids(vectors.near(vector("mango"), limit=5, kinds=("offer",))) == ["offer:1"]
    assert ids(vectors.near(vector("mango"), limit=5, kinds=("equipment",))) == []


def test_newer_vector_replaces_the_older_one_of_the_same_id():
    vectors = vectors_of("sấy xoài", "máy bơm")
    vectors.add([Entry(7, "result:1", "vi", vector("nước thải"))])
    assert len(vectors) == 2
    assert ids(vectors.near(vector("wastewater"), limit=1)) == ["result:1"]
    assert vectors.newest == 7


def test_room_made_beforehand_holds_what_comes_and_more():
    vectors = Vectors(TinyEncoder.dimensions)
    vectors.reserve(2)
    assert len(vectors) == 0
    texts = [f"sấy xoài {place}" for place in range(3_000)]
    vectors.add([Entry(n, f"result:{n}", "vi", vector(text)) for n, text in enumerate(texts, 1)])
    vectors.add([Entry(9_000, "result:last", "vi", vector("nước thải"))])
    assert len(vectors) == 3_001
    assert ids(vectors.near(vector("wastewater"), limit=1)) == ["result:last"]


def test_dropped_ones_are_not_found():
    vectors = vectors_of("sấy xoài", "sấy tôm", "máy bơm")
    vectors.keep([2, 3])
    assert ids(vectors.near(vector("mango"), limit=9, ids=["result:1"])) == ["result:2", "result:3"]
    assert vectors.near(vector("mango"), limit=9, ids=["result:1"]).of == {}


def test_no_vectors_are_near_nothing():
    found = Vectors(TinyEncoder.dimensions).near(vector("mango"), limit=3, ids=["result:1"])
    assert (found.best, found.of) == ((), {})


def test_languages_are_measured_by_themselves():
    """Every Vietnamese text says "máy", as the query does; the English answer stands out in its own."""
    vietnamese = [f"máy số {n}" for n in range(40)]
    english = [f"device {n}" for n in range(40)] + ["mango device"]
    vectors = vectors_of(*vietnamese)
    vectors.add(
        [Entry(100 + n, f"result:{100 + n}", "en", vector(t)) for n, t in enumerate(english)]
    )
    query = vector("máy xoài")
    assert ids(vectors.near(query, limit=1)) == ["result:140"]
    assert max(dict(vectors.near(query, limit=99).best).values()) > 3


# --- over the database ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_index_follows_the_rows(index, encoder):
    results = [make_result("Sấy xoài"), make_result("Sấy tôm"), make_result("Máy bơm")]
    while embed_batch():
        pass
    passages = PassageIndex(encoder)

    def nearest() -> list[str]:
        found = passages.vectors().near(vector("mango"), limit=9)
        return [id_.removeprefix("result:") for id_ in ids(found)]

    assert nearest()[0] == results[0].public_id
    withdraw(results[0])
    embed_batch()
    assert results[0].public_id not in nearest()
    leave_tombstones("result", [results[1].public_id])
    results[1].delete()
    assert nearest() == [results[2].public_id]
    newest = make_result("Xoài cát")
    embed_batch()
    assert nearest() == [newest.public_id, results[2].public_id]


@pytest.mark.django_db
def test_unchanged_table_is_asked_one_question(index, encoder, django_assert_num_queries):
    make_result("Sấy xoài")
    embed_batch()
    passages = PassageIndex(encoder)
    passages.vectors()
    with django_assert_num_queries(1):
        passages.vectors()


@pytest.mark.django_db
def test_vectors_of_another_model_are_left_aside(index, encoder):
    make_result("Sấy xoài")
    embed_batch()
    Passage.objects.update(model="other")
    assert len(PassageIndex(encoder).vectors()) == 0
