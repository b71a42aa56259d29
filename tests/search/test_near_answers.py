"""A hit may lack a word that only names a sort of thing, or one of three; it stands behind, and says so."""

from dataclasses import replace

import pytest

from search import facets
from search.documents import Document
from search.engines import get_engine
from search.engines.demanding import demanded_of
from search.loosening import loosened
from search.queries import Query
from search.reverse import answering, matching_queries
from search.searching import find
from search.wording import Wording

MACHINE = ("machine", "Máy sấy xoài", "Buồng sấy cho xoài Cát Chu.")
DEVICE = ("device", "Thiết bị sấy xoài", "Khay inox, khí nóng.")
COFFEE = ("coffee", "Máy sấy cà phê", "Cho hộ trồng cà phê.")
BOILER = ("boiler", "Lò hơi đốt trấu", "Hơi bão hòa cho nhà máy công suất 500 kg.")
ALL = [MACHINE, DEVICE, COFFEE, BOILER]


@pytest.fixture(autouse=True)
def _plain_facets(monkeypatch):
    """Values as they stand in the documents; the labels of the apps are another room's."""
    plain = {name: replace(entry, choices=None) for name, entry in facets.facets().items()}
    monkeypatch.setattr(facets, "_facets", plain)


def document(key: str, title: str, text: str = "", **facts) -> Document:
    return Document("offer", key, title, text, **facts)


@pytest.fixture
def full(engine_name, kept_urls):
    engine = get_engine(kept_urls(engine_name, "near"))
    if not engine.healthy():
        engine.rebuild(
            document(*one, facets={"field": (one[0][0],)}, numbers={"published": number})
            for number, one in enumerate(ALL)
        )
    return engine


def tiers(engine, text: str, **query) -> dict[str, int]:
    return {hit.key: hit.tier for hit in find(Query(text, **query), engine=engine).hits}


class TestWhatIsFound:
    @pytest.mark.parametrize("typed", ["máy sấy xoài", "may say xoai", "hệ thống sấy xoài"])
    def test_another_name_for_the_sort_of_thing(self, full, typed):
        assert "device" in tiers(full, typed)

    @pytest.mark.parametrize("typed", ["máy sấy xoài", "may say xoai"])
    def test_all_words_first_then_all_that_tell_then_the_rest(self, full, typed):
        found = tiers(full, typed)
        assert list(found)[:3] == ["machine", "device", "coffee"]
        assert [found[key] for key in ("machine", "device", "coffee")] == [2, 1, 0]

    def test_of_two_words_only_the_weak_one_may_be_missing(self, full):
        assert set(tiers(full, "máy sấy")) >= {"machine", "coffee", "device"}
        assert "device" not in tiers(full, "xoài chu")

    def test_what_only_shares_the_weak_words_is_no_answer(self, full):
        assert "boiler" not in tiers(full, "hệ thống máy sấy")
        assert "boiler" not in tiers(full, "máy sấy xoài")

    def test_two_weak_words_are_both_wanted(self, full):
        results = full.search(Query("thiết bị công nghệ"))
        assert results.relaxed

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ('máy "sấy xoài"', {"machine"}),
            ('sấy xoài "khay inox" máy', {"device"}),
            ("máy sấy xoài -inox", {"machine", "coffee"}),
            ("máy sấy xoài field:d", {"device"}),
            ("máy nhà 500", {"boiler"}),
            ("máy sấy 500", set()),
        ],
    )
    def test_phrases_refusals_prefixes_and_numbers_are_strict(self, full, typed, found):
        results = full.search(Query(typed))
        assert {hit.key for hit in results.hits if not results.relaxed} == found

    def test_neighbours_that_always_stand_together_are_one_word(self, engine):
        engine.rebuild(
            [
                *(document(f"w{n}", f"Lọc nước thải {n}", "") for n in range(6)),
                document("other", "Lọc nước giếng"),
                document("half", "Lọc khí, nước mưa và chất thải rắn"),
            ]
        )
        found = engine.search(Query("lọc nước thải", limit=20))
        # "half" holds all syllables; "other" has only half of the word "nước thải".
        assert {hit.key for hit in found.hits} == {*(f"w{n}" for n in range(6)), "half"}

    def test_word_of_every_other_document_does_not_stand_alone(self, engine):
        engine.rebuild(document(f"k{n}", f"Chất lượng cao {n}") for n in range(30))
        with engine.writer() as writer:
            writer.add(document("hit", "Công nghệ cao"))
        assert [hit.key for hit in engine.search(Query("công nghệ cao")).hits] == ["hit"]


