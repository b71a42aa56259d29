"""What is special to the index in a folder: other processes, damage, other versions, kills."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from search.documents import Document
from search.engines import SearchUnavailable
from search.engines.embedded import EmbeddedEngine
from search.engines.embedded import storage as storage_module
from search.queries import Query, TextQuery

DOCUMENTS = [Document("result", f"k{n}", f"máy sấy số {n}", "sấy lạnh " * n) for n in range(40)]


@pytest.fixture
def root(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def engine(root):
    engine = EmbeddedEngine(root)
    engine.rebuild(DOCUMENTS)
    return engine


def in_another_process(root: Path, body: str, **options) -> subprocess.Popen[str]:
    code = (
        "from search.documents import Document\n"
        "from search.engines.embedded import EmbeddedEngine\n"
        f"engine = EmbeddedEngine({str(root)!r})\n" + textwrap.dedent(body)
    )
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        text=True,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "."},
        **options,
    )


def generations(root: Path) -> list[Path]:
    return [entry for entry in root.iterdir() if entry.name.startswith("g-")]


def test_reader_sees_what_another_process_commits(engine, root):
    assert engine.count() == 40
    body = "with engine.writer() as writer: writer.add(Document('result', 'new', 'lò hơi', ''))"
    assert in_another_process(root, body).wait(30) == 0
    assert engine.count() == 41
    assert engine.search(Query("lò hơi")).total == 1


def test_reader_sees_a_rebuild_by_another_process(engine, root):
    assert engine.count() == 40
    body = "engine.rebuild([Document('result', 'only', 'lò hơi', '')])"
    assert in_another_process(root, body).wait(30) == 0
    assert engine.count() == 1
    assert len(generations(root)) == 1


def test_writers_of_two_processes_lose_nothing(engine, root):
    body = """
        for n in range(5):
            with engine.writer() as writer:
                writer.add(Document('result', f'{NAME}{n}', 'lò hơi', ''))
    """
    processes = [
        in_another_process(root, f"NAME = {name!r}\n" + textwrap.dedent(body)) for name in "abc"
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert engine.count() == 40 + 15


@pytest.mark.kill
@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
def test_killed_writer_frees_the_lock_and_leaves_what_it_committed(engine, root, moment):
    body = """
        with engine.writer() as writer:
            for n in range(20):
                writer.add(Document('result', f'new{n}', 'lò hơi', ''))
            COMMIT
            print('ready', flush=True)
            import time
            time.sleep(60)
    """.replace("COMMIT", "writer.commit()" if moment == "after the commit" else "")
    process = in_another_process(root, body)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert engine.count() == (60 if moment == "after the commit" else 40)
    started = time.monotonic()
    with engine.writer() as writer:
        writer.add(Document("result", "later", "xe đạp", ""))
    assert time.monotonic() - started < 5
    assert engine.search(Query("xe đạp")).total == 1


@pytest.mark.kill
def test_killed_rebuild_leaves_the_old_index_and_no_litter_for_long(engine, root):
    body = """
        def documents():
            for n in range(500):
                yield Document('result', f'new{n}', 'lò hơi', '')
            print('ready', flush=True)
            import time
            time.sleep(60)
        engine.rebuild(documents())
    """
    process = in_another_process(root, body)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert engine.count() == 40
    assert len(generations(root)) == 2
    engine.rebuild(DOCUMENTS[:3])
    assert engine.count() == 3
    assert len(generations(root)) == 1


def test_waiting_for_the_lock_ends(engine, root):
    impatient = EmbeddedEngine(root, lock_seconds=0.1)
    with engine.writer(), pytest.raises(SearchUnavailable, match="holds"), impatient.writer():
        pass


def test_index_of_another_version_is_unavailable(engine, root, monkeypatch):
    monkeypatch.setattr(storage_module, "FINGERPRINT", "another")
    other = EmbeddedEngine(root)
    with pytest.raises(SearchUnavailable, match="version"):
        other.count()
    assert not other.healthy()
    other.rebuild(DOCUMENTS[:2])
    assert other.count() == 2


def damage(folder: Path, pattern: str, content: bytes) -> None:
    files = list(folder.glob(pattern))
    assert files
    for file in files:
        file.write_bytes(content)


@pytest.mark.parametrize(
    ("pattern", "content"),
    [
        ("meta.json", b"{"),
        ("meta.json", b""),
        ("*.idx", b""),
        ("*.store", b"\x00" * 50),
        ("*.term", b"x"),
    ],
)
def test_damaged_index_is_unavailable_until_rebuilt(engine, root, pattern, content):
    damage(generations(root)[0], pattern, content)
    fresh = EmbeddedEngine(root)
    with pytest.raises(SearchUnavailable):
        fresh.candidates(TextQuery("máy sấy số 7"))
    assert not fresh.healthy()
    fresh.rebuild(DOCUMENTS)
    assert fresh.healthy()
    assert fresh.candidates(TextQuery("máy sấy số 7"))


def test_removed_index_is_unavailable_to_an_open_reader(engine, root):
    import shutil

    assert engine.count() == 40
    shutil.rmtree(root)
    with pytest.raises(SearchUnavailable):
        engine.search(Query("sấy"))
    engine.rebuild(DOCUMENTS)
    assert engine.count() == 40


def test_small_commits_do_not_pile_up(engine, root):
    for n in range(30):
        with engine.writer() as writer:
            writer.add(Document("result", f"new{n}", f"lò hơi {n}", ""))
    assert engine.count() == 70
    segments = {file.name.split(".")[0] for file in generations(root)[0].glob("*.idx")}
    assert len(segments) < 20


def test_kinds_that_are_nearly_all_are_found_as_if_they_were_asked_for(root):
    """Those beside them score best: they take no place, however many they are."""
    engine = EmbeddedEngine(root)
    others = [Document("need", f"n{n}", "máy sấy lạnh", "máy sấy lạnh") for n in range(3)]
    engine.rebuild([*DOCUMENTS, *others])
    terms = (("sấy", 1.0), ("lạnh", 1.0))
    either = TextQuery("", limit=60, kinds=("result", "need"), terms=terms)
    expected = [hit for hit in engine.candidates(either) if hit.kind == "result"]
    assert len(expected) == len(DOCUMENTS)
    for limit in (1, 2, 12, 30, 40, 60):
        asked = TextQuery("", limit=limit, kinds=("result",), terms=terms)
        assert engine.candidates(asked) == expected[:limit]


def test_how_often_a_term_stands_is_asked_anew_of_what_changed(engine):
    before = engine.term_statistics(["sấy"]).document_frequency
    assert before == engine.term_statistics(["sấy"]).document_frequency == {"sấy": 40}
    with engine.writer() as writer:
        writer.add(Document("result", "more", "máy sấy", ""))
    assert engine.term_statistics(["sấy"]).document_frequency == {"sấy": 41}
