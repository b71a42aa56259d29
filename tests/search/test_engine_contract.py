"""What every engine must do, whatever it is built of."""

import threading
import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import facets
from search.analysis import highlight
from search.documents import Document
from search.engines import SearchUnavailable, get_engine
from search.queries import Narrowing, Query, TextQuery


def document(key: str, title: str = "", text: str = "", kind: str = "result", **facts) -> Document:
    return Document(kind=kind, key=key, title=title, text=text, **facts)


DRYER = document(
    "dryer",
    "Máy sấy xoài bằng bơm nhiệt",
    "Hệ thống sấy lạnh năm tầng giữ màu, không dùng hoá chất. Công suất 5 tấn mỗi ngày.",
    codes=("2019-02-566/KQNC",),
    facets={"field": ("2", "211"), "province": ("82",)},
    numbers={"trl": 8, "year": 2022, "published": date(2027, 5, 2).toordinal()},
)
WATER = document(
    "water",
    "Xử lý nước thải dệt nhuộm",
    "Keo tụ và màng lọc cho nước thải làng nghề, đạt cột A của QCVN 40:2011.",
    kind="offer",
    codes=("1-2019-04512",),
    facets={"field": ("2", "207"), "province": ("01",)},
    numbers={"trl": 6, "year": 2020, "deadline": 740_500, "published": 740_001},
)
SILK = document("silk", "Dệt lụa tơ tằm", "Khung dệt lụa tự động.", numbers={"trl": 9})
RICE = document("rice", "Giống lúa chịu mặn", "Lúa chịu mặn 6 ‰ cho vùng ven biển.")
ENGLISH = document(
    "pump",
    "Heat pump drying of mango",
    "The dryer keeps the colour of dried fruit without sulphur. CNC machined parts.",
    numbers={"deadline": 740_100, "published": 740_002},
)
ALL = [DRYER, WATER, SILK, RICE, ENGLISH]


@pytest.fixture(autouse=True)
def _plain_facets(monkeypatch):
    """Values as they stand in the documents; the labels of the apps are another room's."""
    plain = {name: replace(entry, choices=None) for name, entry in facets.facets().items()}
    monkeypatch.setattr(facets, "_facets", plain)


@pytest.fixture
def full(engine_name, kept_urls):
    """All documents, for tests that only read."""
    engine = get_engine(kept_urls(engine_name, "full"))
    if not engine.healthy():
        engine.rebuild(ALL)
    return engine


class Changing:
    """Tests that change the index have it filled for themselves."""

    @pytest.fixture
    def full(self, engine):
        engine.rebuild(ALL)
        return engine


def keys(engine, text: str = "", **query) -> list[str]:
    return [hit.key for hit in engine.search(Query(text, **query)).hits]


