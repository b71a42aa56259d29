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
from marketplace.registration.services.focal_points import (
    NotNamed,
    appoint_officer,
    close_focal_point,
    dismiss_officer,
    reopen_focal_point,
    save_focal_point,
)
from marketplace.registration.services.issuing import issue_certificate, print_batch
from marketplace.registration.services.reminders import remind_batch
from marketplace.registration.services.rulebooks import (
    WrongRule,
    load_rule_books,
    move_entry,
    must_stay,
    remove_entry,
    save_edition,
    save_entry,
    start_edition,
)
from marketplace.registration.services.task_reports import (
    AlreadyKnown,
    confirm_task_report,
    report_task,
    return_task_report,
    send_task_report_again,
    withdraw_task_report,
)

__all__ = [
    "AlreadyKnown",
    "Incomplete",
    "Locked",
    "NotNamed",
    "TooManyFiles",
    "WrongRule",
    "accept_dossier",
    "add_file",
    "appoint_officer",
    "begin_review",
    "close_focal_point",
    "confirm_task_report",
    "decline_copy",
    "dismiss_officer",
    "ensure_editable",
    "fingerprint",
    "issue_certificate",
    "issue_copy",
    "load_rule_books",
    "move_entry",
    "must_stay",
    "print_batch",
    "recall_dossier",
    "refuse_dossier",
    "remind_batch",
    "remove_entry",
    "remove_file",
    "reopen_focal_point",
    "report_task",
    "request_copy",
    "return_dossier",
    "return_task_report",
    "save_edition",
    "save_entry",
    "save_focal_point",
    "save_step",
    "send_task_report_again",
    "start_dossier",
    "start_edition",
    "submit_dossier",
    "take_back_acceptance",
    "withdraw_dossier",
    "withdraw_task_report",
]
