"""What changes matches: runs, notices, answers, decisions of staff."""

from marketplace.matching.reasons import reasons_for
from marketplace.matching.services.answers import (
    pass_on,
    pass_on_many,
    record_opened,
    take_back_pass,
)
from marketplace.matching.services.curating import (
    add_match,
    confirm_match,
    match_again,
    pin_match,
    suppress_matches,
    undo_decision,
)
from marketplace.matching.services.matching import match_need, public_supply
from marketplace.matching.services.releasing import release_matches, set_staff_look
from marketplace.matching.services.retiring import (
    forget_words,
    retire_matches_of_need,
    retire_matches_of_supply,
)
from marketplace.matching.services.telling import tell_what_waited

__all__ = [
    "forget_words",
    "add_match",
    "confirm_match",
    "match_again",
    "match_need",
    "pass_on",
    "pass_on_many",
    "pin_match",
    "public_supply",
    "reasons_for",
    "record_opened",
    "release_matches",
    "retire_matches_of_need",
    "retire_matches_of_supply",
    "set_staff_look",
    "suppress_matches",
    "take_back_pass",
    "tell_what_waited",
    "undo_decision",
]
