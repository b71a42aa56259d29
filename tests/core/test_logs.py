"""What operators see: JSON lines that belong together by request, and no people in them."""

import io
import json
import logging

import pytest
import structlog

from marketplace.settings.logs import logging_config, redact

PERSON = "nguyen.van.a+x@example.vn"


@pytest.fixture
def lines(monkeypatch):
    """Writes the log as the product is configured to, and reads its lines back."""
    options = dict(logging_config("INFO")["formatters"]["json"])
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(options.pop("()")(**options))
    logging.root.addHandler(handler)
    for name in ("", "django_structlog"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.INFO)
    logging.root.manager._clear_cache()
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    logging.root.removeHandler(handler)
    logging.root.manager._clear_cache()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Key (email)=({PERSON}) already exists", "Key (email)=(<email>) already exists"),
        ("gọi 0912 345 678 hoặc +84912345678", "gọi <phone> hoặc <phone>"),
        (
            "/huy-nhan/eyJrIjoibmV3cyJ9:1uXyZa:abcdefghijklmnopqrstuvwxyz12345/",
            "/huy-nhan/<token>/",
        ),
        (
            "/password/reset/key/4-0123456789abcdef0123456789abcdef/",
            "/password/reset/key/4-<token>/",
        ),
        (
            "Key (tax_code)=(001085012345) already exists.",
            "Key (tax_code)=(<number>) already exists.",
        ),
        ("GET /en/nhan-ho-so/kmn2345bcdkmn2345bcd/", "GET /en/nhan-ho-so/<token>/"),
        ("58.430 kết quả trong 0.0123 s, 2026-11-23T00:49:54.441260Z", None),
        ("/nhu-cau/tach-vo-cung-hat-dieu-kmn2345bcd/", None),
    ],
)
def test_people_and_keys_are_taken_out(text, shown):
    assert redact(None, "info", {"event": text})["event"] == (text if shown is None else shown)


def test_what_was_searched_for_is_taken_out_of_addresses():
    line = redact(None, "info", {"request": "GET /tim-kiem/?q=bí mật", "event": "request_started"})
    assert line["request"].startswith("GET /tim-kiem/")
    assert "?" not in line["request"]


def test_ids_stay_readable():
    ids = {"request_id": "0" * 32, "task_id": "1" * 32}
    assert redact(None, "info", dict(ids)) == ids


def test_our_lines_and_the_libraries_are_json_with_their_traceback(lines):
    structlog.get_logger("ours").warning("mail service is down", rows=3)
    try:
        raise ValueError(PERSON)
    except ValueError:
        logging.getLogger("library").exception("failed for %s", PERSON)
    ours, library = lines()
    assert (ours["event"], ours["rows"], ours["level"]) == ("mail service is down", 3, "warning")
    assert library["event"] == "failed for <email>"
    assert "ValueError: <email>" in library["exception"]
    assert PERSON not in json.dumps(library)


@pytest.mark.django_db
def test_lines_of_a_request_carry_the_id_the_visitor_gets(client, lines):
    response = client.get(
        "/health/live?q=secret", headers={"X-Request-ID": "chosen-by-the-visitor"}
    )
    seen = [line for line in lines() if line["event"].startswith("request_")]
    assert {line["request_id"] for line in seen} == {response["X-Request-ID"]}
    assert response["X-Request-ID"] != "chosen-by-the-visitor"
    assert "secret" not in json.dumps(seen)
    assert "ip" not in seen[0]


def test_task_carries_the_id_of_the_request_that_kicked_it(other_process):
    """From the request's context through the broker into the context of a worker's log lines."""
    process = other_process(
        """
        import json, os
        import structlog
        from celery import shared_task
        from celery.contrib.testing.worker import start_worker
        from marketplace.celery import app

        @shared_task(name="tests.say")
        def say():
            print(json.dumps(structlog.contextvars.get_contextvars()), flush=True)
            os._exit(0)

        app.conf.update(broker_url="memory://", broker_write_url="memory://",
            broker_read_url="memory://", broker_transport_options={})
        structlog.contextvars.bind_contextvars(request_id="the-request")
        app.send_task("tests.say")
        with start_worker(app, pool="solo", perform_ping_check=False):
            raise AssertionError("the worker ended first")
        """
    )
    said = json.loads(process.finish().splitlines()[-1])
    assert said["request_id"] == "the-request"
    assert said["task_id"]
