import json
from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from marketplace.matching import published
from marketplace.matching.models import LiveQuality, Match
from marketplace.matching.services import record_opened
from tests.factories.listings import NeedFactory
from tests.factories.research import ResultFactory


@pytest.fixture
def judged(tmp_path):
    """Two needs, of which one is answered by the first document and the other by nothing."""
    folder = tmp_path / "judged"
    folder.mkdir()
    others = [
        f"Nuôi tôm thẻ chân trắng trong ao lót bạt lứa {number}, quạt nước chạy ban đêm."
        for number in range(8)
    ]
    documents = [
        "Máy sấy xoài cắt lát giữ màu bằng bơm nhiệt, công suất 500 kg mỗi mẻ.",
        *others,
    ]
    write = {
        "corpus.jsonl": [
            {"_id": str(number), "title": text[:40], "text": text}
            for number, text in enumerate(documents)
        ],
        "queries.jsonl": [
            {"_id": "a", "text": "Sấy xoài cắt lát giữ màu bằng bơm nhiệt"},
            {"_id": "b", "text": "Kéo sợi para-aramid cho vải chống đâm"},
        ],
    }
    for name, rows in write.items():
        (folder / name).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "qrels.tsv").write_text("q\td\ts\na\t0\t3\na\t1\t0\nb\t1\t0\n", encoding="utf-8")
    return folder


def test_publish_quality_writes_what_the_page_reads(judged, tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir()

    call_command("publish_quality", str(judged), "--release", "9.1", "--folder", str(out))

    (release,) = published.releases(out)
    own = release.own
    assert (release.version, own.needs, own.unanswered) == ("9.1", 2, 1)
    assert (own.ndcg, own.precision, own.recall) == (1, 1, 1)
    assert (own.abstention_precision, own.abstention_recall) == (1, 1)
    assert [one.without_marks for one in release.sets] == [False, True]


def test_shipped_releases_are_measured_on_the_own_set():
    releases = published.releases()
    assert releases
    assert all(release.own and release.own.ndcg for release in releases)
    assert [one.measured_on for one in releases] == sorted(one.measured_on for one in releases)


@pytest.mark.django_db
def test_count_day_counts_open_needs_and_answers_once_a_day(mango_need, tick):
    ResultFactory.create_batch(2)
    NeedFactory(
        title="Kéo sợi para-aramid cho vải chống đâm",
        summary="Cần dây chuyền kéo sợi para-aramid.",
        problem="Đang nhập toàn bộ.",
        published=True,
    )
    tick()
    record_opened(Match.objects.first())

    published.count_day()
    published.count_day()

    row = LiveQuality.objects.get()
    assert (row.needs, row.needs_met, row.sdme) == (2, 1, 0.5)
    assert (row.opened, row.passed, row.acceptance) == (1, 0, 1)
    assert row.supply >= 2


def test_a_day_without_needs_or_answers_divides_by_nothing():
    row = LiveQuality(needs=0, needs_met=0, opened=0, passed=0)
    assert (row.sdme, row.acceptance) == (None, None)


def test_points_are_between_the_edges_and_leave_out_what_is_not_known():
    points = published.plotted([("1", 0.0), ("2", None), ("3", 1.0)])
    assert [(point.label, point.x) for point in points] == [("1", 40.0), ("3", 560.0)]
    assert [point.y for point in points] == [168.0, 12.0]
    assert [point.x for point in published.plotted([("1", 0.5)])] == [300.0]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "en"])
def test_everybody_reads_the_page(client, language):
    LiveQuality.objects.create(
        day=date(2026, 11, 25), needs=4, needs_met=3, supply=1200, shown=9, opened=2, passed=2
    )
    with translation.override(language):
        page = client.get(reverse("matching:quality")).content.decode()

    assert "75%" in page
    assert "50%" in page
    assert published.releases()[-1].version in page
    assert ("1.200" if language == "vi" else "1,200") in page
