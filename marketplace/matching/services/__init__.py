"""What changes matches: runs, notices, answers."""

from marketplace.matching.services.answers import (
    pass_on,
    pass_reasons,
    record_opened,
    take_back_pass,
)
from marketplace.matching.services.matching import match_need
from marketplace.matching.services.retiring import retire_matches_of_need, retire_matches_of_supply
from marketplace.matching.services.telling import tell_what_waited

__all__ = [
    "match_need",
    "pass_on",
    "pass_reasons",
    "record_opened",
    "retire_matches_of_need",
    "retire_matches_of_supply",
    "take_back_pass",
    "tell_what_waited",
]
