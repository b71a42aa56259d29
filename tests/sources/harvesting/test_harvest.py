import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.research.models import Result
from marketplace.sources.harvesting.due import due_sources, harvest_batch
from marketplace.sources.harvesting.harvest import Harvest
from marketplace.sources.harvesting.progress import Progress, Walk
from marketplace.sources.models import Fault, Run, SourceKind
from tests.factories.sources import SourceFactory
from tests.sources.harvesting.server import Repository, serving

pytestmark = pytest.mark.django_db

INSIDE = {"inside": ["127.0.0.1"], "interval": 0}


@pytest.fixture
def repository():
    return Repository(25)


@pytest.fixture
def source(repository, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with serving(repository) as address:
        yield SourceFactory(
            kind=SourceKind.HARVEST, address=address, mapping={"harvest": INSIDE}, slug="kho"
        )


def harvest(source, **options):
    source.refresh_from_db()
    waited = []
    pages = options.pop("pages", None)
    summary = Harvest(source, wait=waited.append, **options).run_pages(pages=pages)
    source.refresh_from_db()
    return summary, waited


def titles():
    return dict(Result.objects.public().values_list("source_id", "title"))


def test_everything_comes_in_and_again_only_what_changed(source, repository):
    summary, _waited = harvest(source)
    assert (summary.read, summary.created, summary.problem) == (25, 25, "")
    assert titles()["oai:x:7"] == "Kết quả 7"
    run = Run.objects.get()
    assert run.finished_at
    assert (run.kind, run.created) == ("oai-pmh", 25)
    assert source.last_read_at
    assert [one["verb"] for one in repository.asked] == ["Identify"] + ["ListRecords"] * 3

    repository.now = "2026-11-02T00:00:00Z"
    repository.put("oai:x:3", "Kết quả ba", "2026-11-01T12:00:00Z")
    repository.put("oai:x:4", None, "2026-11-01T13:00:00Z")
    repository.put("oai:x:99", "Mới", "2026-11-01T14:00:00Z")
    del repository.asked[:]
    summary, _waited = harvest(source)
    assert repository.asked == [
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-11-01T00:00:00Z"}
    ]
    assert (summary.created, summary.updated, summary.deleted) == (1, 1, 1)
    assert titles()["oai:x:3"] == "Kết quả ba"
    assert "oai:x:4" not in titles()

    repository.now = "2026-11-03T00:00:00Z"
    summary, _waited = harvest(source)
    assert (summary.read, summary.problem) == (0, "")
    assert Progress.of(source).since == "2026-11-03T00:00:00Z"


def test_all_again_changes_nothing(source, repository):
    harvest(source)
    versions = dict(Result.objects.values_list("source_id", "content_version"))
    summary, _waited = harvest(source, is_full=True)
    assert (summary.unchanged, summary.updated) == (25, 0)
    assert dict(Result.objects.values_list("source_id", "content_version")) == versions


def test_sets_and_days(source, repository):
    repository.granularity = "YYYY-MM-DD"
    source.mapping = {"harvest": INSIDE | {"sets": ["a", "b"]}}
    source.save()
    summary, _waited = harvest(source)
    assert summary.created == 25
    assert [one.get("set") for one in repository.asked if "set" in one] == ["a", "b"]
    del repository.asked[:]
    harvest(source)
    assert [one["from"] for one in repository.asked] == ["2026-11-01"] * 2


def test_it_goes_on_where_it_stopped(source, repository):
    harvest(source, pages=1)
    assert Run.objects.get().finished_at is None
    summary, _waited = harvest(source, pages=1)
    assert (summary.read, summary.created) == (20, 20)
    summary, _waited = harvest(source)
    assert (summary.read, summary.created) == (25, 25)
    assert len([one for one in repository.asked if "metadataPrefix" in one]) == 1
    assert Run.objects.get().finished_at


def test_a_token_that_ran_out_begins_the_list_again_once(source, repository):
    tired = {3}
    repository.habit = lambda number, arguments: (
        (
            200,
            {},
            b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="badResumptionToken"/></OAI-PMH>',
        )
        if number in tired
        else None
    )
    summary, _waited = harvest(source)
    assert (summary.created, summary.problem) == (25, "")
    repository.records = Repository(40).records
    tired.update({7, 9, 10, 11})
    del repository.asked[:]
    tired.clear()
    tired.update({2, 4})
    summary, _waited = harvest(source, is_full=True)
    assert "badResumptionToken" in summary.problem


@pytest.mark.parametrize("length", [1, 2, 5])
def test_tokens_that_go_round_end_with_a_report(source, repository, length):
    inner = repository._list

    def circling(arguments):
        at = int(arguments.get("resumptionToken", "||0").rpartition("|")[2]) // 10
        text = inner({"resumptionToken": "||0"})
        return text.replace("||10", f"||{(at % length + 1) * 10}")

    repository._list = circling
    summary, _waited = harvest(source)
    assert "không có điểm cuối" in summary.problem
    assert len(repository.asked) < 12 + 4 * length
    assert Run.objects.get().problem == summary.problem
    assert len(titles()) == 10


def test_a_long_list_without_a_circle_is_none():
    walk = Walk(run=1)
    assert not any(walk.repeats(str(number)) for number in range(5000))


def test_patience_is_kept_and_the_rest_waits_for_a_later_tick(source, repository):
    busy = {2: "7", 3: "9"}
    repository.habit = lambda number, arguments: (
        (503, {"Retry-After": busy[number]}, b"") if number in busy else None
    )
    summary, waited = harvest(source)
    assert summary.created == 25
    assert waited == [7.0, 9.0]

    repository.put("oai:x:50", "Mới", "2026-11-05T00:00:00Z")
    repository.habit = lambda number, arguments: (503, {"Retry-After": "3600"}, b"")
    summary, waited = harvest(source)
    assert waited == []
    assert Run.objects.first().finished_at is None
    assert source.last_problem == "Máy chủ trả lời mã lỗi HTTP 503."
    now = clock.now()
    assert due_sources(now) == []
    assert [one.slug for one in due_sources(now + timedelta(hours=2))] == ["kho"]
    repository.habit = lambda number, arguments: None
    summary, _waited = harvest(source)
    assert (summary.created, summary.problem) == (1, "")


def test_the_pace_is_polite(source, repository):
    source.mapping = {"harvest": INSIDE | {"interval": 5}}
    source.save()
    _summary, waited = harvest(source)
    assert len(waited) == 3
    assert all(4 < seconds <= 5 for seconds in waited)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, {}, b"<html><body>login</body></html>"), "HTML"),
        ((200, {}, b"<OAI-PMH"), "cắt cụt"),
        ((200, {}, b""), "Không có dữ liệu"),
        ((404, {}, b"no"), "404"),
        ((302, {"Location": "http://169.254.169.254/latest/"}, b""), "mạng nội bộ"),
        ((200, {}, b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "DOCTYPE"),
    ],
)
def test_a_bad_answer_is_the_runs_problem_and_the_next_harvest_is_whole(
    source, repository, answer, said
):
    repository.habit = lambda number, arguments: answer if number == 3 else None
    summary, _waited = harvest(source)
    assert said in summary.problem
    assert summary.created == 10
    assert Run.objects.get().problem == summary.problem
    assert source.last_problem == summary.problem
    assert Progress.of(source).since == ""
    summary, _waited = harvest(source)
    assert (summary.created, summary.unchanged, summary.problem) == (15, 10, "")


