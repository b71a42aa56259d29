"""Whether two records, as two sources wrote them, describe one thing, and why.

Pure functions over plain facts: names of organisations and places are handed in as data.
"""

from marketplace.reading.records.comparing import Comparison, compare_records
from marketplace.reading.records.facts import Identifier, Prepared, RecordFacts, prepare
from marketplace.reading.records.keys import blocking_keys
from marketplace.reading.records.rivals import contested, is_apart, is_rival
from marketplace.reading.records.scoring import Decision, Sign, Verdict, judge

__all__ = [
    "Comparison",
    "Decision",
    "Identifier",
    "Prepared",
    "RecordFacts",
    "Sign",
    "Verdict",
    "blocking_keys",
    "compare_records",
    "contested",
    "is_apart",
    "is_rival",
    "judge",
    "prepare",
]
