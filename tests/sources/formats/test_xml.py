import io
import time

import pytest

from marketplace.sources.formats.raw import InputProblem
from marketplace.sources.formats.xml import Limits, text_of, xml_elements

SMALL = Limits(total=10**7, element=10**6, children=1000)


def texts(data, *, wanted=("r",), limits=SMALL):
    return [text_of(one) for one in xml_elements(io.BytesIO(data), wanted, limits=limits)]


def problem(data, **kwargs):
    with pytest.raises(InputProblem) as caught:
        texts(data, **kwargs)
    return str(caught.value.message)


def test_elements_come_one_by_one_and_are_freed_behind_the_reader():
    data = b"<a>" + b"".join(b"<x/><r>%d</r>tail" % n for n in range(10_000)) + b"</a>"
    most = 0
    for number, element in enumerate(xml_elements(io.BytesIO(data), ("r",))):
        assert text_of(element) == str(number)
        most = max(most, len(element.getparent()))
    assert number == 9_999
    # What is held of 20,000 children is what one piece of 64 kB brought.
    assert most < 8_000


def test_nested_wanted_elements_are_given_once_from_outside():
    assert texts(b"<a><r>1<r>2</r></r><r>3</r></a>") == ["12", "3"]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x0 "ha">%s]><a><r>&x30;</r></a>""" % b"".join(
    b'<!ENTITY x%d "&x%d;&x%d;">' % (n, n - 1, n - 1) for n in range(1, 31)
)


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        BOMB.decode().encode("utf-16"),
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a><r/></a>',
        b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a><r>&f;</r></a>',
        b"<!-- " + b"x" * 100_000 + b" --><!DOCTYPE a []><a/>",
    ],
    ids=["bomb", "bomb in UTF-16", "external DTD", "external entity", "behind a comment"],
)
def test_document_types_are_refused_before_anything_is_expanded(data):
    started = time.monotonic()
    assert "DOCTYPE" in problem(data)
    assert time.monotonic() - started < 1


def test_entities_without_declaration_are_an_error_not_text():
    assert "hỏng" in problem(b"<a><r>&nothing;</r></a>")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Không có dữ liệu"),
        (b"  \r\n", "Không có dữ liệu"),
        (b"broken xml", "không phải dữ liệu XML"),
        (b"<!DOCTYPE html><html><body>503</body></html>", "HTML"),
        (b"\xef\xbb\xbf<HTML lang=vi><p>x</HTML>", "HTML"),
        (b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"/>', "HTML"),
        (b"<a><r>1</r><r>2", "cắt cụt"),
        (b"<a", "cắt cụt"),
        (b"<a><r>1</b></a>", "hỏng ở dòng 1"),
        (b"<a>\n<r>1</r>\n\n<r>\xff\xfe</r></a>", "hỏng ở dòng 4"),
        (b'<?xml version="1.0" encoding="x-nothing"?><a/>', "hỏng"),
    ],
)
def test_what_is_no_xml_is_said_plainly(data, said):
    assert said in problem(data)


def test_records_before_the_break_are_given():
    given = []
    with pytest.raises(InputProblem, match="cắt cụt"):
        for element in xml_elements(io.BytesIO(b"<a><r>1</r><r>2</r><r>3"), ("r",)):
            given.append(text_of(element))
    assert given == ["1", "2"]


def test_limits_end_what_would_not_end():
    deep = b"<a>" * 100 + b"<r/>" + b"</a>" * 100
    assert "lồng quá sâu" in problem(deep)
    many = b"<a><r>" + b"<x/>" * 2000 + b"</r></a>"
    assert "quá nhiều phần tử" in problem(many)
    long = b"<a><r>" + b"<x>%s</x>" % (b"y" * 10_000) * 200 + b"</r></a>"
    assert "quá lớn" in problem(long)
    assert "lớn hơn 1 MB" in problem(
        b"<a>" + b"<x>" + b"y" * 2_000_000, limits=Limits(total=1024 * 1024)
    )


class Endless(io.RawIOBase):
    """A field that never ends, as a server or a broken export sends it."""

    def __init__(self, head):
        self.head, self.sent = head, 0

    def read(self, size=-1):
        head, self.head = self.head, b""
        self.sent += size
        return head or b"x" * size


def test_a_field_without_end_costs_bounded_memory_and_time():
    stream = Endless(b"<a><r>")
    with pytest.raises(InputProblem):
        list(xml_elements(stream, ("r",)))
    assert stream.sent < 32 * 1024 * 1024


def test_signs_that_xml_forbids_are_blanks():
    """Real repositories send them, as bytes and as numbers, also across two pieces of the stream."""
    assert texts(b"<a><r>x\x0by&#x1F;z&#11;w&#x4E;</r></a>") == ["xyz wN".replace("yz", "y z")]
    for place in range(65_520, 65_540):
        head = b"<a><r>" + b"." * (place - 6)
        assert texts(head + b"&#x1F;!&amp;</r></a>")[0].endswith(". !&")


def test_namespaces_and_other_encodings_are_read():
    assert texts("<a><r>Độc lập</r></a>".encode("utf-16")) == ["Độc lập"]
    declared = '<?xml version="1.0" encoding="iso-8859-1"?><a><r>é</r></a>'
    assert texts(declared.encode("latin-1")) == ["é"]
    assert texts(b'<n:a xmlns:n="u"><n:r>1</n:r></n:a>', wanted=("{u}r",)) == ["1"]