def test_records_of_a_broken_page_that_came_before_the_break_are_in(source, repository):
    good = repository.answer({"verb": "ListRecords"})[2]
    cut = good[: good.index(b"oai:x:5")]
    repository.habit = lambda number, arguments: (
        (200, {}, cut) if "metadataPrefix" in arguments else None
    )
    summary, _waited = harvest(source)
    assert summary.created == 5
    assert "cắt cụt" in summary.problem


def test_what_cannot_be_taken_is_reported_by_record(source, repository):
    repository.put("oai:x:90", "", "2026-01-01T00:00:00Z")
    page = (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-01T00:00:00Z</responseDate>'
        "<ListRecords><record><header><identifier>i1</identifier><datestamp>2026-01-01</datestamp></header>"
        '<metadata><Person xmlns="https://www.openaire.eu/cerif-profile/1.2/" id="1"/></metadata></record>'
        "<record><header><identifier>i2</identifier><datestamp>2026-01-01</datestamp></header><metadata>"
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Đề tài X</dc:title><dc:rights>Tuyệt mật</dc:rights></oai_dc:dc></metadata></record>"
        "<record><header><identifier>i3</identifier><datestamp>2026-01-01</datestamp></header><metadata>"
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Nghi?n c?u s?y xo?i</dc:title></oai_dc:dc></metadata></record>"
        "</ListRecords></OAI-PMH>"
    ).encode()
    repository.habit = lambda number, arguments: (
        (200, {}, page) if "metadataPrefix" in arguments else None
    )
    summary, _waited = harvest(source)
    assert (summary.created, summary.refused) == (1, 2)
    assert list(Fault.objects.order_by("line").values_list("line", "rule")) == [
        (1, "record.kind"), (2, "secrecy"), (3, "text.damaged"),
    ]  # fmt: skip
    assert "Đề tài X" not in str(Fault.objects.values())


def test_the_schedule_calls_it_and_other_sources_are_left_alone(source, repository):
    assert harvest_batch() == 0  # no schedule
    source.schedule = "0 2 * * *"
    source.save()
    with clock.frozen_at(source.created_at.replace(hour=20) + timedelta(days=2)):
        assert harvest_batch() == 1
        assert harvest_batch() == 0
    assert len(titles()) == 25
    source.refresh_from_db()
    source.is_active = False
    source.save()
    with clock.frozen_at(source.created_at + timedelta(days=5)):
        assert harvest_batch() == 0


def test_a_row_that_cannot_be_harvested_says_so_and_is_left_for_an_hour(source):
    source.schedule, source.mapping = "* * * * *", {"harvest": {"inside": ["nonsense"]}}
    source.save()
    with clock.frozen_at(source.created_at + timedelta(days=1)):
        assert harvest_batch() == 1
        assert harvest_batch() == 0
    source.refresh_from_db()
    assert source.last_problem == "Cấu hình thu thập của nguồn không đúng."


def test_a_key_goes_only_over_https_and_must_be_set(source, monkeypatch):
    source.credentials_variable = "KHO_KEY"
    source.save()
    with pytest.raises(DomainError, match="KHO_KEY"):
        harvest(source)
    monkeypatch.setenv("KHO_KEY", "name:secret")
    with pytest.raises(DomainError, match="https"):
        harvest(source)


def test_the_command_harvests_and_says_what_came_of_it(source, repository):
    out, err = io.StringIO(), io.StringIO()
    call_command("harvest", "kho", "--pages", "2", stdout=out, stderr=err)
    assert "thêm 20" in out.getvalue()
    assert "chạy lại lệnh" in err.getvalue()
    call_command("harvest", "kho", stdout=out)
    assert "thêm 25" in out.getvalue()
    with pytest.raises(CommandError, match="Không có nguồn"):
        call_command("harvest", "khác")
    repository.habit = lambda number, arguments: (404, {}, b"")
    with pytest.raises(CommandError, match="404"):
        call_command("harvest", "kho", stdout=out)
