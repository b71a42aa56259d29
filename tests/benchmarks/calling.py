"""Calls of a provider over HTTP, as many as the server takes: `PORT FILE COUNT SEED SECRET`; prints what came of them.

A process of its own, without Django: what it costs is stated beside what the server took. FILE lists the sessions and
the payments they are of. A repeat is the same event signed anew, a forged one is changed after it was signed.
"""

import hashlib
import hmac
import json
import random
import resource
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.servers import HOST

#: What Stripe tells of a payment by card, from its session to its fee.
KINDS = (
    "checkout.session.completed", "payment_intent.created", "payment_intent.requires_action",
    "payment_intent.processing", "payment_intent.amount_capturable_updated", "payment_intent.succeeded",
    "charge.pending", "charge.succeeded", "charge.captured", "charge.updated", "balance.available",
    "application_fee.created",
)  # fmt: skip
FORGED, REPEATED, MOVED = 0.01, 0.2, 0.2
CONNECTIONS = 8

Call = tuple[str, str, str, bool]


def sessions_for(count: int) -> int:
    """How many sessions that many calls are about."""
    return -(-distinct_of(count) // len(KINDS))


def distinct_of(count: int) -> int:
    return round(count * (1 - FORGED - REPEATED))


def calls(sessions: Sequence[tuple[str, str]], count: int, chance: random.Random) -> list[Call]:
    """Session, payment, kind, whether it is forged: in the order in which they are sent."""
    made = [(name, payment, kind, False) for name, payment in sessions for kind in KINDS]
    made = made[: distinct_of(count)]
    genuine = len(made)
    for _time in range(round(genuine * MOVED / 2)):
        one, other = chance.randrange(genuine), chance.randrange(genuine)
        made[one], made[other] = made[other], made[one]
    later = [(*chance.choice(made)[:3], False) for _time in range(round(count * REPEATED))]
    later += [(*chance.choice(made)[:3], True) for _time in range(round(count * FORGED))]
    places = sorted((chance.uniform(0, genuine), one) for one in later)
    merged, at = [], 0
    for place, call in enumerate(made):
        while at < len(places) and places[at][0] < place:
            merged.append(places[at][1])
            at += 1
        merged.append(call)
    return merged + [call for _place, call in places[at:]]


def request_of(call: Call, secret: str) -> bytes:
    session, payment, kind, is_forged = call
    event = {
        "id": f"evt_{session}_{kind}",
        "object": "event",
        "type": kind,
        "data": {
            "object": {
                "id": session, "object": "checkout.session", "metadata": {"payment": payment},
                # What nobody may believe.
                "amount_total": 1,
            }
        },
    }  # fmt: skip
    body, now = json.dumps(event), int(time.time())
    signature = hmac.new(secret.encode(), f"{now}.{body}".encode(), hashlib.sha256).hexdigest()
    if is_forged:
        body = body.replace(session, session.replace("cs_", "cx_"))
    head = (
        f"POST /thanh-toan/goi-lai/stripe/ HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
        f"X-Forwarded-For: 54.187.174.169\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"Stripe-Signature: t={now},v1={signature}\r\n\r\n"
    )
    return (head + body).encode()


class Sending:
    def __init__(self, port: int, waiting: Iterator[Call], secret: str) -> None:
        self.port, self.waiting, self.secret = port, waiting, secret
        self.lock = threading.Lock()
        self.answers: Counter[str] = Counter()
        self.seconds: list[float] = []

    def run(self) -> None:
        connection = None
        while True:
            with self.lock:
                call = next(self.waiting, None)
            if call is None:
                return
            asked = request_of(call, self.secret)
            started = time.perf_counter()
            while True:
                connection = connection or socket.create_connection(("127.0.0.1", self.port), 60)
                connection.sendall(asked)
                if head := _head(connection):
                    break
                # A worker that has answered its share of requests is replaced: Stripe would try again, too.
                connection = None
            status = head.split(b" ", 2)[1].decode()
            if b"connection: close" in head.lower():
                connection = None
            with self.lock:
                self.answers[f"forged {status}" if call[3] else status] += 1
                self.seconds.append(time.perf_counter() - started)


def _head(connection: socket.socket) -> bytes:
    """The answer's head; the answers have no body."""
    said = b""
    while b"\r\n\r\n" not in said:
        piece = connection.recv(4096)
        if not piece:
            return b""
        said += piece
    return said


def main(port: str, file: str, count: str, seed: str, secret: str) -> None:
    sessions = json.loads(Path(file).read_text(encoding="ascii"))
    order = calls(sessions, int(count), random.Random(int(seed)))
    sending = Sending(int(port), iter(order), secret)
    threads = [threading.Thread(target=sending.run) for _each in range(CONNECTIONS)]
    before, started = _worked(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    took = sorted(sending.seconds)
    print(
        json.dumps(
            {
                "sent": len(order), "seconds": seconds, "worked": _worked() - before,
                "answers": sending.answers, "p95": took[int(len(took) * 0.95)],
                "distinct": len({call[:3] for call in order if not call[3]}),
            }
        )
    )  # fmt: skip


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
