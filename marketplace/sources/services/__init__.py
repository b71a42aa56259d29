"""What can be done with sources: records brought in, taken back, corrected."""

from marketplace.sources.services.entrance import bring_in
from marketplace.sources.services.files import import_file
from marketplace.sources.services.runs import begin_run, find_or_create_source
from marketplace.sources.services.summary import ImportSummary, Seen

__all__ = [
    "ImportSummary",
    "Seen",
    "begin_run",
    "bring_in",
    "find_or_create_source",
    "import_file",
]
