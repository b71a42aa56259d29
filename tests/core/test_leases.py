import threading
import time

import pytest
from django.db import connection

from marketplace.core.leases import is_held, lease
from marketplace.core.models import Lease

NAME = "tests.stage"


def is_free():
    with lease(NAME) as held:
        return held is not None


@pytest.mark.django_db
def test_lease_is_held_by_one_and_freed_at_the_end(frozen_clock):
    with lease(NAME) as held:
        assert held is not None
        assert not is_free()
    assert is_free()
    assert Lease.objects.get(name=NAME).last_run_at == frozen_clock.moment


@pytest.mark.django_db
def test_others_see_that_a_lease_is_held_and_when_it_ran_out(frozen_clock):
    assert not is_held(NAME)
    with lease(NAME, seconds=60):
        assert is_held(NAME)
        frozen_clock.move(seconds=60)
        assert not is_held(NAME)
    assert not is_held(NAME)


@pytest.mark.django_db
def test_failing_holder_frees_the_lease_and_is_not_taken_for_a_good_run(frozen_clock):
    with pytest.raises(ZeroDivisionError), lease(NAME):
        raise ZeroDivisionError
    assert Lease.objects.get(name=NAME).last_run_at is None
    assert is_free()


@pytest.mark.django_db
def test_lease_runs_out(frozen_clock):
    with lease(NAME, seconds=60):
        frozen_clock.move(seconds=59)
        assert not is_free()
        frozen_clock.move(seconds=1)
        assert is_free()


@pytest.mark.django_db
def test_renewed_lease_lasts_longer(frozen_clock):
    with lease(NAME, seconds=60) as held:
        frozen_clock.move(seconds=50)
        assert held.renew()
        frozen_clock.move(seconds=50)
        assert not is_free()


@pytest.mark.django_db
def test_holder_that_lost_its_lease_is_told_and_takes_nothing_from_its_successor(frozen_clock):
    with lease(NAME, seconds=60) as first:
        frozen_clock.move(seconds=61)
        with lease(NAME, seconds=60) as second:
            assert second is not None
            assert not first.renew()
            owner = Lease.objects.get(name=NAME).owner
            assert owner == second.owner
    assert Lease.objects.get(name=NAME).owner == ""


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_gets_it():
    started, done, got = threading.Barrier(6), threading.Event(), []

    def ask():
        started.wait()
        with lease(NAME) as held:
            got.append(held is not None)
            done.wait(10)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    while len(got) < 6:
        done.wait(0.02)
    done.set()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 5 + [True]


@pytest.mark.kill
def test_lease_of_a_killed_process_is_free_after_its_time(other_process, frozen_clock):
    holder = other_process(
        f"""
        import time
        from marketplace.core.leases import is_held, lease
        with lease({NAME!r}, seconds=30) as held:
            assert held
            print("held", flush=True)
            time.sleep(60)
        """
    )
    holder.wait_for("held")
    holder.kill()
    until = Lease.objects.get(name=NAME).until
    frozen_clock.move(seconds=(until - frozen_clock.moment).total_seconds() - 1)
    assert not is_free()
    frozen_clock.move(seconds=1)
    assert is_free()


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
def test_short_lease_outlasts_a_long_step_and_is_free_soon_after_a_kill(other_process):
    process = other_process(
        f"""
        import time
        from marketplace.core.leases import is_held, lease
        with lease({NAME!r}, seconds=1, longest=60):
            print("held", flush=True)
            time.sleep(60)
        """
    )
    process.wait_for("held")
    time.sleep(1.5)
    assert not is_free()
    process.kill()
    time.sleep(1.1)
    assert is_free()


@pytest.mark.django_db(transaction=True)
def test_step_that_never_ends_loses_its_lease():
    with lease(NAME, seconds=1, longest=0.1) as held:
        time.sleep(1.2)
        assert is_free()
        assert not held.renew()
