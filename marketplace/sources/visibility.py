"""Why a result that came from a source is on no page: what its source, not a person, decided.

These stand in `Result.withdrawal_reason`. A result that staff took down has their own words there, and
nothing that comes in shows it again.
"""

from typing import Final

from marketplace.sources.models import Sharing, Source

#: The source says that its record is no more.
DELETED: Final = "source.deleted"
#: A complete listing of the source no longer has it, and the source does not tell of deletions.
VANISHED: Final = "source.vanished"
#: The run that made it was undone.
UNDONE: Final = "run.undone"
#: Its source is for trying out.
SANDBOX: Final = "source.sandbox"
#: Its source is not for everybody: named ministries, or nobody outside.
NOT_PUBLIC: Final = "source.not_public"
#: It describes what another record describes, which stands for both (`linking.merging`). What its source
#: says of it counts all the same: deleted there, it is no duplicate any more.
MERGED: Final = "linking.merged"

#: All that is decided without staff.
SET_BY_SOURCES: Final = frozenset({DELETED, VANISHED, UNDONE, SANDBOX, NOT_PUBLIC, MERGED})
#: What a record that comes in again ends.
ENDED_BY_RETURN: Final = frozenset({DELETED, VANISHED, UNDONE})


def hidden_because(source: Source) -> str:
    """Why every result of this source is on no page; empty where they are for everybody."""
    if source.is_sandbox:
        return SANDBOX
    return "" if source.sharing == Sharing.PUBLIC else NOT_PUBLIC
