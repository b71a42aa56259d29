"""Fetching from servers that mean ill, on a real one."""

import gzip
import time

import pytest

from marketplace.core.fetching import Fetcher, FetchLimits, FetchProblem, is_allowed, networks_of
from tests.sources.harvesting.server import serving, slowly

LOOPBACK = networks_of(["127.0.0.0/8"])


class Answering:
    def __init__(self, *answers):
        self.answers, self.asked = list(answers), 0

    def answer(self, arguments):
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def fetch(address, *, inside=LOOPBACK, limits=None, headers=None):
    fetcher = Fetcher(inside=inside, limits=limits, headers=headers)
    try:
        with fetcher.get(address) as fetched:
            return fetched.stream.read()
    finally:
        fetcher.close()


def problem(address, **options):
    with pytest.raises(FetchProblem) as caught:
        fetch(address, **options)
    return caught.value


def test_a_public_answer_is_read_also_packed():
    with serving(Answering((200, {}, b"text"))) as address:
        assert fetch(address) == b"text"
    packed = gzip.compress(b"x" * 1000)
    with serving(Answering((200, {"Content-Encoding": "gzip"}, packed))) as address:
        assert fetch(address) == b"x" * 1000


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.1.2.3", False), ("224.0.0.1", False),
        ("255.255.255.255", False), ("::1", False), ("fe80::1", False), ("fd00::1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False),
        ("1.1.1.1", True), ("2606:4700::1111", True),
    ],
)  # fmt: skip
def test_addresses_inside_are_refused(address, allowed):
    assert is_allowed(address, ()) is allowed
    assert is_allowed("10.1.2.3", networks_of(["10.0.0.0/8"]))
    assert not is_allowed("10.1.2.3", networks_of(["10.2.0.0/16"]))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"],
)
def test_the_row_must_allow_a_server_inside(host):
    server = Answering((200, {}, b"secret"))
    with serving(server) as address:
        inside = address.replace("127.0.0.1", host)
        found = problem(inside, inside=())
    assert server.asked == 0
    assert "mạng nội bộ" in str(found.message) or found.is_temporary


def test_redirects_are_checked_one_by_one():
    with serving(Answering((200, {}, b"there"))) as target:
        with serving(Answering((302, {"Location": target}, b""))) as address:
            assert fetch(address) == b"there"
        away = (302, {"Location": "http://10.255.255.1/"}, b"")
        with serving(Answering(away)) as address:
            assert "mạng nội bộ" in str(problem(address).message)
    for location in (
        "file:///etc/passwd",
        "ftp://x.example/",
        "gopher://x",
        "http://u:p@127.0.0.1/",
    ):
        with serving(Answering((301, {"Location": location}, b""))) as address:
            assert not problem(address).is_temporary
    circle = Answering((302, {"Location": "/again"}, b""))
    with serving(circle) as address:
        assert "quá nhiều lần" in str(problem(address).message)
    assert circle.asked == 6


def test_credentials_do_not_follow_to_another_server():
    there, here = Answering((200, {}, b"there")), Answering((200, {}, b""))
    with serving(there) as target, serving(here) as address:
        here.answers = [(302, {"Location": target}, b"")]
        fetcher = Fetcher(inside=LOOPBACK, headers={"Authorization": "Bearer s"})
        sent = []
        real = fetcher.session.send
        fetcher.session.send = lambda request, **kw: sent.append(request) or real(request, **kw)
        with fetcher.get(address) as fetched:
            assert fetched.stream.read() == b"there"
        fetcher.close()
    assert [one.headers.get("Authorization") for one in sent] == ["Bearer s", None]


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://x.example/", "http://", "http://[", "x"]
)
def test_other_addresses_are_refused(address):
    assert not problem(address).is_temporary


def test_too_much_is_cut_off_also_packed():
    limits = FetchLimits(size=1_000_000)
    with serving(Answering((200, {}, b"x" * 2_000_000))) as address:
        assert "quá nhiều dữ liệu" in str(problem(address, limits=limits).message)
    bomb = gzip.compress(b"\x00" * 50_000_000)
    with serving(Answering((200, {"Content-Encoding": "gzip"}, bomb))) as address:
        assert "quá nhiều dữ liệu" in str(problem(address, limits=limits).message)


def test_a_server_that_hangs_or_drips_is_left():
    limits = FetchLimits(total=0.6, silence=0.3)

    def silent():
        time.sleep(3)
        yield b""

    for body in (silent, lambda: slowly(b"<a>" * 1000, seconds=3)):
        started = time.monotonic()
        with serving(Answering((200, {}, body()))) as address:
            found = problem(address, limits=limits)
        assert found.is_temporary
        assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("status", "headers", "temporary", "after"),
    [
        (503, {"Retry-After": "120"}, True, 120.0),
        (503, {"Retry-After": "nonsense"}, True, None),
        (429, {}, True, None),
        (404, {}, False, None),
        (401, {}, False, None),
    ],
)
def test_errors_say_whether_to_come_again(status, headers, temporary, after):
    with serving(Answering((status, headers, b"no"))) as address:
        found = problem(address)
    assert (found.is_temporary, found.retry_after) == (temporary, after)


def test_a_date_to_come_again_is_seconds_from_now():
    with serving(
        Answering((503, {"Retry-After": "Wed, 01 Jan 2031 00:00:00 GMT"}, b""))
    ) as address:
        assert problem(address).retry_after > 1000


def test_nobody_there_is_said():
    with serving(Answering((200, {}, b""))) as address:
        pass
    assert problem(address).is_temporary
