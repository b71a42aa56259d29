import io
import json
import random

import pytest

from marketplace.sources.formats.json_records import read_json
from marketplace.sources.formats.raw import InputProblem, RawRecord, Unreadable


def read(data):
    return list(read_json(io.BytesIO(data if isinstance(data, bytes) else data.encode())))


class Pieces(io.BytesIO):
    """Gives few bytes at a time, so that every sign is once at the edge of a piece."""

    def __init__(self, data, size):
        super().__init__(data)
        self.piece = size

    def read(self, size=-1):
        return super().read(min(size, self.piece) if size > 0 else self.piece)


RECORDS = [
    {"title": 'Một "hai" \\ ba', "list": [1, [2], {"a": "]}"}]},
    {"title": "\\", "note": "dòng\nmới"},
    {"title": "đ", "empty": {}},
]


@pytest.mark.parametrize("indent", [None, 2])
def test_arrays_and_printed_records_read_the_same_in_pieces_of_any_size(indent):
    array = json.dumps(RECORDS, ensure_ascii=False, indent=indent).encode()
    apart = b"\n".join(json.dumps(one, indent=indent).encode() for one in RECORDS)
    for data in (array, apart):
        for size in (1, 2, 3, 7, 64, 10_000):
            assert [one.data for one in read_json(Pieces(data, size))] == RECORDS


def test_lines_are_those_of_the_file():
    assert [one.line for one in read('[\n{"a": 1},\n\n{"a":\n2}, {"a": 3}]')] == [2, 4, 5]


def test_a_record_that_is_no_json_costs_itself_alone():
    reads = read('[{"a": 1}, {"a": nope}, {"b": 2}, {"c": "\xff"}, 5, {"d": 4}]'.encode("latin-1"))
    assert [type(one) for one in reads] == [RawRecord, Unreadable, RawRecord, Unreadable, RawRecord]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ('[{"a": 1}, {"a": ', "cắt cụt"),
        ('[{"a": "', "cắt cụt"),
        ("]", "hỏng ở dòng 1"),
        ("[1, 2]", "không có bản ghi JSON"),
        ('{"a": ' + "[" * 1000, "lồng quá sâu"),
    ],
)
def test_what_cannot_be_read_is_said(data, said):
    with pytest.raises(InputProblem, match=said):
        read(data)


def test_a_field_of_a_hundred_megabytes_is_passed_over():
    class Big(io.RawIOBase):
        parts = [b'[{"a": "', *[b"x" * 65_536] * 1600, b'"}, {"a": 2}]']

        def read(self, size=-1):
            return self.parts.pop(0) if self.parts else b""

    reads = list(read_json(Big()))
    assert reads[0] == Unreadable(1, "Bản ghi quá lớn.")
    assert reads[1].data == {"a": 2}


def test_whatever_is_thrown_at_it_ends_in_records_or_a_report():
    chance = random.Random(7)
    for _round in range(300):
        data = bytearray(json.dumps(RECORDS).encode())
        for _damage in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.choice(b'{}[]",:\\x\n')
        try:
            reads = read(bytes(data))
        except InputProblem:
            continue
        assert all(isinstance(one, RawRecord | Unreadable) for one in reads)