class TestWords:
    @pytest.mark.parametrize(
        "typed",
        [
            "máy sấy xoài",
            "MÁY SẤY XOÀI",
            "may say xoai",
            "say xoai",
            "Ma\u0301y sa\u0302\u0301y xoa\u0300i",
            "bơm nhiệt sấy",
            "sấy hóa chất",
            "sấy hoá chất",
        ],
    )
    def test_found_as_people_type(self, full, typed):
        assert keys(full, typed)[0] == "dryer"

    def test_marks_decide_between_words(self, full):
        assert keys(full, "lúa") == ["rice"]
        assert keys(full, "lụa") == ["silk"]
        assert set(keys(full, "lua")) == {"rice", "silk"}

    def test_english_by_stem(self, full):
        assert keys(full, "mango dryers")[0] == "pump"

    def test_abbreviation_finds_the_phrase(self, full):
        assert keys(full, "XLNT dệt nhuộm") == ["water"]

    def test_phrase_finds_the_abbreviation(self, engine):
        engine.rebuild([document("a", "Hệ thống XLNT tập trung"), *ALL])
        assert set(keys(engine, "xử lý nước thải")) == {"a", "water"}

    def test_restored_marks_are_told(self, full):
        assert full.search(Query("may say xoai")).understood == "máy sấy xoài"
        assert full.search(Query("máy sấy xoài")).understood == ""

    def test_title_counts_more(self, engine):
        filler = "thiết bị đo lường cho phòng thử nghiệm của trường"
        engine.rebuild(
            [document("text", filler, f"lò hơi {filler}"), document("title", "lò hơi", filler * 2)]
        )
        assert keys(engine, "lò hơi") == ["title", "text"]

    def test_nothing_has_all_words_so_any_will_do(self, full):
        results = full.search(Query("lúa vũ trụ"))
        assert results.relaxed
        assert results.hits[0].key == "rice"

    def test_word_with_other_marks_is_offered_where_nothing_else_is(self, full):
        results = full.search(Query("lùa"))
        assert results.relaxed
        assert {hit.key for hit in results.hits} == {"rice", "silk"}

    def test_unknown_words_find_nothing(self, full):
        results = full.search(Query("zzzz qqqq"))
        assert (results.hits, results.total) == ([], 0)

    def test_whole_text_as_a_query(self, full):
        text = "Chúng tôi cần xử lý nước thải dệt nhuộm của làng nghề. " * 20
        assert keys(full, text)[0] == "water"


class TestOperators:
    def test_phrase(self, full):
        assert keys(full, '"sấy lạnh"') == ["dryer"]
        assert keys(full, '"lạnh sấy"') == []

    def test_refused_word(self, full):
        assert keys(full, "dệt -lụa") == ["water"]
        assert "silk" not in keys(full, "-lụa")

    def test_or(self, full):
        assert set(keys(full, "giống lúa OR dệt lụa")) == {"rice", "silk"}

    def test_typed_filters(self, full):
        assert keys(full, "trl:>=9") == ["silk"]
        assert keys(full, "năm:2019-2021") == ["water"]
        assert keys(full, "field:207") == ["water"]

    @pytest.mark.parametrize(
        "typed", ['"', "-", "OR", "OR OR", 'a"b"c', "(((", "*", "+~^:", "\\", "trl:>="]
    )
    def test_nonsense_is_no_error(self, full, typed):
        full.search(Query(typed, facets=("kind", "field")))


class TestCodes:
    @pytest.mark.parametrize(
        ("typed", "key"),
        [
            ("2019-02-566/KQNC", "dryer"),
            ("201902566", "dryer"),
            ("hồ sơ 2019 02 566", "dryer"),
            ("1201904512", "water"),
            ("1-2019-04512", "water"),
        ],
    )
    def test_code_however_typed(self, full, typed, key):
        assert keys(full, typed)[0] == key


