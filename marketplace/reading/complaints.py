"""Clauses that complain: how bad things are is no part of what is looked for.

"Chúng tôi bị lỗ, nợ ngân hàng" names no bank to sell to. What the vocabulary knows of materials, methods
and effects counts there too, since a complaint names what it is about ("tôm chết", "khổ vì bụi gỗ").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from marketplace.reading.folding import fold_in_place

#: Read in folded text, so that marks or none make no difference; what is another word without its marks
#: stands with a neighbour.
_CUE: Final = re.compile(
    r"(?<!\w)(?:bi lo(?! hong)|lo nang|thua lo|lo von|mang no|no ngan hang|no nan|no thuc an|no lai|vo no|"
    r"keu (?:nong|ca|than|troi|quai|hoai)|cung than|than (?:tho|phien|troi|kho|van|nghe|qua troi|hoai)|phan nan|che (?:bai|xau|hoai|qua)|"
    r"khach che|khach hang che|bi che|phan anh|kien cao|bi kien|hang xom kien|bi phat|lap bien ban|"
    r"mat (?:khach|mua|trang|tien|don hang|an|ngu|uy tin)|(?:hay|cu|lien tuc) (?:hong|hu|truc trac)|(?:hong|hu|sua) (?:hoai|suot|het)|"
    r"sua hoai|dap chieu|bi dot|kho dot|dot nat|bo trong|bo hoang|bo xo|ep gia|khong (?:ai )?(?:thue|muon) duoc|khong ai (?:mua|lam)|"
    r"ban khong|ton tien|la suot|la hoai|chiu khong noi|khong chiu noi|kho so|kho vi|qua kho|cuc qua|vat va|chat dong|ton kho|"
    r"khong biet (?:lam sao|tinh sao|the nao)|dau dau|met moi|"
    r"los(?:e|es|ing) (?:money|customers|orders)|complain\w*|(?:keeps?|kept) (?:breaking|failing)|broke down|breaks? down|"
    r"(?:cannot|can not|can't) afford|in debt|owes?|owing|(?:bank )?loans?|returns? (?:the |our )?goods|sued|fined|angry|"
    r"fed up|desperate|struggl\w+)(?!\w)"
)
_WISH: Final = re.compile(
    r"(?<!\w)(?:can(?! tho)|muon(?! duoc)|tim|mong|xin|nham|giup|de (?:giam|tang|khoi|tranh|khong)|need\w*|want\w*|"
    r"look\w*|seek\w*|require\w*|so that|in order to)(?!\w)"
)
_CLAUSE_END: Final = re.compile(r"[;:!?()\n]|[.,](?=\s|$)|(?<!\w)(?:nên|nhưng|vì vậy|so|but)(?!\w)")


@dataclass(frozen=True, slots=True)
class Complaint:
    """A clause without a wish, and where the complaining begins and ends in it."""

    start: int
    end: int
    cue_start: int
    cue_end: int


def find_complaints(text: str) -> list[Complaint]:
    folded = fold_in_place(text)
    found = []
    for start, end in _clauses(text):
        cue = _CUE.search(folded, start, end)
        if cue is not None and _WISH.search(folded, start, end) is None:
            found.append(Complaint(start, end, cue.start(), cue.end()))
    return found


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in _CLAUSE_END.finditer(text):
        yield start, stop.start()
        start = stop.end()
    yield start, len(text)
