"""Undone versions and faults of long ago go; what a value is from, or somebody still has to see, stays."""

from datetime import timedelta

import pytest

from marketplace.core import clock
from marketplace.research.models import Result
from marketplace.sources.models import Conflict, Correction, Fault, RawRecord, Run, WaitingCode
from marketplace.sources.provenance import origins
from marketplace.sources.services.forgetting import forget_batch
from tests.factories.research import ResultFactory
from tests.factories.sources import RunFactory, SourceFactory

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=500)


@pytest.fixture
def source():
    return SourceFactory(slug="bo-cong-thuong")


@pytest.fixture
def version(source):
    def make(identifier="A", *, undone=LONG_AGO, outcome="undone", before=None, run=None):
        moment = clock.now()
        run = run or RunFactory(
            source=source,
            started_at=moment - LONG_AGO,
            undone_at=None if undone is None else moment - undone,
        )
        return RawRecord.objects.create(
            source=source, identifier=identifier, run=run, format="jsonl", compressed=b"",
            raw_hash="", content_hash="", before=before, undo_outcome=outcome, received_at=moment,
        )  # fmt: skip

    return make


def forget():
    while forget_batch(2):
        pass


def kept():
    return set(RawRecord.objects.all())


def row_of(source, **facts):
    return ResultFactory(source=source.slug, source_id="A", **facts)


def test_versions_undone_long_ago_go_and_no_others(version):
    [version(str(number)) for number in range(5)]
    stay = {
        version("standing", undone=None, outcome=""),
        version("of late", undone=timedelta(days=20)),
        version("being undone", undone=None),
        *(version(outcome, outcome=outcome) for outcome in ("later", "partly", "withdrawn")),
    }

    forget()

    assert kept() == stay
    assert forget_batch() == 0


@pytest.mark.parametrize("state", ["open", "taken"])
def test_version_that_a_conflict_is_about_stays(version, source, state):
    asked, settled = version("A"), version("B")
    correction = Correction.objects.create(
        result=row_of(source), field="title", reason="in sai", at=clock.now()
    )
    for one, its_state in ((asked, state), (settled, "gone")):
        Conflict.objects.create(
            correction=correction, raw_record=one, state=its_state, found_at=clock.now()
        )

    forget()

    assert kept() == {asked}
    assert Conflict.objects.filter(raw_record=None, state="gone").count() == 1


def test_version_that_made_a_row_stays_while_nothing_else_says_where_its_values_are_from(
    version, source
):
    row = row_of(source)
    made = version("A")

    forget()
    assert kept() == {made}

    again = version("A", undone=None, outcome="", before={"title": row.title})
    forget()
    assert kept() == {again}
    assert origins(row)["title"].raw == again


def test_version_of_a_row_that_went_with_it_goes(version, source):
    row_of(source, withdrawn_at=clock.now(), withdrawal_reason="run.undone")
    version("A")

    forget()

    assert not kept()
    assert Result.objects.count() == 1


def test_faults_of_old_runs_go_but_for_the_last_run_of_a_source_and_what_waits(source):
    moment = clock.now()
    old, newer = (
        RunFactory(source=source, started_at=moment - days, finished_at=moment - days)
        for days in (LONG_AGO, LONG_AGO - timedelta(days=1))
    )
    of_another = RunFactory(started_at=moment - LONG_AGO, finished_at=moment - LONG_AGO)

    def fault(run, source_id="", rule="value.year", **more):
        return Fault.objects.create(
            run=run, line=1, is_refusal=False, rule=rule, reason="sai", source_id=source_id, **more
        )

    WaitingCode.objects.create(
        source=source, record_type="result", identifier="W", run=old, field="field_codes",
        value="?", vocabulary="st-fields", to="st-fields-2008", key="?",
    )  # fmt: skip
    [fault(old) for _each in range(3)]
    stay = {
        fault(old, "W"),
        fault(old, "D", "text.damaged", field="title"),
        fault(newer),
        fault(newer, "E", "text.damaged", field="title"),
        fault(of_another),
    }
    fault(old, "E", "text.damaged", field="title")  # said again by the newer run

    forget()

    assert set(Fault.objects.all()) == stay
    Run.objects.filter(pk=newer.pk).update(finished_at=None)
    fault(old)
    forget()
    assert Fault.objects.filter(run=old, source_id="").count() == 1, "the newer one was interrupted"


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
def test_killed_between_batches_it_goes_on(version, source, other_process):
    stays = version("standing", undone=None, outcome="")
    run = version("0").run
    for number in range(1, 9):
        version(str(number), run=run)
    process = other_process(
        """
        import time
        from django.db import transaction
        from marketplace.sources.services import forgetting
        forgetting.forget_batch(3)
        with transaction.atomic():
            forgetting.forget_batch(3)
            print("within a batch", flush=True)
            time.sleep(60)
        """
    )
    process.wait_for("within a batch")
    process.kill()
    assert RawRecord.objects.count() == 7

    forget()

    assert kept() == {stays}
