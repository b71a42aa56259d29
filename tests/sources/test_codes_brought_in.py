"""Old codes of records: translated by the tables, or waiting for a person and then put right."""

import json

import pytest
from django.core.management import call_command

from marketplace.core import clock
from marketplace.research.models import Result, Task
from marketplace.sources.imports.files import read_json
from marketplace.sources.imports.incoming import Incoming
from marketplace.sources.models import RawRecord, WaitingCode
from marketplace.sources.services import ask_undo, begin_run, bring_in, correct_field, undo_batch
from marketplace.sources.services.waiting import settle_codes
from marketplace.taxonomy.models import UnresolvedCode
from marketplace.taxonomy.translating import decide_code, forget_translations, leave_code_empty
from tests.factories.accounts import UserFactory
from tests.factories.sources import SourceFactory

pytestmark = pytest.mark.django_db

#: Its parts lie in several provinces of today.
DIVIDED = "Hải Hưng"


@pytest.fixture(autouse=True)
def tables(db):
    forget_translations()
    call_command("load_vocabularies", verbosity=0)
    yield
    forget_translations()


@pytest.fixture
def source():
    return SourceFactory()


@pytest.fixture
def send(source, tmp_path, settings):
    settings.DATA_DIR = tmp_path

    def bring(*records):
        run = begin_run(source)
        arrivals = [
            Incoming(line, json.dumps(one).encode(), "jsonl", read=read_json)
            for line, one in enumerate(records, 1)
        ]
        return bring_in(arrivals, source=source, run=run), run

    return bring


def row(identifier="A", **values):
    return {"id": identifier, "title": f"Máy sấy {identifier}", **values}


def test_old_codes_are_those_of_today_and_the_record_stays_as_it_came(send):
    record = row(**{"Tỉnh": "Hà Tây", "fields": "1.2; 40107", "VSIC": "A01"})

    send(record)

    result = Result.objects.get()
    assert (result.province_code, result.field_codes) == ("01", ["102", "40107"])
    assert result.industry_codes
    assert json.loads(RawRecord.objects.get().raw) == record
    assert not WaitingCode.objects.exists()


def test_what_no_table_answers_waits_and_is_put_in_once_decided(send):
    task = {"record_type": "task", **row("T", province=DIVIDED)}
    _summary, run = send(row(province=DIVIDED), task, row("B", province="Hà Nội"))

    question = UnresolvedCode.objects.get()
    assert (question.outcome, question.times_seen) == ("ambiguous", 2)
    assert Result.objects.get(source_id="A").province_code == ""
    assert run.faults.filter(rule="code.waiting").count() == 2
    assert settle_codes() == 0

    decide_code(question, code=question.candidates[0], by=UserFactory())
    assert (settle_codes(), settle_codes()) == (2, 0)

    result = Result.objects.get(source_id="A")
    assert (result.province_code, result.content_version) == (question.candidates[0], 2)
    assert Task.objects.get().province_code == question.candidates[0]
    settled = WaitingCode.objects.filter(identifier="A").get()
    assert (settled.value, settled.code) == (DIVIDED, question.candidates[0])
    # The decision is no news from the source, and holds for what comes later.
    forget_translations()  # as the commit of the decision does
    summary, _run = send(row(province=DIVIDED), row("C", province=DIVIDED.upper()))
    assert (summary.unchanged, summary.created) == (1, 1)
    assert Result.objects.get(source_id="C").province_code == question.candidates[0]
    assert not WaitingCode.objects.open().exists()


def test_value_that_stands_for_nothing_waits_no_more(send):
    send(row(province="Xứ Lạ"))

    leave_code_empty(UnresolvedCode.objects.get(), by=UserFactory())

    assert settle_codes() == 1
    assert Result.objects.get().province_code == ""


def test_value_that_the_source_took_back_is_not_put_in(send):
    send(row(province=DIVIDED))
    question = UnresolvedCode.objects.get()
    send(row(province="Hà Nội"))

    decide_code(question, code=question.candidates[0], by=UserFactory())
    settle_codes()

    assert Result.objects.get().province_code == "01"


def test_what_staff_wrote_stands_and_what_it_stands_over_is_known_better(send):
    send(row(province=DIVIDED))
    result = Result.objects.get()
    correction = correct_field(
        result, field="province_code", value="01", reason="hồ sơ", by=UserFactory()
    )
    question = UnresolvedCode.objects.get()

    decide_code(question, code=question.candidates[0], by=UserFactory())
    settle_codes()

    result.refresh_from_db()
    correction.refresh_from_db()
    assert (result.province_code, correction.over_value) == ("01", question.candidates[0])


def test_run_that_is_undone_asks_nothing_more(send):
    _summary, run = send(row(province=DIVIDED))
    question = UnresolvedCode.objects.get()
    ask_undo(run, by=UserFactory())
    while undo_batch():
        pass

    decide_code(question, code=question.candidates[0], by=UserFactory())

    assert settle_codes() == 0
    assert Result.objects.get().province_code == ""


@pytest.mark.kill
def test_settling_that_is_killed_leaves_nothing_half_done(send, monkeypatch):
    send(*(row(str(number), province=DIVIDED) for number in range(3)))
    question = UnresolvedCode.objects.get()
    decide_code(question, code=question.candidates[0], by=UserFactory())

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("marketplace.sources.services.waiting.audit.record", killed)
        with pytest.raises(KeyboardInterrupt):
            settle_codes()
    assert set(Result.objects.values_list("province_code", flat=True)) == {""}

    settle_codes()
    assert set(Result.objects.values_list("province_code", "content_version")) == {
        (question.candidates[0], 2)
    }
    assert WaitingCode.objects.filter(settled_at__lte=clock.now()).count() == 3
