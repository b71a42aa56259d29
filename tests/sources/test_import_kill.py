"""The import is ended by SIGKILL in the middle and run again: nothing lost, nothing doubled."""

import json
import random

import pytest

from marketplace.accounts.models import Organization
from marketplace.research.models import Result
from marketplace.sources.models import RawRecord, Run
from marketplace.sources.services import ask_undo, import_file, undo_batch

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]

RECORDS = 1200
_IMPORT = """
    import sys
    from pathlib import Path
    from marketplace.sources.services import import_file
    seen = []
    def tell(summary):
        seen.append(summary)
        print(f"batch {len(seen)}", flush=True)
    import_file(Path(%r), on_progress=tell)
    print("done", flush=True)
"""


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "nguồn.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for n in range(RECORDS):
            row = {"id": f"R{n}", "title": f"Kết quả {n}", "org": f"Viện số {n % 70}"}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def test_import_killed_between_batches_goes_on(source, other_process):
    process = other_process(_IMPORT % str(source))
    process.wait_for("batch 2")
    process.kill()

    begun = Result.objects.count()
    versions = dict(Result.objects.values_list("source_id", "content_version"))
    import_file(source)

    assert 0 < begun < RECORDS
    assert Result.objects.count() == RECORDS
    assert RawRecord.objects.values("identifier").distinct().count() == RECORDS
    assert RawRecord.objects.count() == RECORDS
    assert Result.objects.values("source_id").distinct().count() == RECORDS
    assert Organization.objects.count() == 70
    assert set(versions.values()) == {1}
    assert set(Result.objects.values_list("content_version", flat=True)) == {1}
    assert Run.objects.filter(finished_at=None).count() == 1


def test_import_killed_inside_a_batch_leaves_nothing_of_it(source, other_process):
    rows = random.randint(1, 60)
    process = other_process(
        f"""
        from pathlib import Path
        from django.db import connection
        from marketplace.sources.services import import_file, writing
        insert = writing.Writer._insert
        def half(self, register, new, organizations, now):
            insert(self, register, new[:{rows}], organizations, now)
            print("written", flush=True)
            import time; time.sleep(60)
        writing.Writer._insert = half
        import_file(Path({str(source)!r}))
        """
    )
    process.wait_for("written")
    process.kill()

    assert Result.objects.count() == 0
    import_file(source)
    assert Result.objects.count() == RECORDS
    assert Organization.objects.count() == 70


def test_two_imports_of_one_file_at_once_double_nothing(source, other_process):
    first = other_process(_IMPORT % str(source))
    second = other_process(_IMPORT % str(source))

    first.finish(120)
    second.finish(120)

    assert Result.objects.count() == RECORDS
    assert Organization.objects.count() == 70
    assert set(Result.objects.values_list("content_version", flat=True)) == {1}


def test_undo_killed_between_batches_goes_on(source, other_process):
    import_file(source)
    run = Run.objects.get()
    ask_undo(run, by=None)
    process = other_process(
        """
        from marketplace.sources.services import undo_batch
        for batch in range(1, 100):
            undo_batch(100)
            print(f"batch {batch}", flush=True)
        """
    )
    process.wait_for("batch 2")
    process.kill()

    begun = Result.objects.public().count()
    while undo_batch():
        pass

    run.refresh_from_db()
    assert 0 < begun < RECORDS
    assert (run.undone_at is not None, run.undo_left) == (True, 0)
    assert not Result.objects.public().exists()
    assert set(Result.objects.values_list("content_version", flat=True)) == {2}
