"""What can be done with dossiers, certificates and copies."""

from marketplace.registration.services.copies import decline_copy, issue_copy, request_copy
from marketplace.registration.services.desk import (
    accept_dossier,
    begin_review,
    refuse_dossier,
    return_dossier,
    take_back_acceptance,
)
from marketplace.registration.services.drafts import (
    Locked,
    ensure_editable,
    fingerprint,
    save_step,
    start_dossier,
)
from marketplace.registration.services.files import TooManyFiles, add_file, remove_file
from marketplace.registration.services.filing import (
    Incomplete,
    recall_dossier,
    submit_dossier,
    withdraw_dossier,
)
from marketplace.registration.services.issuing import issue_certificate, print_batch
from marketplace.registration.services.reminders import remind_batch
from marketplace.registration.services.rulebooks import load_rule_books

__all__ = [
    "Incomplete",
    "Locked",
    "TooManyFiles",
    "accept_dossier",
    "add_file",
    "begin_review",
    "decline_copy",
    "ensure_editable",
    "fingerprint",
    "issue_certificate",
    "issue_copy",
    "load_rule_books",
    "print_batch",
    "recall_dossier",
    "refuse_dossier",
    "remind_batch",
    "remove_file",
    "request_copy",
    "return_dossier",
    "save_step",
    "start_dossier",
    "submit_dossier",
    "take_back_acceptance",
    "withdraw_dossier",
]
