"""What can be done with sources: records brought in, taken back, corrected."""

from marketplace.sources.services.correcting import (
    correct_field,
    decide_conflict,
    edit_application,
    edit_task,
    reopen_conflict,
    take_back,
)
from marketplace.sources.services.entrance import bring_in
from marketplace.sources.services.files import import_file
from marketplace.sources.services.runs import begin_run, ensure_own_source, find_or_create_source
from marketplace.sources.services.summary import ImportSummary, Seen
from marketplace.sources.services.undoing import ask_undo, undo_batch

__all__ = [
    "ImportSummary",
    "Seen",
    "ask_undo",
    "begin_run",
    "bring_in",
    "correct_field",
    "decide_conflict",
    "edit_application",
    "edit_task",
    "ensure_own_source",
    "find_or_create_source",
    "import_file",
    "reopen_conflict",
    "take_back",
    "undo_batch",
]
