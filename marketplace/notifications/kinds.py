"""Kinds of notice. Higher apps register theirs; this app knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from marketplace.notifications.letterheads import Letterhead
    from marketplace.notifications.models import Notice


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice.

    `template` names `emails/<template>.subject.txt`, `.txt` and `.html`; the subject is also the line
    in the inbox. A `transactional` kind always goes at once and cannot be switched off (it answers
    something the person did). `digest` kinds: the first mail of a day goes at once, the rest wait for
    the daily digest. `current` gives the context as it is when the mail is made, for kinds that keep
    ids alone, or None where nothing of it holds any more; it may set the notice's `url` too, for an
    address that must not lie in the database. A `desk` kind is told to staff and officers alone: nobody else
    is asked how they want it. `stop_path` leads to where somebody without an account ends such letters; a
    mail program may post there by itself (RFC 8058). `reply_to` gives the address at which an answer to the
    mail is read, or "". `letterhead` says whose letter it is where its address does not.
    """

    code: str
    label: str | Promise
    template: str
    transactional: bool = False
    digest: bool = True
    desk: bool = False
    current: Callable[[Notice], dict[str, Any] | None] | None = None
    stop_path: Callable[[Notice], str] | None = None
    reply_to: Callable[[Notice], str] | None = None
    letterhead: Callable[[Notice], Letterhead | None] | None = None


_kinds: dict[str, NoticeKind] = {}


def register_kind(kind: NoticeKind) -> None:
    if _kinds.get(kind.code, kind) != kind:
        raise ValueError(f"notice kind {kind.code} is registered twice")
    _kinds[kind.code] = kind


def get_kind(code: str) -> NoticeKind:
    return _kinds[code]


def kinds() -> list[NoticeKind]:
    return list(_kinds.values())
