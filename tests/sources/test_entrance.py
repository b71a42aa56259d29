"""The one entrance: records, deletions and what is no record, with where each value is from."""

import json
import tracemalloc

import pytest

from marketplace.core import clock
from marketplace.research.models import Result
from marketplace.research.services import withdraw_result
from marketplace.sources.imports.files import read_json
from marketplace.sources.imports.incoming import Deleted, Incoming, InputProblem, Unreadable
from marketplace.sources.models import Conflict, Correction, RawRecord
from marketplace.sources.services import Seen, begin_run, bring_in, correct_field, import_file
from tests.factories.accounts import UserFactory
from tests.factories.sources import SourceFactory

pytestmark = pytest.mark.django_db

FIRST = {"id": "A", "title": "Máy sấy xoài", "year": 2020, "org": "Viện Thử"}


def incoming(record, line=1):
    raw = json.dumps(record, ensure_ascii=False).encode()
    return Incoming(line, raw, "jsonl", read=read_json)


@pytest.fixture
def source():
    return SourceFactory()


@pytest.fixture
def send(source, tmp_path, settings):
    settings.DATA_DIR = tmp_path

    def bring(*arrivals, **options):
        numbered = [
            incoming(one, line) if isinstance(one, dict) else one
            for line, one in enumerate(arrivals, 1)
        ]
        return bring_in(numbered, source=source, run=begin_run(source), **options)

    return bring


@pytest.fixture
def result(send):
    send(FIRST)
    return Result.objects.get()


def correct(result, field, value):
    correction = Correction.objects.create(
        result=result,
        field=field,
        value=value,
        over_value=getattr(result, field),
        reason="in sai",
        by=UserFactory(),
        at=clock.now(),
    )
    setattr(result, field, value)
    result.save()
    return correction


def test_record_is_kept_as_it_came(send):
    send(FIRST)

    raw = RawRecord.objects.get()
    assert json.loads(raw.raw) == FIRST
    assert (raw.identifier, raw.format, raw.before) == ("A", "jsonl", None)
    assert raw.content_hash == Result.objects.get().content_hash


def test_change_keeps_what_the_row_said_before(send, result):
    send(FIRST | {"year": 2021})

    raw = RawRecord.objects.of(result.source, "A").first()
    assert raw.before == {"year": 2020, "content_hash": result.content_hash}


def test_known_bytes_are_not_read_again(send, result, source):
    def read(raw):
        raise AssertionError("read again")

    raw = json.dumps(FIRST, ensure_ascii=False).encode()
    summary = bring_in([Incoming(1, raw, "jsonl", read=read)], source=source, run=begin_run(source))

    assert (summary.read, summary.unchanged, summary.updated) == (1, 1, 0)
    assert RawRecord.objects.count() == 1


def test_version_of_before_that_comes_again_is_news(send, result):
    send(FIRST | {"year": 2021})

    summary = send(FIRST)

    result.refresh_from_db()
    assert (summary.updated, result.year) == (1, 2020)


def test_unreadable_value_is_said_at_every_run(send):
    bad = FIRST | {"year": "xưa"}

    assert send(bad).remarks == 1
    assert send(bad).remarks == 1


def test_deleted_record_leaves_and_comes_back(send, result):
    gone = send(Deleted(1, "A"), Deleted(2, "B"))
    result.refresh_from_db()
    assert (gone.deleted, gone.unchanged) == (1, 1)
    assert (result.withdrawn_at is not None, result.content_version) == (True, 2)
    assert send(Deleted(1, "A")).deleted == 0

    back = send(FIRST)

    result.refresh_from_db()
    assert (back.updated, result.withdrawn_at, result.withdrawal_reason) == (1, None, "")
    assert RawRecord.objects.of(result.source, "A").count() == 3


def test_deletion_and_return_in_one_run_keep_their_order(send, result):
    send(FIRST | {"year": 2021}, Deleted(2, "A"), FIRST | {"year": 2022})

    result.refresh_from_db()
    assert (result.year, result.withdrawn_at) == (2022, None)


def test_what_staff_withdrew_is_not_shown_by_its_source(send, result):
    withdraw_result(result, by="test", reason="sai")

    send(Deleted(1, "A"))
    send(FIRST | {"year": 2021})

    result.refresh_from_db()
    assert result.withdrawal_reason == "sai"


def test_correction_stays_and_what_is_new_is_asked(send, result):
    correct(result, "title", "Máy sấy xoài cắt lát")

    send(FIRST | {"year": 2021})
    assert not Conflict.objects.exists()
    summary = send(FIRST | {"title": "Máy sấy quả"})
    send(FIRST | {"title": "Máy sấy quả", "year": 2023})

    result.refresh_from_db()
    conflict = Conflict.objects.get()
    assert (result.title, result.year) == ("Máy sấy xoài cắt lát", 2023)
    assert (summary.conflicts, conflict.state, conflict.value) == (1, "open", "Máy sấy quả")
    assert conflict.raw_record.run.conflicts == 1


