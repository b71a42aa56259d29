"""New and changed documents alert saved searches: each once, killed anywhere, nothing hidden told."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db.models import F

from marketplace.core import clock
from marketplace.core.clock import VIETNAM
from marketplace.listings.services import withdraw
from marketplace.notifications import alerts, telling
from marketplace.notifications.alerts import match_new, waiting_rows
from marketplace.notifications.delivery import deliver_batch
from marketplace.notifications.models import Frequency, Notice, SavedSearch, SavedSearchHit
from marketplace.notifications.saved_searches import change_search, delete_search, restore_search
from marketplace.notifications.telling import tell_due
from marketplace.research.models import Result
from search.registry import sources
from tests.factories.accounts import OrganizationFactory
from tests.factories.listings import OfferFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db
MANGO = "q=sấy+xoài"


def waiting():
    return sum(waiting_rows(source).count() for source in sources())


def new_result(**values):
    """As `ResultFactory`, imported at the moment of the test's clock."""
    result = ResultFactory(**values)
    rows = Result.objects.filter(pk=result.pk)
    rows.update(imported_at=clock.now(), content_version=F("content_version"))
    result.refresh_from_db()
    return result


def test_new_document_alerts_once(owner, save, clock_runs, frozen_clock):
    search = save(owner, MANGO)
    clock_runs()
    frozen_clock.move(minutes=1)
    result = new_result(title="Máy sấy xoài bằng bơm nhiệt")
    new_result(title="Lò hơi đốt trấu", abstract="Hơi bão hòa.", keywords=[])

    (sent,) = clock_runs()

    assert sent.to == [owner.email]
    assert sent.subject == f"1 kết quả mới cho “{search.name}”"
    assert result.title in sent.body
    assert result.get_absolute_url() in sent.body
    assert "Lò hơi" not in sent.body
    frozen_clock.move(days=1)
    assert len(clock_runs()) == 1
    assert waiting() == 0


def test_edit_of_a_document_that_was_told_does_not_alert_again(
    owner, save, clock_runs, frozen_clock
):
    save(owner, MANGO)
    clock_runs()
    frozen_clock.move(minutes=1)
    result = new_result(title="Máy sấy xoài")
    clock_runs()
    result.title = "Máy sấy xoài kiểu mới"
    result.save()
    frozen_clock.move(days=1)
    assert len(clock_runs()) == 1


def test_edit_of_a_document_that_was_there_before_does_not_alert(
    owner, save, clock_runs, frozen_clock
):
    result = new_result(title="Máy sấy xoài")
    clock_runs()
    frozen_clock.move(minutes=1)
    save(owner, MANGO)
    clock_runs()
    result.title = "Máy sấy xoài kiểu mới"
    result.save()
    frozen_clock.move(days=1)
    assert clock_runs() == []


def test_old_document_alerts_when_an_edit_makes_it_answer(owner, save, clock_runs, frozen_clock):
    result = new_result(title="Lò hơi", abstract="Hơi bão hòa.", keywords=[])
    clock_runs()
    frozen_clock.move(minutes=1)
    save(owner, MANGO)
    clock_runs()
    frozen_clock.move(minutes=1)
    result.abstract = "Hơi dùng cho máy sấy xoài."
    result.save()
    (sent,) = clock_runs()
    assert "Lò hơi" in sent.body


def test_only_most_of_the_words_alert_never_any_of_them(owner, save, clock_runs, frozen_clock):
    save(owner, "q=máy+sấy+thăng+hoa+sầu+riêng")
    clock_runs()
    frozen_clock.move(minutes=1)
    new_result(title="Máy đo độ rung", abstract="Đo rung động cơ.", keywords=[])
    assert clock_runs() == []


def test_filters_hold_for_alerts(owner, save, clock_runs, frozen_clock):
    save(owner, "loai=offer&san-sang=8-9")
    clock_runs()
    frozen_clock.move(minutes=1)
    OfferFactory(published=True, title="Sấy dẻo xoài", trl=8)
    OfferFactory(published=True, title="Sấy dẻo mít", trl=5)
    new_result(trl=8)
    (sent,) = clock_runs()
    assert "Sấy dẻo xoài" in sent.body
    assert "1 kết quả mới" in sent.subject


def test_draft_and_withdrawn_are_not_told(owner, save, clock_runs, frozen_clock):
    save(owner, "loai=offer")
    clock_runs()
    frozen_clock.move(minutes=1)
    OfferFactory(title="Bản nháp bí mật")
    gone = OfferFactory(published=True)
    withdraw(gone, by=gone.contact)
    assert clock_runs() == []
    assert waiting() == 0