class TestFilters:
    def test_kinds(self, full):
        assert keys(full, kinds=("offer",)) == ["water"]
        assert full.search(Query(kinds=("offer", "result"))).total == 5

    def test_kinds_left_out(self, full):
        results = full.search(Query(without_kinds=("offer",), facets=("kind",)))
        assert (results.total, results.facets["kind"]) == (4, {"result": 4})

    def test_narrowed_kinds_are_found_by_their_value_alone(self, full):
        """A kind that is narrowed shows what has the value; other kinds are as ever."""
        offers = Narrowing(("offer",), "province", ("01",))
        assert full.search(Query(narrowed=(offers,))).total == 5
        elsewhere = replace(offers, values=("82",))
        assert "water" not in keys(full, narrowed=(elsewhere,))
        assert keys(full, kinds=("offer",), narrowed=(elsewhere,)) == []
        assert full.search(Query(narrowed=(elsewhere,))).total == 4

    def test_narrowed_to_nothing_and_without_the_facet_shows_none(self, full):
        results = Narrowing(("result",), "province", ())
        assert keys(full, narrowed=(results,)) == ["water"]
        # Only one result says where it is: who says nothing is in no place.
        here = replace(results, values=("82",))
        assert set(keys(full, narrowed=(here,))) == {"dryer", "water"}

    def test_counts_are_of_what_is_narrowed(self, full):
        here = Narrowing(("result", "offer"), "province", ("82",))
        results = full.search(Query(narrowed=(here,), facets=("kind", "province")))
        assert (results.total, results.facets) == (
            1,
            {"kind": {"result": 1}, "province": {"82": 1}},
        )

    def test_words_texts_and_beginnings_are_narrowed(self, full):
        here = (Narrowing(("result", "offer"), "province", ("82",)),)
        assert keys(full, "sấy xoài nước thải dệt", match="any", narrowed=here) == ["dryer"]
        asked = TextQuery("Xử lý nước thải dệt nhuộm bằng màng lọc", kinds=("offer", "result"))
        assert "water" in [hit.key for hit in full.candidates(asked)]
        narrowed = full.candidates(replace(asked, narrowed=here))
        assert {hit.key for hit in narrowed} <= {"dryer"}
        assert [hit.key for hit in full.suggest("nước th")] == ["water"]
        assert full.suggest("nước th", narrowed=here) == []
        assert [hit.key for hit in full.suggest("máy sấy", narrowed=here)] == ["dryer"]

    def test_values_of_one_facet_are_alternatives(self, full):
        found = keys(full, filters={"field": ("211", "207")})
        assert set(found) == {"dryer", "water"}

    def test_facets_must_all_hold(self, full):
        assert keys(full, filters={"field": ("2",), "province": ("01",)}) == ["water"]

    def test_numbers_as_values(self, full):
        assert set(keys(full, filters={"trl": ("8", "9")})) == {"dryer", "silk"}
        assert keys(full, filters={"trl": ("x",)}) == []

    def test_ranges(self, full):
        assert set(keys(full, ranges={"trl": (8, None)})) == {"dryer", "silk"}
        assert keys(full, ranges={"trl": (None, 6)}) == ["water"]
        assert keys(full, ranges={"year": (2021, 2023)}) == ["dryer"]

    def test_unknown_names_are_ignored(self, full):
        full.search(Query(filters={"no such": ("x",), "x); drop": ("y",)}, ranges={"no": (1, 2)}))
        assert full.healthy()

    def test_counts(self, full):
        facets = full.search(Query(facets=("kind", "field", "trl", "nothing"))).facets
        assert facets["kind"] == {"result": 4, "offer": 1}
        assert facets["field"] == {"2": 2, "211": 1, "207": 1}
        assert facets["trl"] == {"6": 1, "8": 1, "9": 1}
        assert facets["nothing"] == {}

    def test_facet_is_counted_without_its_own_filter(self, full):
        query = Query(kinds=("offer",), filters={"field": ("207",)}, facets=("kind", "field"))
        facets = full.search(query).facets
        assert facets["field"] == {"2": 1, "207": 1}
        assert facets["kind"] == {"offer": 1}


class TestOrder:
    def test_newest_first_undated_last(self, full):
        found = keys(full, sort="newest")
        assert found[:3] == ["dryer", "pump", "water"]
        assert set(found[3:]) == {"silk", "rice"}

    def test_nearest_deadline_first(self, full):
        assert keys(full, sort="deadline")[:2] == ["pump", "water"]

    def test_pages_and_exact_total(self, engine):
        engine.rebuild(document(f"k{n}", "máy ép", numbers={"published": n}) for n in range(45))
        first = engine.search(Query("máy ép", sort="newest", limit=20))
        last = engine.search(Query("máy ép", sort="newest", limit=20, offset=40))
        assert first.total == last.total == 45
        assert [hit.key for hit in first.hits][:2] == ["k44", "k43"]
        assert [hit.key for hit in last.hits] == ["k4", "k3", "k2", "k1", "k0"]


