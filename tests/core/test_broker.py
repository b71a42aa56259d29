"""The embedded broker: messages of several processes, none read half written."""

import os

import pytest
from kombu import Connection, Queue

from marketplace.core import broker


@pytest.fixture
def connection(tmp_path):
    broker.register()
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }
    with Connection("filesystem://", transport_options=options) as opened:
        yield opened


def test_messages_come_out_in_the_order_they_went_in(connection):
    queue = connection.SimpleQueue(Queue("ticks", routing_key="ticks"))
    for number in range(5):
        queue.put({"number": number})
    assert [queue.get(timeout=5).payload["number"] for _ in range(5)] == list(range(5))


def test_message_appears_whole_or_not_at_all(connection, tmp_path, monkeypatch):
    queue = connection.SimpleQueue(Queue("ticks", routing_key="ticks"))
    rename, seen = os.rename, []

    def looked_at_in_between(source, target):
        seen.append([name for name in os.listdir(tmp_path / "messages") if name.endswith(".msg")])
        rename(source, target)

    monkeypatch.setattr(os, "rename", looked_at_in_between)
    queue.put({"number": 1})
    assert seen == [[]]


def test_message_cut_off_by_a_crash_is_left_out(connection, tmp_path):
    queue = connection.SimpleQueue(Queue("ticks", routing_key="ticks"))
    (tmp_path / "messages" / "0_half.ticks.msg").write_bytes(b"")
    queue.put({"number": 7})
    assert queue.get(timeout=5).payload == {"number": 7}
