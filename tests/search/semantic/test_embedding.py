"""Vectors follow the rows: by version, killed anywhere, gone with what is no longer public."""

import json

import pytest
from django.core.management import CommandError, call_command

from marketplace.core.models import Lease
from marketplace.research.models import Result
from search import health, report
from search.models import IndexProblem, Passage, PassageState, leave_tombstones
from search.semantic import get_encoder, is_installed
from search.semantic.embedding import embed_batch, embedded_share
from search.tasks import embed
from tests.search.semantic.encoder import vector
from tests.search.sources import make_result, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index")]


def embed_all() -> int:
    return sum(iter(embed_batch, 0))


def keys() -> set[str]:
    return set(Passage.objects.exclude(vector=b"").values_list("key", flat=True))


def test_new_rows_are_read(encoder):
    result = make_result("Máy sấy xoài", abstract="Bơm nhiệt", language="vi")
    assert embed_all() == 1
    passage = Passage.objects.get()
    assert (passage.kind, passage.key) == ("result", result.public_id)
    assert (passage.version, passage.model) == (result.content_version, "tiny/1")
    assert bytes(passage.vector) == vector("Máy sấy xoài\nBơm nhiệt")
    assert passage.language == "vi"
    assert embed_batch() == 0


def test_changed_row_is_read_again_and_unchanged_ones_are_not(encoder):
    changed, same = make_result("Máy sấy"), make_result("Lò hơi")
    embed_all()
    encoder.read.clear()
    changed.title = "Nồi hơi"
    changed.save()
    embed_all()
    assert encoder.read == ["Nồi hơi"]
    assert keys() == {changed.public_id, same.public_id}
    found = Passage.objects.get(key=changed.public_id)
    assert found.version == changed.content_version
    assert found.pk == Passage.objects.latest("pk").pk  # whoever follows finds it behind the others


def test_bulk_change_is_read_again(encoder):
    result = make_result("Máy sấy")
    embed_all()
    Result.objects.filter(pk=result.pk).update_content(title="Nồi hơi")
    embed_all()
    assert encoder.read[-1] == "Nồi hơi"


def test_withdrawn_row_leaves_before_anything_is_read(encoder):
    gone = make_result("Máy sấy")
    embed_all()
    change = PassageState.current()
    withdraw(gone)
    waiting = make_result("Lò hơi")
    assert embed_batch() == 1
    assert keys() == set()
    assert PassageState.current() > change
    embed_all()
    assert keys() == {waiting.public_id}


def test_deleted_row_leaves_in_the_same_transaction(encoder):
    gone, kept = make_result(), make_result()
    embed_all()
    change = PassageState.current()
    leave_tombstones("result", [gone.public_id])
    assert keys() == {kept.public_id}
    assert PassageState.current() > change


def test_vectors_of_another_model_are_made_anew(encoder):
    make_result("Máy sấy")
    embed_all()
    encoder.name = "tiny/2"
    assert embed_batch() == 1
    assert set(Passage.objects.values_list("model", flat=True)) == {"tiny/2"}


def test_row_that_cannot_be_built_stops_no_other(encoder):
    broken, good = make_result("unbuildable"), make_result("Máy sấy")
    embed_all()
    assert keys() == {good.public_id}
    assert IndexProblem.objects.get(stage="embed").subject == f"result:{broken.public_id}"
    assert embed_batch() == 0
    broken.title = "Lò hơi"
    broken.save()
    embed_all()
    assert keys() == {broken.public_id, good.public_id}


def test_change_while_the_model_reads_is_done_again(encoder, monkeypatch):
    result = make_result("Máy sấy")
    read = type(encoder).passages

    def slowly(self, texts):
        Result.objects.filter(pk=result.pk).update_content(title="Nồi hơi")
        monkeypatch.setattr(type(encoder), "passages", read)
        return read(self, texts)

    monkeypatch.setattr(type(encoder), "passages", slowly)
    embed_all()
    assert encoder.read == ["Máy sấy", "Nồi hơi"]
    assert Passage.objects.get().version == Result.objects.get().content_version


class Killed(BaseException):
    pass


@pytest.mark.kill
@pytest.mark.parametrize("written", [False, True])
def test_killed_stage_does_the_rest_once(encoder, monkeypatch, written):
    """Killed before or after its rows were written: the next run reads what lacks, and nothing twice."""
    results = [make_result(f"Máy {n}") for n in range(3)]
    replace = Passage.replace

    def killed(passages):
        if written:
            replace(passages)
        raise Killed

    monkeypatch.setattr(Passage, "replace", killed)
    with pytest.raises(Killed):
        embed_batch()
    monkeypatch.setattr(Passage, "replace", replace)
    assert embed_all() == (0 if written else 3)
    assert Passage.objects.count() == 3
    assert keys() == {result.public_id for result in results}


def test_tick_holds_a_lease(encoder):
    make_result()
    assert embed() == 1
    assert Lease.objects.get(name="search.embed").last_run_at is not None


def test_model_that_fails_leaves_the_rows_waiting(encoder, monkeypatch):
    def broken(self, texts):
        raise RuntimeError("out of memory")

    make_result()
    with monkeypatch.context() as patch:
        patch.setattr(type(encoder), "passages", broken)
        with pytest.raises(RuntimeError):
            embed()
    assert embed() == 1


# --- without it ----------------------------------------------------------------------------------


def test_nothing_is_read_where_it_is_not_installed():
    make_result()
    assert not is_installed()
    assert get_encoder() is None
    assert embed() == 0
    assert embedded_share() is None
    assert health.semantic_check() == (True, "not installed")
    assert report.report().embedded is None
    with pytest.raises(CommandError, match="EXTRA=semantic"):
        call_command("semantic")


def test_encoder_that_cannot_be_made_is_none(settings, caplog):
    settings.SEMANTIC_ENCODER = "tests.search.semantic.missing.Encoder"
    assert get_encoder() is None
    assert embed_batch() == 0


# --- for the people who keep it -------------------------------------------------------------------


def test_share_that_is_read(encoder, capsys):
    results = [make_result() for _ in range(4)]
    withdraw(results[0])
    assert embedded_share() == (0, 3)
    call_command("semantic", "--embed", "--json")
    assert json.loads(capsys.readouterr().out) == {"model": "tiny/1", "embedded": 3, "public": 3}
    results[1].title = "Nồi hơi"
    results[1].save()
    assert embedded_share() == (2, 3)
    assert report.report().embedded == (2, 3)
    assert health.semantic_check() == (True, "2 of 3 read")