class TestCandidates:
    NEED = (
        "Cơ sở của chúng tôi mỗi ngày thải khoảng 1.200 m³ nước thải dệt nhuộm. Cần công nghệ xử lý "
        "đạt cột A. Chưa biết chọn keo tụ hay màng lọc."
    )

    def test_need_finds_its_answer(self, full):
        assert full.candidates(TextQuery(self.NEED))[0].key == "water"

    def test_need_without_marks(self, full):
        from search.analysis import fold

        assert full.candidates(TextQuery(fold(self.NEED)))[0].key == "water"

    def test_stored_text_comes_along(self, full):
        hit = full.candidates(TextQuery(self.NEED))[0]
        assert (hit.id, hit.kind, hit.title) == ("offer:water", "offer", WATER.title)
        assert hit.text == WATER.text
        assert hit.score > 0

    def test_kinds_and_limit(self, full):
        found = full.candidates(TextQuery(self.NEED, kinds=("result",), limit=2))
        assert len(found) <= 2
        assert all(hit.kind == "result" for hit in found)

    def test_filters(self, full):
        found = full.candidates(TextQuery(f"{self.NEED} sấy", filters={"province": ("01",)}))
        assert [hit.key for hit in found] == ["water"]

    def test_boosts_add_words(self, full):
        found = full.candidates(TextQuery("sấy", boosts=(("lúa chịu mặn", 5.0),)))
        assert found[0].key == "rice"

    @pytest.mark.parametrize("text", ["", "???", "zzzz"])
    def test_nothing_to_go_by(self, full, text):
        assert full.candidates(TextQuery(text)) == []


class TestStatistics:
    def test_frequencies(self, full):
        statistics = full.term_statistics(["lúa", "lua", "sấy", "nước_thải", "nuoc_thai", "zzz"])
        assert statistics.document_count == 5
        assert statistics.average_length > 5
        assert statistics.document_frequency == {
            "lúa": 1,
            "lua": 2,
            "sấy": 1,
            "nước_thải": 1,
            "nuoc_thai": 1,
            "zzz": 0,
        }


class TestWriting(Changing):
    def test_add_replaces(self, full):
        with full.writer() as writer:
            writer.add(document("rice", "Giống ngô lai"))
        assert full.count() == 5
        assert "rice" not in keys(full, "lúa")
        assert keys(full, "ngô lai") == ["rice"]

    def test_delete(self, full):
        with full.writer() as writer:
            writer.delete("result:rice")
            writer.delete("result:never")
        assert full.count() == 4
        assert "rice" not in keys(full, "lúa")

    def test_delete_of_one_kind_leaves_the_other(self, engine):
        engine.rebuild([document("x", "một"), document("x", "hai", kind="need")])
        with engine.writer() as writer:
            writer.delete("need:x")
        assert [hit.id for hit in engine.search(Query()).hits] == ["result:x"]

    def test_many_changes_in_one_commit(self, full):
        with full.writer() as writer:
            for n in range(300):
                writer.add(document(f"k{n}", f"thiết bị {n}"))
            for n in range(100):
                writer.delete(f"result:k{n}")
            writer.add(document("k1", "thiết bị trở lại"))
        assert full.count() == 5 + 200 + 1

    def test_error_leaves_nothing_half_done(self, full):
        with pytest.raises(RuntimeError), full.writer() as writer:
            writer.add(document("new", "mới"))
            writer.delete("result:rice")
            raise RuntimeError
        assert full.count() == 5
        assert keys(full, "lúa") == ["rice"]

    def test_error_after_a_commit_keeps_what_was_committed(self, full):
        with pytest.raises(RuntimeError), full.writer() as writer:
            writer.add(document("first", "một"))
            writer.commit()
            writer.add(document("second", "hai"))
            raise RuntimeError
        assert full.count() == 6

    def test_unknown_number_is_refused(self, full):
        with pytest.raises(ValueError, match="weight"), full.writer() as writer:
            writer.add(document("x", "một", numbers={"weight": 1}))

    def test_second_writer_waits(self, full):
        order: list[str] = []

        def second() -> None:
            with full.writer() as writer:
                order.append("second")
                writer.add(document("b", "hai"))

        with full.writer() as writer:
            thread = threading.Thread(target=second)
            thread.start()
            thread.join(0.2)
            order.append("first")
            writer.add(document("a", "một"))
        thread.join(10)
        assert order == ["first", "second"]
        assert full.count() == 7

    def test_strange_texts(self, engine):
        texts = [
            "",
            "\x00 \ud7ff",
            "😀 emoji",
            "x" * 100_000,
            "a b " * 50_000,
            "\u0301\u0301",
            "中文文本",
        ]
        engine.rebuild(document(f"k{n}", text, text) for n, text in enumerate(texts))
        assert engine.count() == len(texts)
        assert engine.search(Query("emoji")).hits[0].text == "😀 emoji"