class TestCounts:
    def test_whole_are_those_that_hold_all_words(self, full):
        results = full.search(Query("máy sấy xoài", facets=("field",)))
        assert (results.whole, results.total, results.relaxed) == (1, 3, False)
        # Facets count what is listed.
        assert results.facets["field"] == {"m": 1, "d": 1, "c": 1}

    def test_whole_on_any_page_and_under_filters(self, full):
        assert full.search(Query("máy sấy xoài", limit=1, offset=2)).whole == 1
        chosen = {"filters": {"field": ("d",)}, "facets": ("field",)}
        results = full.search(Query("máy sấy xoài", limit=0, **chosen))
        assert (results.whole, results.total) == (0, 1)
        assert results.facets["field"] == {"m": 1, "d": 1, "c": 1}

    def test_everything_is_whole_where_nothing_is_asked_of_the_words(self, full):
        for query in (Query(), Query("trấu"), Query("lò hơi đốt trấu cho nhà máy xay xát gạo")):
            results = full.search(query)
            assert results.whole == results.total > 0

    def test_relaxed_is_never_whole(self, full):
        results = full.search(Query("lúa trấu vũ trụ"))
        assert (results.relaxed, results.whole) == (True, 0)

    def test_one_of_several_alternatives_is_enough(self, full):
        results = full.search(Query("máy sấy xoài OR lò hơi"))
        assert results.whole == 2
        assert {hit.key for hit in results.hits if hit.tier} == {"machine", "device", "boiler"}

    def test_scores_say_nothing_of_tiers(self, full):
        results = full.search(Query("máy sấy xoài"))
        assert all(0 < hit.score < 200 for hit in results.hits)


class TestOrderByDate:
    """Nothing can stand behind there, so what is near is left out."""

    @pytest.mark.parametrize("sort", ["newest", "deadline"])
    def test_only_what_holds_the_words(self, full, sort):
        assert set(tiers(full, "máy sấy xoài", sort=sort)) == {"machine"}

    def test_what_is_near_before_what_has_any_word(self, full):
        results = full.search(Query("hệ thống sấy xoài", sort="newest"))
        assert results.relaxed
        assert {hit.key for hit in results.hits} == {"machine", "device"}


def test_an_alert_is_not_sent_for_what_is_only_near():
    documents = [document(*one) for one in (DEVICE, COFFEE, BOILER)]
    queries = [("near", Query("máy sấy xoài")), ("whole", Query("thiết bị sấy xoài"))]
    assert dict(matching_queries(documents, queries)) == {"whole": ["offer:device"]}


@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_an_alert_is_as_strict_however_the_search_was_saved(full, sort):
    assert answering(Query("máy sấy xoài", sort=sort), engine=full).ids == ["offer:machine"]


def test_ways_out_of_nothing_lead_to_whole_answers(full, monkeypatch):
    monkeypatch.setattr("search.loosening.find", lambda query: find(query, engine=full))
    ways = loosened(Query("máy sấy xoài", kinds=("need",)))
    assert [(way.name, way.total) for way in ways] == [("kind", 3)]
    assert loosened(Query("hệ thống sấy thóc", kinds=("need",))) == []


class TestPages:
    def test_pages_join_whatever_tier_they_end_in(self, engine):
        filler = "thiết bị đo lường trong phòng thử nghiệm "
        engine.rebuild(
            document(
                f"{n:03}",
                ("Máy sấy lát xoài", "Hệ sấy lát xoài", "Máy sấy mít")[n % 3],
                filler * (n % 9),
            )
            for n in range(90)
        )
        whole = find(Query("máy sấy xoài", limit=90), engine=engine).hits
        assert [hit.tier for hit in whole] == [2] * 30 + [1] * 30 + [0] * 30
        for size in (7, 20, 31):
            pages = [
                find(Query("máy sấy xoài", limit=size, offset=offset), engine=engine).hits
                for offset in range(0, 90, size)
            ]
            assert [hit for page in pages for hit in page] == whole


@pytest.mark.parametrize(
    ("typed", "title", "missed"),
    [
        ("máy sấy xoài", "Thiết bị sấy xoài", ("máy",)),
        ("Máy sấy xoài", "Lò sấy", ("Máy", "xoài")),
        ("máy sấy xoài", "Máy sấy xoài dẻo", ()),
        ("may say xoai", "Thiết bị sấy xoài", ("may",)),
        ("máy sấy xoài", "May say xoai", ()),
        ("lúa chịu mặn", "Dệt lụa chịu mặn", ("lúa",)),
        ("thiết bị y tế", "Máy tế bào", ("thiết bị", "y")),
        ("thiết bị y tế", "Máy ấp trứng", ("thiết bị", "y tế")),
        ("hệ thống lọc của ao", "Lọc nước", ("hệ thống", "ao")),
        ("dryers for mango", "A dryer", ("mango",)),
        ('máy sấy "xoài"', "Hệ sấy xoài", ("máy",)),
        ("sấy xoài", "Slices of mango", ("sấy",)),
        ("sấy OR xoài", "Sấy", ()),
        ("xoài", "Lò hơi", ()),
        ("", "Lò hơi", ()),
        ("máy sấy xoài mít chuối ổi nhãn vải thiều", "Máy", ()),
    ],
)
def test_what_a_hit_lacks_is_told_as_it_was_typed(typed, title, missed):
    from search.queries import Hit

    hit = Hit("offer:x", "offer", "x", 1.0, title, "")
    wording = Wording(Query(typed))
    assert wording.lacking(hit, wording.brought_by(hit)) == missed


def test_how_many_of_many_words():
    assert [demanded_of(n) for n in (1, 2, 3, 4, 5, 15, 24)] == [1, 2, 3, 3, 2, 3, 5]
