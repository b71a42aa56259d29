"""Records made ready in a second process are the same records, also where that process ends at once."""

import json
import os
import signal

import pytest
from django.core.management import call_command

from marketplace.accounts.models import Organization
from marketplace.research.models import Result, Task
from marketplace.sources.imports.codes import Codes
from marketplace.sources.imports.files import read_json
from marketplace.sources.imports.incoming import Deleted, Incoming, Unreadable
from marketplace.sources.imports.report import Report
from marketplace.sources.models import RawRecord
from marketplace.sources.services import Seen, begin_run
from marketplace.sources.services.preparing import Ways, prepare
from marketplace.sources.services.reading import Reader
from marketplace.sources.services.second_process import SecondProcess
from marketplace.sources.services.summary import ImportSummary
from marketplace.sources.services.writing import Writer
from marketplace.taxonomy.translating import forget_translations
from tests.factories.sources import SourceFactory

pytestmark = pytest.mark.django_db

WAYS = Ways({}, {}, "result")
PLAIN = {"id": "A", "title": "Máy sấy xoài", "org": "Viện Thử", "year": 2020, "trl": "12"}
CODED = {"id": "B", "title": "Máy sấy vải", "Tỉnh": "Hà Tây"}
SECRET = {"id": "C", "title": "(MẬT) Máy sấy"}
TASK = {"id": "D", "title": "Nghiên cứu sấy", "record type": "task"}


@pytest.fixture
def tables(db):
    forget_translations()
    call_command("load_vocabularies", verbosity=0)
    yield
    forget_translations()


def incoming(record, line=1):
    raw = record if isinstance(record, bytes) else json.dumps(record).encode()
    return Incoming(line, raw, "jsonl", read=read_json)


@pytest.fixture
def second():
    process = SecondProcess(WAYS)
    yield process
    process.close()


def test_it_prepares_what_needs_no_database_and_leaves_the_rest(second):
    codes = Codes()
    arrivals = [incoming(one) for one in (PLAIN, CODED, SECRET, TASK, b"{")]
    assert second.ask(arrivals, codes)
    answers = second.answers(len(arrivals))
    assert answers == [prepare(arrivals[0], WAYS, codes, dict), None, None, None, None]


def test_codes_that_the_first_process_read_are_known_to_the_second(tables, second):
    codes = Codes()
    read_here = prepare(incoming(CODED), WAYS, codes, dict)
    assert read_here.cleaned.record.province_code
    assert second.ask([incoming(CODED)], codes)
    assert second.answers(1) == [read_here]
    assert second.ask([incoming(CODED)], codes), "and stay known"
    assert second.answers(1) == [read_here]


def test_what_cannot_be_handed_over_is_left_to_the_first(second):
    arrival = Incoming(1, b"x", "jsonl", read=lambda raw: dict(PLAIN))
    assert not second.ask([arrival], Codes())
    assert second.ask([incoming(PLAIN)], Codes())
    assert second.answers(1) == [prepare(incoming(PLAIN), WAYS, Codes(), dict)]


def arrivals():
    for number in range(40):
        yield incoming({**PLAIN, "id": f"A{number % 37}", "org": f"Viện {number % 5}"}, number)
        yield incoming({**CODED, "id": f"B{number}"}, 100 + number)
    yield incoming(SECRET, 200)
    yield Unreadable(201, "hỏng")
    yield incoming(TASK, 202)
    yield incoming(b"{", 203)
    yield Deleted(204, "A1")
    yield Deleted(205, "B2")
    # Again as it was: it is back, though these bytes were known a moment ago.
    yield incoming({**PLAIN, "id": "A1", "org": "Viện 1"}, 206)


def bring(source, folder, *, forks, kill_after=None, own_share=0.0):
    summary, report = ImportSummary(source.slug), Report(folder, source.slug)
    reader = Reader(arrivals(), source, summary, report, Seen(), {}, {}, "result")
    reader.own_share = own_share
    writer = Writer(source, summary, begin_run(source))
    second = reader.begin_second_process() if forks else None
    told, number = [], 0
    while not reader.is_done:
        batch = reader.next_batch(16)
        told += report.take()
        writer.write(batch)
        reader.take_down_classified()
        if number == kill_after:
            os.kill(second.pid, signal.SIGKILL)
        number += 1
    reader.close()
    report.close()
    return summary, told


def state(slug):
    columns = (
        "source_id",
        "title",
        "content_hash",
        "language",
        "province_code",
        "withdrawal_reason",
    )
    return (
        sorted(Result.objects.filter(source=slug).values_list(*columns, "organization__name")),
        sorted(Task.objects.filter(source=slug).values_list("source_id", "title")),
        sorted(
            RawRecord.objects.filter(source__slug=slug).values_list(
                "identifier", "format", "content_hash", "has_remarks"
            )
        ),
        Organization.objects.count(),
    )


def test_who_would_wait_takes_more_of_the_next_batch(tmp_path):
    source = SourceFactory()
    summary, report = ImportSummary(source.slug), Report(tmp_path, source.slug)
    reader = Reader(arrivals(), source, summary, report, Seen(), {}, {}, "result")
    second = reader.begin_second_process()
    shares = []
    for is_awaited in (True, True, False):
        second.is_awaited = lambda said=is_awaited: said
        reader.next_batch(10)
        shares.append(round(reader.own_share, 2))
    reader.close()
    report.close()

    assert shares == [0.05, 0.1, 0.05]


@pytest.mark.parametrize(("kill_after", "own_share"), [(None, 0.0), (None, 0.4), (1, 0.4)])
def test_a_run_ends_the_same_with_and_without_it(tables, tmp_path, kill_after, own_share):
    alone, other = SourceFactory(), SourceFactory()
    summary, told = bring(alone, tmp_path, forks=False)
    before = state(alone.slug)
    # Records that another source has already are not brought in again.
    Result.objects.all().delete()
    Task.objects.all().delete()
    summary_of_two, told_of_two = bring(
        other, tmp_path, forks=True, kill_after=kill_after, own_share=own_share
    )
    assert state(other.slug) == before
    assert told_of_two == told
    counts = ("read", "created", "updated", "unchanged", "deleted", "refused", "remarks")
    assert [getattr(summary_of_two, one) for one in counts] == [
        getattr(summary, one) for one in counts
    ]
    assert summary.deleted == 2
    assert not Result.objects.get(source=other.slug, source_id="A1").withdrawal_reason
