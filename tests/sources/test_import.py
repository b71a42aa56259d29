"""import_results as people use it: files in, rows and a report out, again and again."""

import csv
import gzip
import io
import json
import time

import pytest
from django.core.management import CommandError, call_command

from marketplace.accounts.models import Organization
from marketplace.core.models import AuditEntry
from marketplace.research.models import Result
from marketplace.research.services import withdraw_result
from marketplace.sources.models import Run
from marketplace.sources.services import import_file
from tests.factories.accounts import OrganizationFactory

pytestmark = pytest.mark.django_db

RECORDS = [
    {"id": "R1", "title": "Máy sấy bơm nhiệt cho xoài", "abstract": "Sấy ở 45 °C.", "org": "Viện Thử nghiệm", "year": 2024},
    {"id": "R2", "title": "Xử lý nước thải dệt nhuộm", "abstract": "Ozone và màng.", "org": "VIỆN  THỬ NGHIỆM", "year": 2023},
    {"id": "R3", "title": "Que thử bệnh tôm", "abstract": "Kết quả trong 30 phút.", "org": "Công ty Cổ phần Tôm Việt", "year": 2022},
]  # fmt: skip


def write(path, records):
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(*files, **options):
    out, err = io.StringIO(), io.StringIO()
    options = {"no_index": True} | options
    call_command("import_results", *map(str, files), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def source(tmp_path):
    return write(tmp_path / "kết-quả.jsonl", RECORDS)


def versions():
    return dict(Result.objects.order_by("pk").values_list("source_id", "content_version"))


def test_records_become_results_with_their_organisations(source):
    run(source)

    result = Result.objects.get(source_id="R1")
    assert result.title == "Máy sấy bơm nhiệt cho xoài"
    assert result.language == "vi"
    assert result.organization.status == "unclaimed"
    assert result.organization.kind == "institute"
    # Two spellings of one name are one organisation.
    assert Organization.objects.count() == 2
    assert Result.objects.get(source_id="R2").organization == result.organization


def test_organisation_of_the_exchange_is_the_one_a_record_names(source):
    known = OrganizationFactory(name="Công ty CP Tôm Việt")

    run(source)

    assert Result.objects.get(source_id="R3").organization == known


def test_same_file_again_changes_nothing(source):
    run(source)
    before, organizations = versions(), Organization.objects.count()

    out, _err = run(source)

    assert "không đổi 3" in out
    assert versions() == before
    assert Organization.objects.count() == organizations


def test_same_records_packed_as_csv_or_renamed_double_nothing(source, tmp_path):
    run(source)
    packed = tmp_path / "kết-quả.jsonl.gz"
    packed.write_bytes(gzip.compress(source.read_bytes()))
    table = tmp_path / "bảng mới.csv"
    with table.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(RECORDS[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(RECORDS)
    renamed = write(tmp_path / "tải về (1).jsonl", RECORDS)

    run(packed)
    run(table)
    run(renamed)

    assert Result.objects.count() == 3


def test_changed_record_of_a_renamed_file_updates_its_row(source, tmp_path):
    run(source)
    changed = [*RECORDS[:2], RECORDS[2] | {"abstract": "Kết quả trong 10 phút."}]

    run(write(tmp_path / "năm-sau.jsonl", changed))

    assert versions() == {"R1": 1, "R2": 1, "R3": 2}
    assert "10 phút" in Result.objects.get(source_id="R3").abstract


def test_same_ids_of_another_source_are_other_records(source, tmp_path):
    run(source)
    others = [record | {"title": f"Khác {record['title']}"} for record in RECORDS]

    run(write(tmp_path / "khác.jsonl", others))

    assert Result.objects.count() == 6


def test_changed_record_raises_the_version_and_keeps_the_rest(source, tmp_path):
    run(source)
    kept = Result.objects.get(source_id="R1")
    Result.mark_done("indexed_version", [(kept.pk, 1)])

    run(write(source, [RECORDS[0] | {"year": 2025}, *RECORDS[1:]]))

    now = Result.objects.get(source_id="R1")
    assert (now.year, now.content_version, now.indexed_version) == (2025, 2, 1)
    assert (now.pk, now.public_id, now.imported_at) == (kept.pk, kept.public_id, kept.imported_at)
    assert versions() == {"R1": 2, "R2": 1, "R3": 1}


def test_withdrawn_result_stays_withdrawn_when_its_record_changes(source):
    run(source)
    withdraw_result(Result.objects.get(source_id="R1"), by="test", reason="sai")

    run(write(source, [RECORDS[0] | {"year": 2025}]))

    assert Result.objects.get(source_id="R1").withdrawn_at is not None


def test_rejected_records_are_reported_by_line_on_screen_and_in_a_file(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    bad = [
        RECORDS[0],
        "{broken",
        json.dumps({"id": "R9", "abstract": "no title"}),
        "",
        "[1, 2]",
        json.dumps({"id": "R8", "title": "x" * 10_000}),
        json.dumps({"id": "R7", "title": "có \x00"}),
        RECORDS[0] | {"title": "Cùng mã"},
        "[" * 100_000,
        RECORDS[1],
    ]
    source = write(tmp_path / "bad.jsonl", bad)
    with source.open("ab") as out:
        out.write(b'{"id": "R6", "title": "sai m\xe3"}\n')

    out, err = run(source)

    assert Result.objects.count() == 2
    assert "từ chối 8" in out
    for line in (2, 3, 5, 6, 7, 8, 9, 11):
        assert f"dòng {line}:" in err
    assert "Trùng mã với dòng 1" in err
    (report,) = (tmp_path / "imports").glob("bad-*.tsv")
    rows = list(csv.DictReader(report.open(encoding="utf-8"), delimiter="\t"))
    assert [int(row["line"]) for row in rows] == [2, 3, 5, 6, 7, 8, 9, 11]
    run_row = Run.objects.get()
    assert (run_row.refused, run_row.created) == (8, 2)
    assert run_row.report_path == str(report)


def test_many_rejections_are_counted_and_the_first_shown(tmp_path):
    source = write(tmp_path / "bad.jsonl", ["{broken"] * 50)

    _out, err = run(source)

    assert "50 bản ghi bị từ chối" in err
    assert err.count("dòng ") == 20
    assert "30 bản ghi nữa" in err


def test_classified_text_is_nowhere(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    canary = "CHIM-HOÀNG-YẾN"
    record = {
        "id": f"ID-{canary}",
        "title": f"Tên {canary}",
        "org": f"Viện {canary}",
        "Độ mật": "Tối mật",
    }

    out, err = run(write(tmp_path / "mật.jsonl", [record, RECORDS[0]]))

    assert Result.objects.count() == 1
    assert not Organization.objects.filter(name__contains=canary).exists()
    report = next((tmp_path / "imports").glob("*.tsv")).read_text(encoding="utf-8")
    assert "1\trefused" in report
    assert canary not in out + err + report


def test_record_that_becomes_classified_leaves_the_exchange(source):
    run(source)

    run(write(source, [RECORDS[0] | {"độ mật": "Mật"}, *RECORDS[1:]]))

    result = Result.objects.get(source_id="R1")
    assert result.withdrawn_at is not None
    assert result.content_version == 2
    assert AuditEntry.objects.filter(action="result.withdrawn").exists()


def test_csv_with_quotes_lines_and_bad_rows(tmp_path):
    text = (
        "Mã,Tên,Tóm tắt,Tổ chức,Năm\r\n"
        '1,"Gạch ""không nung""","Dòng một\ndòng hai",Viện Vật liệu,2020\r\n'
        ",,,,\r\n"
        "2,Thiếu ô\r\n"
        "3,Thừa ô,a,b,2020,thừa\r\n"
        "4,Cuối,,,\r\n"
    )
    source = tmp_path / "bảng.csv"
    source.write_bytes(b"\xef\xbb\xbf" + text.encode())

    _out, err = run(source)

    assert set(Result.objects.values_list("source_id", flat=True)) == {"1", "2", "4"}
    assert Result.objects.get(source_id="1").abstract == "Dòng một\ndòng hai"
    assert "dòng 6:" in err


def test_csv_with_wrong_bytes_refuses_that_row_alone(tmp_path):
    source = tmp_path / "bảng.csv"
    source.write_bytes(b"id,title\n1,t\xe9o\n2,ok\n")

    _out, err = run(source)

    assert list(Result.objects.values_list("source_id", flat=True)) == ["2"]
    assert "dòng 2:" in err


def test_other_encodings_arrays_and_formats_come_in_by_the_same_door(tmp_path):
    files = {
        "a.json": b'[{"id": 1, "title": "M\xc3\xa1y"}]',
        "b.csv": "Mã số\tTên đề tài\n2\tMáy\n".encode("utf-16"),
        "c.xml": '<collection><record><controlfield tag="001">3</controlfield><datafield tag="245">'
        '<subfield code="a">Máy</subfield></datafield></record></collection>'.encode(),
        "d.jsonl": '{"id": 4, "title": "Nghiªn cøu chÕ t¹o m¸y sÊy n«ng s¶n"}'.encode(),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        run(tmp_path / name)

    titles = dict(Result.objects.values_list("source_id", "title"))
    assert titles == {
        "1": "Máy",
        "2": "Máy",
        "3": "Máy",
        "4": "Nghiên cứu chế tạo máy sấy nông sản",
    }


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "cột lạ,khác\n1,2\n".encode(), "Không thấy cột tên"),
        ("a.csv", "id,khác\n1,2\n".encode("utf-16"), "Không thấy cột tên"),
        ("a.jsonl.gz", gzip.compress(b'{"id": 1, "title": "x"}\n' * 5000)[:-9], "cắt cụt"),
    ],
)
def test_file_that_cannot_be_read_is_said_without_a_traceback(tmp_path, name, content, said):
    source = tmp_path / name
    source.write_bytes(content)
    err = io.StringIO()

    with pytest.raises(CommandError):
        call_command("import_results", str(source), no_index=True, stdout=io.StringIO(), stderr=err)

    assert said in err.getvalue()


def test_missing_file_is_said_and_the_others_are_brought_in(source, tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        run(tmp_path / "nowhere.jsonl", source)

    assert Result.objects.count() == 3


def test_records_before_the_damage_are_kept(tmp_path):
    lines = b"".join(b'{"id": "%d", "title": "Ten %d"}\n' % (n, n) for n in range(3000))
    source = tmp_path / "cut.jsonl.gz"
    source.write_bytes(gzip.compress(lines)[:-2000])

    with pytest.raises(CommandError):
        run(source)

    assert Result.objects.count() > 100
    assert Run.objects.get().problem


def test_empty_file_is_no_error(tmp_path):
    out, _err = run(write(tmp_path / "empty.jsonl", []))

    assert "đọc 0" in out


def test_json_output_is_alone_on_standard_output(source):
    out, err = run(source, json=True)

    assert json.loads(out)["files"][0]["created"] == 3
    assert err


def test_organisations_named_by_key(tmp_path):
    keys = write(tmp_path / "orgs.jsonl", [{"key": "o-1", "name": "Viện Thử nghiệm"}])
    source = write(tmp_path / "results.jsonl", [RECORDS[0] | {"org": "o-1"}])

    run(source, organizations=keys)

    assert Result.objects.get().organization.name == "Viện Thử nghiệm"


def test_two_files_of_one_source_keep_the_first_of_an_id(tmp_path):
    a = write(tmp_path / "a.jsonl", [RECORDS[0]])
    b = write(tmp_path / "b.jsonl", [RECORDS[0] | {"title": "Khác"}])

    run(a, b, source="nguồn")
    run(a, b, source="nguồn")

    result = Result.objects.get()
    assert (result.title, result.content_version) == (RECORDS[0]["title"], 1)


def test_records_are_searchable_when_the_command_returns(source, search_engine):
    run(source, no_index=False)

    assert not Result.objects.stale("indexed_version").exists()
    assert search_engine.count() == 3 + 2


def test_batches_hold_the_writer_for_less_than_a_second(tmp_path, django_assert_max_num_queries):
    source = write(
        tmp_path / "many.jsonl",
        [{"id": n, "title": f"Kết quả {n}", "org": f"Viện {n % 50}"} for n in range(1500)],
    )
    moments = []

    import_file(source, on_progress=lambda summary: moments.append(time.monotonic()))

    gaps = [b - a for a, b in zip(moments, moments[1:], strict=False)]
    assert Result.objects.count() == 1500
    assert max(gaps) < 3  # half a second on a machine of its own
