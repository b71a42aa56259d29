"""How far a command is: one line on standard error, rewritten in a terminal, now and then in a log."""

import sys
import time
from typing import Any, Final

from django.utils.translation import gettext as _

_BAR: Final = 24
_IN_A_TERMINAL: Final = 0.2
_IN_A_LOG: Final = 5.0


class ProgressLine:
    """Counts records; with a total it shows a bar and the time left as well.

    The rate is that of this run: what was done before it (`at`, the first call) costs no time.
    """

    def __init__(self, out: Any, label: str, *, is_quiet: bool = False) -> None:
        self.out, self.label, self.is_quiet = out, label, is_quiet
        self.is_terminal = sys.stderr.isatty()
        self.started = self.told_at = time.monotonic()
        self.done = self.total = 0
        self.before: int | None = None

    def count(self, more: int) -> None:
        self.at(self.done + more)

    def at(self, done: int, total: int = 0) -> None:
        if self.before is None:
            self.before = 0 if done <= 1_000 else done
        self.done, self.total = done, total
        self._tell(every=_IN_A_TERMINAL if self.is_terminal else _IN_A_LOG)

    def finish(self) -> None:
        self._tell(every=0)
        if self.is_terminal and not self.is_quiet:
            self.out.write("")

    def _tell(self, *, every: float) -> None:
        now = time.monotonic()
        if self.is_quiet or now - self.told_at < every:
            return
        self.told_at = now
        text = self._text(now - self.started)
        self.out.write(
            f"\r{text}" if self.is_terminal else text, ending="" if self.is_terminal else "\n"
        )

    def _text(self, seconds: float) -> str:
        rate = (self.done - (self.before or 0)) / max(seconds, 0.001)
        if not self.total:
            return _("%(label)s: %(done)s bản ghi, %(rate)s bản ghi/giây") % {
                "label": self.label,
                "done": self.done,
                "rate": round(rate),
            }
        filled = min(_BAR, _BAR * self.done // self.total)
        return _(
            "%(label)s: [%(bar)s] %(done)s/%(total)s bản ghi, %(rate)s bản ghi/giây, còn %(left)s"
        ) % {
            "label": self.label,
            "bar": "#" * filled + "." * (_BAR - filled),
            "done": self.done,
            "total": self.total,
            "rate": round(rate),
            "left": _duration((self.total - self.done) / rate) if rate else "?",
        }


def _duration(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
