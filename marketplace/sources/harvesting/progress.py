"""Where the harvest of a source stands: one JSON value in its row, written after each page."""

import hashlib
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from marketplace.sources.models import Source


@dataclass(slots=True)
class Walk:
    """A harvest that is on its way."""

    run: int
    #: The server's time when it began: the next harvest asks for what changed from then on.
    began: str = ""
    since: str = ""
    #: Sets still to come, this one first; [""] where everything is asked for.
    sets: list[str] = field(default_factory=lambda: [""])
    token: str = ""
    #: Pages that are in, and records read, over all sets.
    pages: int = 0
    records: int = 0
    #: The run's counts up to there.
    counts: dict[str, int] = field(default_factory=dict)
    restarts: int = 0
    #: Whether everything was asked for, to be compared with what is held at its end.
    is_compared: bool = False
    #: Records so far of which nobody can say which they are.
    nameless: int = 0
    # Brent's search for a cycle: a token that is kept, and compared with all that come until it is
    # replaced at the next power of two. It finds any cycle and remembers one token.
    kept: str = ""
    power: int = 1
    steps: int = 0

    def repeats(self, token: str) -> bool:
        """Has this token been given before? (Noted at the latest when a cycle has come round twice.)"""
        sign = hashlib.blake2b(token.encode("utf-8", "replace"), digest_size=16).hexdigest()
        if sign == self.kept:
            return True
        if self.steps == self.power or not self.kept:
            self.kept, self.power, self.steps = sign, self.power * 2, 0
        self.steps += 1
        return False

    def forget_tokens(self) -> None:
        self.token, self.kept, self.power, self.steps = "", "", 1, 0


@dataclass(slots=True)
class Progress:
    """The whole of it."""

    #: What the last complete harvest said to begin from.
    since: str = ""
    #: When the last listing of everything came to its end (ISO).
    full_at: str = ""
    #: What the server tells of deletions: `no`, `transient`, `persistent`.
    deletions: str = ""
    granularity: str = ""
    #: No request before this moment (ISO), because the server asked for patience.
    not_before: str = ""
    #: Staff asked for a reading before its time (ISO); empty again when it has begun.
    asked_at: str = ""
    walk: Walk | None = None

    @classmethod
    def of(cls, source: Source) -> Self:
        held: dict[str, Any] = dict(source.cursor or {})
        walk = held.pop("walk", None)
        known = {one.name for one in fields(cls)}
        progress = cls(**{name: value for name, value in held.items() if name in known})
        if walk:
            names = {one.name for one in fields(Walk)}
            progress.walk = Walk(**{name: value for name, value in walk.items() if name in names})
        return progress

    def save(self, source: Source) -> None:
        source.cursor = asdict(self)
        Source.objects.filter(pk=source.pk).update(cursor=source.cursor)
