"""What can be done with a listing. Entry points authorize; these functions hold the rules.

Editing never touches what readers see: it saves a revision, and only the last approval of the
workflow publishes one. Withdrawing and expiring take down at once.
"""

from marketplace.listings.services.asking import ask_batch, renew, renew_many, suspend_batch
from marketplace.listings.services.calls import ask_for_call, cancel_call
from marketplace.listings.services.copies import note_copies, waiting_for_review, with_copies
from marketplace.listings.services.drafts import (
    MOST_ATTACHMENTS,
    MOST_PICTURES,
    Locked,
    add_files,
    create_draft,
    draft_of,
    ensure_editable,
    fingerprint,
    save_draft,
)
from marketplace.listings.services.from_results import find_offer_from_result, offer_from_result
from marketplace.listings.services.need_merges import merge_needs, merged_into, undo_need_merge
from marketplace.listings.services.own_approvals import (
    approve_as_manager,
    return_as_manager,
    take_back_from_manager,
)
from marketplace.listings.services.readers import is_robot, record_view
from marketplace.listings.services.reading import correct_reading
from marketplace.listings.services.review import (
    USUAL_VALIDITY,
    Incomplete,
    give_number,
    recall,
    record_review,
    record_undone,
    submit,
)
from marketplace.listings.services.shown import (
    LONGEST_VALIDITY,
    confirm_still_valid,
    expire_batch,
    extend_validity,
    remind_batch,
    restore_draft,
    withdraw,
)
from marketplace.listings.services.splitting import split_listing
from marketplace.listings.services.staff_posts import (
    WAYS,
    Consent,
    ask_firm,
    begin_staff_post,
    confirm_as_firm,
    reject_as_firm,
    stop_staff_post,
    take_back,
)
from marketplace.listings.services.upkeep import check_links, note_links, tell_of_rights

__all__ = [
    "Consent",
    "LONGEST_VALIDITY",
    "MOST_ATTACHMENTS",
    "MOST_PICTURES",
    "USUAL_VALIDITY",
    "WAYS",
    "Incomplete",
    "Locked",
    "add_files",
    "approve_as_manager",
    "ask_batch",
    "ask_firm",
    "ask_for_call",
    "begin_staff_post",
    "cancel_call",
    "check_links",
    "confirm_as_firm",
    "confirm_still_valid",
    "correct_reading",
    "create_draft",
    "draft_of",
    "ensure_editable",
    "expire_batch",
    "extend_validity",
    "find_offer_from_result",
    "fingerprint",
    "give_number",
    "is_robot",
    "merge_needs",
    "merged_into",
    "note_copies",
    "note_links",
    "offer_from_result",
    "recall",
    "record_review",
    "record_undone",
    "record_view",
    "reject_as_firm",
    "remind_batch",
    "renew",
    "renew_many",
    "restore_draft",
    "return_as_manager",
    "save_draft",
    "split_listing",
    "stop_staff_post",
    "submit",
    "suspend_batch",
    "take_back",
    "take_back_from_manager",
    "tell_of_rights",
    "undo_need_merge",
    "waiting_for_review",
    "with_copies",
    "withdraw",
]
