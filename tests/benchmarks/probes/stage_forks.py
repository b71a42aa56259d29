"""A stage run many times over in one folder that the campaign sets back each time: `STAGE [SEED]`.

Each run is a fork of this process, which has read all code and opened nothing: killing hundreds of them
costs what the stage costs. A line `{"action": …, "after": …}` comes in on standard input, one line of
JSON goes out for it: what the run printed, whether it was killed, what went wrong.
"""

import json
import os
import select
import signal
import sys
import time
import traceback
from typing import Any

from tests.benchmarks.probes.stages import STAGES, run_again

_LONGEST = 300


def main(name: str, seed: str = "") -> None:
    stage = STAGES[name](seed)
    with stage.surroundings():
        print("ready", flush=True)
        for line in sys.stdin:
            asked = json.loads(line)
            print(json.dumps(_forked(stage, **asked), ensure_ascii=False), flush=True)


def _forked(stage: Any, action: str, after: float | None = None) -> dict[str, Any]:
    read_end, write_end = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(read_end)
        _child(stage, action, write_end)
    os.close(write_end)
    said, is_killed = _awaited(process, read_end, _LONGEST if after is None else after)
    if is_killed:
        return {"killed": True, "fault": "" if after is not None else f"not done in {_LONGEST} s"}
    try:
        return {"killed": False, "fault": "", **json.loads(said)}
    except json.JSONDecodeError:
        return {"killed": False, "fault": said[-600:] or "it ended without a word"}


def _child(stage: Any, action: str, write_end: int) -> None:
    """Never returns: what the parent would do after its loop is none of the child's."""
    os.setsid()
    try:
        if action == "work":
            started = time.perf_counter()
            stage.work()
            said = json.dumps({"seconds": time.perf_counter() - started})
        else:
            said = json.dumps(run_again(stage))
    except BaseException:  # noqa: BLE001 - told to the campaign, which counts it
        said = traceback.format_exc()
    with os.fdopen(write_end, "w") as out:
        out.write(said)
    os._exit(0)


def _awaited(process: int, read_end: int, seconds: float) -> tuple[str, bool]:
    """What it said until it ended, or that it was killed (−9), with all it started, before that."""
    said = b""
    deadline = time.monotonic() + seconds
    with os.fdopen(read_end, "rb", buffering=0) as heard:
        while True:
            left = deadline - time.monotonic()
            ready, _, _ = select.select([heard], [], [], max(0.0, left))
            if not ready:
                _kill_session(process)
                os.waitpid(process, 0)
                return "", True
            piece = heard.read(1 << 16)
            if not piece:
                break
            said += piece
    _kill_session(process)  # whatever it left behind
    os.waitpid(process, 0)
    return said.decode("utf-8", "replace"), False


def _kill_session(process: int) -> None:
    try:
        os.killpg(process, signal.SIGKILL)
    except ProcessLookupError:
        # Killed before it had a session of its own.
        os.kill(process, signal.SIGKILL)