class TestRebuilding(Changing):
    def test_swap_is_whole(self, full):
        counted: list[int] = []

        def documents():
            for n in range(50):
                counted.append(full.count())
                yield document(f"new{n}", "mới")

        assert full.rebuild(documents()) == 50
        assert set(counted) == {5}
        assert full.count() == 50

    def test_failed_rebuild_keeps_the_old_index(self, full):
        def documents():
            yield document("new", "mới")
            raise RuntimeError

        with pytest.raises(RuntimeError):
            full.rebuild(documents())
        assert full.count() == 5
        assert full.healthy()

    def test_healthy_index_is_left_alone_if_asked(self, full):
        assert full.rebuild(iter([]), unless_healthy=True) == 0
        assert full.count() == 5

    def test_rebuilding_often_gives_the_same(self, full):
        for _ in range(3):
            full.rebuild(ALL)
        assert full.count() == 5


class TestBuilding(Changing):
    def test_new_index_is_seen_when_it_is_whole(self, full):
        with full.builder() as builder:
            assert dict(builder.position) == {}
            builder.add(document("new", "lò hơi"))
            builder.add(document("gone", "nồi hơi"))
            builder.delete("result:gone")
            builder.keep({"result": 7})
            assert full.count() == 5
            assert builder.swap() == 1
        assert keys(full, "lò hơi") == ["new"]
        assert full.count() == 1

    @pytest.mark.kill
    def test_build_goes_on_after_what_was_kept(self, full):
        with pytest.raises(RuntimeError), full.builder() as builder:
            builder.add(document("first", "một"))
            builder.keep({"result": 1, "offer": 3})
            builder.add(document("second", "hai"))
            raise RuntimeError
        assert full.count() == 5
        with full.builder() as builder:
            assert dict(builder.position) == {"result": 1, "offer": 3}
            builder.delete("result:second")
            builder.add(document("second", "hai lần"))
            assert builder.swap() == 2
        assert set(keys(full)) == {"first", "second"}

    def test_build_from_the_beginning_if_asked(self, full):
        with full.builder() as builder:
            builder.add(document("first", "một"))
            builder.keep({"result": 1})
        with full.builder(resume=False) as builder:
            assert dict(builder.position) == {}
            builder.add(document("only", "hai"))
            assert builder.swap() == 1

    def test_writer_goes_on_meanwhile(self, full):
        with full.builder() as builder:
            builder.add(document("new", "mới"))
            with full.writer() as writer:
                writer.add(document("written", "lò hơi"))
            assert keys(full, "lò hơi") == ["written"]
            builder.swap()
        with full.writer() as writer:
            writer.add(document("after", "lò hơi"))
        assert set(keys(full)) == {"new", "after"}

    def test_generation_changes_with_the_swap(self, full):
        before = full.generation()
        assert before == full.generation() == full.standing().generation
        with full.builder() as builder:
            assert builder.name != before
            builder.swap()
        assert full.generation() == builder.name
        assert full.standing().documents == 0