def test_withdrawn_between_hit_and_mail_is_not_told_and_told_when_it_comes_back(
    owner, save, index, clock_runs, frozen_clock
):
    save(owner, "loai=result")
    clock_runs()
    frozen_clock.move(minutes=1)
    result = new_result()
    index()
    match_new()
    Result.objects.filter(pk=result.pk).update(withdrawn_at=frozen_clock.moment)
    tell_due()
    assert not Notice.objects.exists()
    Result.objects.filter(pk=result.pk).update(withdrawn_at=None)
    frozen_clock.move(minutes=10)
    assert len(clock_runs()) == 1


def test_withdrawn_between_notice_and_mail_is_not_named(
    owner, save, index, clock_runs, frozen_clock
):
    save(owner, "loai=result")
    clock_runs()
    frozen_clock.move(minutes=1)
    kept, gone = new_result(title="Còn đây"), new_result(title="Đã rút")
    index()
    match_new()
    tell_due()
    Result.objects.filter(pk=gone.pk).update(withdrawn_at=frozen_clock.moment)
    deliver_batch()
    (sent,) = mail.outbox
    assert kept.title in sent.body
    assert gone.title not in sent.body + sent.alternatives[0][0]
    assert sent.subject.startswith("1 kết quả")


def test_mail_of_which_nothing_is_left_is_not_sent(owner, save, index, clock_runs, frozen_clock):
    save(owner, "loai=result")
    clock_runs()
    frozen_clock.move(minutes=1)
    gone = new_result()
    index()
    match_new()
    tell_due()
    Result.objects.filter(pk=gone.pk).update(withdrawn_at=frozen_clock.moment)
    deliver_batch()
    assert mail.outbox == []
    assert Notice.objects.get().retired_at is not None


def test_hidden_owner_is_not_revealed(owner, save, clock_runs, frozen_clock):
    organization = OrganizationFactory(name="Công ty Không Muốn Lộ Tên")
    save(owner, MANGO)
    clock_runs()
    frozen_clock.move(minutes=1)
    OfferFactory(
        published=True, title="Sấy xoài giữ màu", hide_owner=True, organization=organization
    )
    (sent,) = clock_runs()
    assert "Sấy xoài giữ màu" in sent.body
    assert "Lộ Tên" not in sent.body + sent.alternatives[0][0]


def test_daily_and_weekly_hits_leave_in_one_mail(owner, save, clock_runs, frozen_clock):
    # A Wednesday, 09:00.
    save(owner, MANGO, Frequency.DAILY)
    save(owner, "q=lò+hơi", Frequency.DAILY)
    save(owner, "loai=result", Frequency.WEEKLY)
    clock_runs()
    for title in ("Máy sấy xoài", "Lò hơi đốt trấu", "Sấy xoài dẻo"):
        frozen_clock.move(hours=1)
        new_result(title=title, abstract="Mô tả.", keywords=[])
        assert clock_runs() == []
    frozen_clock.move(days=1, hours=-6)  # Thursday, 06:00
    assert clock_runs() == []
    frozen_clock.move(hours=2)
    (sent,) = clock_runs()
    assert sent.subject == "3 kết quả mới trong 2 tìm kiếm đã lưu"
    assert sent.body.index("lò hơi") < sent.body.index("sấy xoài")
    frozen_clock.move(days=3)  # Sunday
    assert len(clock_runs()) == 1
    frozen_clock.move(days=1)  # Monday, 08:00
    assert clock_runs()[1].subject == "3 kết quả mới cho “Kết quả nghiên cứu”"
    frozen_clock.move(days=14)
    assert len(clock_runs()) == 2


def test_immediate_mails_keep_a_distance(owner, save, clock_runs, frozen_clock):
    save(owner, "loai=result")
    clock_runs()
    for _number in range(4):
        frozen_clock.move(minutes=1)
        new_result()
        clock_runs()
    assert len(mail.outbox) == 1
    frozen_clock.move(minutes=5)
    assert clock_runs()[1].subject.startswith("3 kết quả")


