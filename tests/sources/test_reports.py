"""The faults of a run as a table its source can act on."""

import csv
import io

import openpyxl
import pytest

from marketplace.sources.models import Fault
from marketplace.sources.reports import csv_lines, xlsx_file
from marketplace.sources.rules import rules
from marketplace.sources.services import import_file
from tests.factories.sources import RunFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    run = RunFactory()
    for line, value in enumerate(["=1+1", "+84", "-5", "@x", "thường"], 1):
        Fault.objects.create(
            run=run,
            line=line,
            is_refusal=line == 1,
            column="=cmd",
            rule="field.code",
            reason="mã lạ",
            value=value,
        )
    return run


def test_cells_of_the_csv_are_no_formulas(run):
    text = b"".join(csv_lines(run)).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 6
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert rows[1][:2] == ["1", "từ chối"]
    assert "Thông tư 24/2025/TT-BKHCN" in rows[1][7]
    assert "rà soát" in rows[1][7]


def test_cells_of_the_sheet_are_text(run):
    with xlsx_file(run) as out:
        sheet = openpyxl.load_workbook(io.BytesIO(out.read())).active

    assert sheet.max_row == 6
    assert {cell.data_type for cell in sheet["D"]} == {"s"}
    assert sheet["D2"].value == "'=1+1"


def test_every_fault_of_a_file_is_on_its_run(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    path = tmp_path / "x.csv"
    path.write_text(
        "id,title,year,end,Mức mật\n"
        "1,Tên,xưa,30/02/2020,\n"
        "2,,2020,,\n"
        "3,Bí,,,Tối mật\n"
        "1,Lặp,,,\n"
        "4,a,b,c,d,e\n",
        encoding="utf-8",
    )

    import_file(path)

    found = [(fault.line, fault.rule, fault.value) for fault in Fault.objects.all()]
    assert found == [
        (2, "date", "30/02/2020"),
        (2, "year", "xưa"),
        (3, "title.required", ""),
        (4, "secrecy", ""),
        (5, "record.once", "1"),
        (6, "record.cells", ""),
    ]
    assert {fault.rule for fault in Fault.objects.all()} <= rules().keys()


def test_value_in_the_report_is_short_and_on_one_line(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": 1, "title": "%s"}\n' % ("dài\\n" * 2000), encoding="utf-8")

    summary = import_file(path)

    assert len(Fault.objects.get().value) == 100
    assert len(summary.report_path.read_text(encoding="utf-8").splitlines()) == 2
