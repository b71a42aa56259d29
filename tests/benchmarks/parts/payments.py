"""Calls of a payment provider, repeated, out of order and forged, and a long statement: on PostgreSQL."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks import calling, processes, servers
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.runs import Run

CALLS = 100_000
LINES = 10_000
SECRET = "whsec_bench"


def run(run: Run) -> Section:
    calls = run.documents or CALLS
    section = Section(
        "payments",
        f"Payments: {calls:,} calls of a provider over HTTP, a statement of {LINES:,} lines",
    )
    if not servers.address():
        section.absent = servers.ABSENT
        return section
    with servers.database("calls") as address, processes.throwaway("payments") as folder:
        sent, seen = _called(run, calls, folder, address)
    run.say(f"a statement of {LINES:,} lines …")
    with servers.database("statement") as address, processes.throwaway("statement") as folder:
        lines = processes.run(
            processes.probe("statement_lines", str(LINES), str(run.seed)),
            folder, settings=processes.EMBEDDED, timeout=1800, DATABASE_URL=address,
        ).data()  # fmt: skip
    section.figures = [*_of_calls(calls, sent, seen), *_of_statement(lines)]
    section.notes = [
        f"the calls: {calling.REPEATED:.0%} repeated, {calling.MOVED:.0%} out of order, {calling.FORGED:.0%} forged, of"
        f" {len(calling.KINDS)} kinds about each of {seen['payments']:,} payments, over {calling.CONNECTIONS} connections"
        " as fast as they are answered; gunicorn as in production (2 workers, 4 threads), the tick beside it in a"
        f" process of its own as the worker runs it, and a Stripe of the tests that it asks: {seen['asked']:,} times",
        f"processor time: the sender {sent['worked']:.0f} s, the tick and the Stripe it asks {seen['worked']:.0f} s",
    ]
    return section


def _of_calls(calls: int, sent: dict[str, Any], seen: dict[str, Any]) -> list[Figure]:
    answers = sent["answers"]
    forged = round(calls * calling.FORGED)
    return [
        Figure("calls taken in", sent["sent"] / sent["seconds"], "/s", 300, "more", digits=0, note=f"{sent['sent']:,} in {sent['seconds']:.0f} s"),
        Figure("a call's answer, p95", sent["p95"] * 1000, "ms", digits=0),
        Figure("genuine calls not taken", sent["sent"] - forged - answers.get("204", 0), "", 0, digits=0),
        Figure("forged calls not refused", forged - answers.get("forged 400", 0), "", 0, digits=0, note=f"{forged:,} sent"),
        Figure("stored beyond the distinct calls", abs(seen["stored"] - sent["distinct"]), "", 0, digits=0, note=f"{sent['distinct']:,} distinct"),
        Figure("payments not settled", seen["unsettled"], "", 0, digits=0, note=f"of {seen['payments']:,}"),
        Figure("payments settled twice", seen["doubled"], "", 0, digits=0),
        Figure("received in the books, beside what was asked", abs(seen["difference"]), "cent", 0, digits=0),
        Figure("owed in both books at the end", seen["owed"], "", 0, digits=0),
        Figure("payments that the books do not bear out", seen["books"], "", 0, digits=0),
    ]  # fmt: skip


def _of_statement(lines: dict[str, Any]) -> list[Figure]:
    return [
        Figure("lines of a statement read and reconciled", lines["reconciled"], "s", 20, note=f"{lines['read']:.1f} s of it to read them"),
        Figure("lines that found no payment", lines["unmatched"], "", 0, digits=0),
        Figure("payments by statement that the books do not bear out", lines["books"], "", 0, digits=0),
    ]  # fmt: skip


def _called(run: Run, calls: int, folder: Path, address: str) -> tuple[Any, Any]:
    file, done = folder / "sessions.json", folder / "done"
    sessions = calling.sessions_for(calls)
    run.say(f"{sessions:,} payments …")
    processes.run(
        processes.probe("provider_calls", "prepare", str(file), str(sessions), str(run.seed)),
        folder, settings=processes.EMBEDDED, timeout=1800, DATABASE_URL=address,
    )  # fmt: skip
    keys = {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": SECRET}
    with _settling(file, done, folder, address) as settling, servers.web(folder, address, **keys) as port:  # fmt: skip
        run.say(f"{calls:,} calls …")
        command = [
            processes.PYTHON,
            "-m",
            "tests.benchmarks.calling",
            str(port),
            str(file),
            str(calls),
        ]
        sent = processes.run([*command, str(run.seed), SECRET], folder, timeout=3600).data()
        done.touch()
        seen = processes.Done(0, 0, 0, settling.communicate(timeout=1800)[0], "").data()
    return sent, seen


@contextmanager
def _settling(
    file: Path, done: Path, folder: Path, address: str
) -> Iterator["subprocess.Popen[str]"]:
    with (folder / "settle.log").open("wb") as log:
        process = subprocess.Popen(
            processes.probe("provider_calls", "settle", str(file), str(done)),
            cwd=processes.ROOT,
            env=processes.environment(folder, processes.EMBEDDED, DATABASE_URL=address),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True,
        )  # fmt: skip
    try:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise processes.Failed(
                f"the tick did not start: {(folder / 'settle.log').read_text()[-600:]}"
            )
        yield process
    finally:
        processes.end_group(process)