def test_paused_search_is_not_told_and_starts_anew(owner, save, clock_runs, frozen_clock):
    search = save(owner, MANGO)
    clock_runs()
    change_search(search, name=search.name, frequency=Frequency.OFF)
    frozen_clock.move(days=1)
    missed = new_result(title="Máy sấy xoài trong lúc nghỉ")
    assert clock_runs() == []
    frozen_clock.move(days=1)
    search.refresh_from_db()
    change_search(search, name=search.name, frequency=Frequency.IMMEDIATE)
    clock_runs()
    frozen_clock.move(days=1)
    missed.save()
    new_result(title="Máy sấy xoài sau đó")
    (sent,) = clock_runs()
    assert "sau đó" in sent.body
    assert "trong lúc nghỉ" not in sent.body


def test_deleted_search_is_not_told_and_can_be_taken_back(owner, save, clock_runs, frozen_clock):
    search = save(owner, MANGO)
    clock_runs()
    delete_search(search)
    frozen_clock.move(days=1)
    new_result(title="Máy sấy xoài A")
    assert clock_runs() == []
    search.refresh_from_db()
    restore_search(search)
    clock_runs()
    frozen_clock.move(minutes=1)
    new_result(title="Máy sấy xoài B")
    assert "Máy sấy xoài B" in clock_runs()[0].body


def test_many_hits_at_once_are_told_as_a_number_and_never_again(
    owner, save, clock_runs, frozen_clock, monkeypatch
):
    monkeypatch.setattr(alerts, "MOST_LISTED", 3)
    save(owner, "loai=result")
    clock_runs()
    results = []
    for _number in range(8):
        frozen_clock.move(seconds=1)
        results.append(new_result())
    (sent,) = clock_runs()
    assert sent.subject.startswith("8 kết quả")
    frozen_clock.move(days=1)
    for result in results:
        result.save()
    assert len(clock_runs()) == 1
    frozen_clock.move(minutes=1)
    new_result()
    assert clock_runs()[1].subject.startswith("1 kết quả")


def test_search_that_found_too_much_to_write_down_alerts_of_what_is_newer(
    owner, save, clock_runs, frozen_clock, monkeypatch
):
    monkeypatch.setattr(alerts, "MOST_KNOWN", 2)
    old = [new_result() for _number in range(4)]
    clock_runs()
    frozen_clock.move(minutes=1)
    save(owner, "loai=result")
    clock_runs()
    assert not SavedSearchHit.objects.exists()
    frozen_clock.move(minutes=1)
    for result in old:
        result.save()
    new_result()
    assert clock_runs()[0].subject.startswith("1 kết quả")


def test_rows_of_before_the_first_search_are_passed(clock_runs, owner, save, frozen_clock):
    [new_result() for _number in range(3)]
    clock_runs()
    assert waiting() == 0
    assert not Result.objects.stale("alerted_version").exists()
    frozen_clock.move(minutes=1)
    save(owner, "loai=result")
    assert clock_runs() == []


def test_what_the_index_does_not_know_yet_waits(owner, save, clock_runs, frozen_clock):
    save(owner, "loai=result")
    clock_runs()
    frozen_clock.move(minutes=1)
    new_result()
    assert match_new() == 0
    assert Result.objects.stale("alerted_version").exists()


def test_without_an_engine_nothing_is_lost(owner, save, clock_runs, frozen_clock, settings, index):
    clock_runs()
    frozen_clock.move(minutes=1)
    new_result(title="Máy sấy xoài")
    index()
    save(owner, MANGO)
    address, settings.SEARCH_URL = settings.SEARCH_URL, "embedded:///nowhere"
    assert match_new() == 0
    assert not SavedSearch.objects.get().is_ready
    settings.SEARCH_URL = address
    frozen_clock.move(minutes=1)
    new_result(title="Sấy xoài dẻo")
    (sent,) = clock_runs()
    assert "Sấy xoài dẻo" in sent.body


def test_search_that_cannot_be_asked_stops_no_other(
    owner, stranger, save, clock_runs, frozen_clock, monkeypatch
):
    save(owner, MANGO)
    broken = save(stranger, "q=lò+hơi")
    clock_runs()
    asked = alerts.answering

    def fails(query, **how):
        if "lò" in query.text:
            raise ValueError(broken.name)
        return asked(query, **how)

    monkeypatch.setattr(alerts, "answering", fails)
    frozen_clock.move(minutes=1)
    new_result(title="Máy sấy xoài")
    assert [sent.to for sent in clock_runs()] == [[owner.email]]


def test_mail_is_in_the_readers_language(owner, save, clock_runs, frozen_clock):
    owner.language = "en"
    owner.save()
    save(owner, MANGO)
    clock_runs()
    frozen_clock.move(minutes=1)
    new_result(title="Máy sấy xoài")
    assert "/en/" in clock_runs()[0].body


