"""What can be done about one's own data."""

from marketplace.privacy.services.clearing import clear_batch, preview
from marketplace.privacy.services.closing import (
    CannotClose,
    ask_for_closing,
    cancel_closing,
    close_account,
    close_due,
    ensure_may_close,
)
from marketplace.privacy.services.consents import (
    agree_on_opening,
    agree_to,
    consents_of,
    give_consent,
    has_consent,
    missing_documents,
    withdraw_consent,
)
from marketplace.privacy.services.copies import ask_for_copy, make_copy, open_copy, remove_copy
from marketplace.privacy.services.requests import (
    answer_request,
    finish_request,
    receive_request,
    refuse_request,
)

__all__ = [
    "CannotClose",
    "agree_on_opening",
    "agree_to",
    "answer_request",
    "ask_for_closing",
    "ask_for_copy",
    "cancel_closing",
    "clear_batch",
    "close_account",
    "close_due",
    "consents_of",
    "ensure_may_close",
    "finish_request",
    "give_consent",
    "has_consent",
    "make_copy",
    "missing_documents",
    "preview",
    "open_copy",
    "receive_request",
    "refuse_request",
    "remove_copy",
    "withdraw_consent",
]
