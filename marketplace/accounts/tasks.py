"""The clock of this app: letters that end, requests that nobody answers, papers that expire."""

from marketplace.accounts.services.evidence import follow_up_batch as follow_up_papers
from marketplace.accounts.services.invitations import expire_batch
from marketplace.accounts.services.join_requests import follow_up_batch
from marketplace.core.ticks import tick


def _joining() -> int:
    return follow_up_batch() + expire_batch()


joining = tick("accounts.joining", _joining)

papers = tick("accounts.papers", follow_up_papers)
