"""A mailbox that is read and emptied: a folder in the Maildir layout, as mail servers and fetchers fill it."""

import mailbox
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass


class MailboxDown(Exception):
    """The mailbox cannot be read now; what lies in it waits."""


@dataclass(frozen=True, slots=True)
class Arrived:
    #: The box's own name for it.
    key: str
    content: bytes
    #: It is longer than what was read of it.
    is_cut: bool


class Mailbox:
    def __init__(self, path: str) -> None:
        self._box = mailbox.Maildir(path, create=False)

    def arrived(self, most: int, longest: int) -> list[Arrived]:
        found = []
        for key in sorted(self._box.keys())[:most]:
            with suppress(KeyError), self._box.get_file(key) as file:
                content = file.read(longest + 1)
                found.append(Arrived(key, content[:longest], len(content) > longest))
        return found

    def remove(self, key: str) -> None:
        self._box.discard(key)


@contextmanager
def mailbox_at(folder: str) -> Iterator[Mailbox]:
    """
    Raises:
        MailboxDown: it cannot be read.
    """
    try:
        yield Mailbox(folder)
    except (OSError, mailbox.Error) as error:
        raise MailboxDown(type(error).__name__) from error