def test_people_that_staff_corrected_stay_and_other_names_are_asked(send, result):
    send(FIRST | {"people": "Lê Thị Cắt; Phạm Văn Sấy"})
    result.refresh_from_db()
    ours = [{"name": "Phạm Văn Sấy", "role": "lead"}, {"name": "Lê Thị Cắt", "role": "member"}]
    clerk = UserFactory(is_staff=True)
    correct_field(result, field="people", value=ours, reason="theo biên bản nghiệm thu", by=clerk)

    send(FIRST | {"people": "Lê Thị Cắt; Phạm Văn Sấy", "year": 2021})
    assert not Conflict.objects.exists()
    for year in (2022, 2023):
        send(FIRST | {"people": "Đỗ Thị Khác", "year": year})

    result.refresh_from_db()
    conflict = Conflict.objects.get()
    assert (result.people, result.year) == (ours, 2023)
    assert (conflict.state, [one["name"] for one in conflict.value]) == ("open", ["Đỗ Thị Khác"])


def test_day_that_staff_wrote_stays_where_the_source_has_none(send, result):
    clerk = UserFactory(is_staff=True)
    day = "2024-02-28"
    correct_field(result, field="accepted_on", value=day, reason="theo biên bản", by=clerk)

    assert send(FIRST | {"year": 2021}).updated == 1

    result.refresh_from_db()
    assert (result.accepted_on.isoformat(), result.year) == (day, 2021)
    assert not Conflict.objects.exists()


def test_source_that_is_master_of_a_field_is_followed_and_said(send, result, source):
    source.mapping = {"masters": {"title": "source"}}
    source.save()
    correction = correct(result, "title", "Máy sấy xoài cắt lát")

    send(FIRST | {"title": "Máy sấy quả"})

    result.refresh_from_db()
    correction.refresh_from_db()
    assert result.title == "Máy sấy quả"
    assert correction.ended_at is not None
    assert Conflict.objects.get().state == "taken"


def test_columns_are_what_the_mapping_says(send, source):
    source.mapping = {"columns": {"Tít": "title", "title": ""}}
    source.save()

    send({"id": "A", "Tít": "Tên thật", "title": "không đọc"})

    assert Result.objects.get().title == "Tên thật"


def test_identifier_of_the_protocol_is_the_one(source):
    raw = json.dumps(FIRST).encode()

    bring_in(
        [Incoming(1, raw, "oai_dc", read=read_json, source_id="oai:x:1")],
        source=source,
        run=begin_run(source),
    )

    assert Result.objects.get().source_id == "oai:x:1"


def test_classified_record_leaves_no_bytes(send):
    send({"id": "A", "title": "Bí", "độ mật": "Mật"}, Unreadable(2, "hỏng"))

    assert not RawRecord.objects.exists()
    assert not Result.objects.exists()


def test_reading_that_breaks_off_is_said_on_run_and_source(source):
    def broken():
        yield incoming(FIRST)
        raise InputProblem("máy chủ không trả lời")

    run = begin_run(source)
    bring_in(broken(), source=source, run=run)

    source.refresh_from_db()
    assert Result.objects.count() == 1
    assert (run.problem, source.last_problem) == ("máy chủ không trả lời",) * 2
    assert source.last_read_at == run.finished_at


def test_records_of_a_sandbox_are_on_no_page(send, source):
    source.is_sandbox = True
    source.save()

    send(FIRST)
    send(FIRST | {"year": 2021})

    assert Result.objects.get().year == 2021
    assert not Result.objects.public().exists()


def test_identifiers_are_remembered_beyond_the_memory(monkeypatch):
    monkeypatch.setattr("marketplace.sources.services.summary.IN_MEMORY", 10)
    seen = Seen()
    seen.files = 1

    first = [seen.first_place("s", f"R{n}", n) for n in range(35)]
    again = [seen.first_place("s", f"R{n}", 1000 + n) for n in range(35)]
    seen.forget("s", "R3")

    assert first == again == [(1, n) for n in range(35)]
    assert seen.first_place("s", "R3", 99) == (1, 99)


def test_field_of_a_hundred_megabytes_is_refused_in_bounded_memory(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    path = tmp_path / "x.jsonl"
    with path.open("wb") as out:
        out.write(b'{"id": 1, "title": "')
        for _n in range(100):
            out.write(b"x" * 1024 * 1024)
        out.write(b'"}\n{"id": 2, "title": "ok"}\n')

    tracemalloc.start()
    summary = import_file(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (summary.created, summary.refused) == (1, 1)
    assert peak < 40 * 1024 * 1024