# --- killed -------------------------------------------------------------------------------------


class Killed(BaseException):
    pass


def die(*args, **kwargs):
    raise Killed


def told_once():
    return (
        SavedSearchHit.objects.exclude(told_at=None).count(),
        Notice.objects.count(),
        len(mail.outbox),
        waiting(),
    ) == (1, 1, 1, 0)


@pytest.mark.kill
@pytest.mark.parametrize("place", ["_build", "_answers", "_drop_outdated", "_keep_hits"])
def test_killed_while_matching(owner, save, clock_runs, index, frozen_clock, monkeypatch, place):
    save(owner, MANGO)
    clock_runs()
    frozen_clock.move(minutes=1)
    new_result(title="Máy sấy xoài")
    index()
    with monkeypatch.context() as patch:
        patch.setattr(alerts, place, die)
        with pytest.raises(Killed):
            match_new()
    assert not SavedSearchHit.objects.exists()
    clock_runs()
    assert told_once()
    clock_runs()
    assert told_once()


@pytest.mark.kill
def test_killed_between_hits_and_mark(owner, save, clock_runs, index, frozen_clock, monkeypatch):
    save(owner, MANGO)
    clock_runs()
    frozen_clock.move(minutes=1)
    new_result(title="Máy sấy xoài")
    index()
    with monkeypatch.context() as patch:
        patch.setattr(alerts._Batch, "mark", die)
        with pytest.raises(Killed):
            match_new()
    assert not SavedSearchHit.objects.exists()
    assert Result.objects.stale("alerted_version").count() == 1
    clock_runs()
    assert told_once()


@pytest.mark.kill
def test_killed_after_the_claim_and_before_the_notice(
    owner, save, clock_runs, index, frozen_clock, monkeypatch
):
    save(owner, MANGO)
    clock_runs()
    frozen_clock.move(minutes=1)
    new_result(title="Máy sấy xoài")
    index()
    match_new()
    with monkeypatch.context() as patch:
        patch.setattr(telling, "notify", die)
        with pytest.raises(Killed):
            tell_due()
    assert SavedSearchHit.objects.get().told_at is None
    clock_runs()
    assert told_once()


@pytest.mark.kill
def test_killed_while_a_search_learns(owner, save, clock_runs, frozen_clock, monkeypatch):
    old = new_result(title="Máy sấy xoài")
    clock_runs()
    frozen_clock.move(minutes=1)
    save(owner, MANGO)
    with monkeypatch.context() as patch:
        patch.setattr(alerts, "find", die)
        with pytest.raises(Killed):
            match_new()
    assert not SavedSearch.objects.get().is_ready
    clock_runs()
    old.save()
    assert clock_runs() == []
    assert SavedSearch.objects.get().is_ready


# --- two workers --------------------------------------------------------------------------------

WORK = """
from marketplace.notifications.alerts import match_new
from marketplace.notifications.telling import tell_due
print("ready", flush=True)
for _round in range(3):
    match_new()
    tell_due()
"""


@pytest.mark.django_db(transaction=True)
def test_two_workers_without_a_lease_tell_once(owner, save, search_engine, index, other_process):
    for number in range(5):
        save(owner, f"q=sấy+xoài&san-sang={('1-5', '6-7', '8-9')[number % 3]}&tinh=0{number}")
    save(owner, MANGO)
    while match_new():
        pass
    for _number in range(3):
        new_result(title="Máy sấy xoài")
    index()

    workers = [other_process(WORK), other_process(WORK)]
    for worker in workers:
        worker.finish(60)

    assert Notice.objects.count() == 1
    assert Notice.objects.get().context["count"] == 3
    assert waiting() == 0


def test_hour_of_collected_mails():
    sunday = datetime(2026, 11, 15, 23, 0, tzinfo=VIETNAM)
    monday_early, monday = sunday + timedelta(hours=7), sunday + timedelta(hours=9)
    start = telling.slot_start
    assert start(Frequency.WEEKLY, sunday) == start(Frequency.WEEKLY, monday_early)
    assert start(Frequency.WEEKLY, monday) == datetime(2026, 11, 16, 7, tzinfo=VIETNAM)
    assert start(Frequency.DAILY, monday_early) == datetime(2026, 11, 15, 7, tzinfo=VIETNAM)
    assert start(Frequency.DAILY, monday) == datetime(2026, 11, 16, 7, tzinfo=VIETNAM)