class TestComparing(Changing):
    def test_versions(self, engine):
        engine.rebuild([replace(DRYER, version=3), replace(WATER, version=4)])
        asked = [DRYER.id, WATER.id, "result:never"]
        assert engine.versions(asked) == {DRYER.id: 3, WATER.id: 4}
        assert engine.versions([]) == {}

    def test_all_are_walked_once(self, engine):
        engine.rebuild(document(f"k{n}", "máy", version=n) for n in range(2_500))
        walked = [pair for batch in engine.walk() for pair in batch]
        assert len(walked) == 2_500
        assert dict(walked) == {f"result:k{n}": n for n in range(2_500)}


class TestBadInput:
    LONG = " ".join(f"từ{n}" for n in range(10_000))

    @pytest.mark.parametrize(
        "query",
        [
            Query(LONG),
            Query("máy " * 10_000),
            Query(" OR ".join("abcdefghijklmnopqrstuvwxyz0123456789")),
            Query(" ".join(f"a{n % 10}" for n in range(100)), match="any"),
            Query("máy", offset=10**9),
            Query("máy", offset=9_995, limit=100),
            Query("máy", limit=0),
            Query("máy", filters={"field": tuple(map(str, range(2_000))), "x" * 99: ("1",)}),
            Query("máy", filters={"trl": ("9" * 30, "-1", "")}, facets=("trl", "x" * 99)),
            Query(
                "máy", ranges={"price": (-(10**30), 10**30), "trl": (9, 1), "year": (None, None)}
            ),
            Query("\x00\x1f\u202e \ufffe", facets=("kind",)),
        ],
    )
    def test_an_answer_within_a_second(self, full, query):
        began = time.monotonic()
        full.search(query)
        assert time.monotonic() - began < 5  # seconds; of a machine that does much else

    @given(
        text=st.text(max_size=200)
        | st.lists(
            st.sampled_from(
                [
                    "máy",
                    "sấy",
                    '"',
                    "-",
                    "OR",
                    "(",
                    ")",
                    "*",
                    "~",
                    ":",
                    "trl:",
                    ">=",
                    "field:",
                    "/",
                    "\\",
                    "^2",
                    "{}",
                    "[]",
                ]
            )
        ).map(" ".join),
        match=st.sampled_from(["most", "any"]),
        sort=st.sampled_from(["relevance", "newest", "deadline"]),
        offset=st.integers(0, 50),
    )
    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_whatever_is_typed(self, full, text, match, sort, offset):
        results = full.search(Query(text, match=match, sort=sort, offset=offset, facets=("kind",)))
        assert results.total <= 5
        assert len(results.hits) <= max(0, results.total - offset)
        full.candidates(TextQuery(text))
        full.term_statistics(text.split())


class TestHighlighting:
    def test_found_words_stand_out_in_the_stored_text(self, full):
        hit = full.search(Query("say lanh giu mau")).hits[0]
        marked = [piece for piece, is_match in highlight(hit.text, "sấy lạnh giữ màu") if is_match]
        assert "sấy lạnh" in marked


class TestAbsence:
    def test_missing_index_is_unavailable(self, engine_url):
        engine = get_engine(engine_url)
        assert not engine.healthy()
        for ask in (
            lambda: engine.search(Query("sấy")),
            lambda: engine.candidates(TextQuery("sấy")),
            lambda: engine.term_statistics(["sấy"]),
            engine.standing,
            lambda: engine.versions(["result:x"]),
            lambda: list(engine.walk()),
            engine.count,
        ):
            with pytest.raises(SearchUnavailable):
                ask()
        with pytest.raises(SearchUnavailable), engine.writer():
            pass
        assert engine.generation() == ""

    def test_rebuild_heals(self, engine_url):
        engine = get_engine(engine_url)
        engine.rebuild(ALL)
        assert engine.healthy()
        assert engine.count() == 5
