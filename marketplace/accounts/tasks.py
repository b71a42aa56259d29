"""The clock of this app: letters that end, requests that nobody answers."""

from marketplace.accounts.services.invitations import expire_batch
from marketplace.accounts.services.join_requests import follow_up_batch
from marketplace.core.ticks import tick


def _joining() -> int:
    return follow_up_batch() + expire_batch()


joining = tick("accounts.joining", _joining)
