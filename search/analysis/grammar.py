"""Words that say nothing, or little, on their own; a query may miss them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from search.analysis.english import STOP_WORDS, stem
from search.analysis.vietnamese import is_syllable, strip_marks

_WORDS: Final = """
    và của các những cho trong với là có được tại từ đến thì mà này do để về khi theo bằng như
    hay hoặc cũng cùng đã sẽ đang trên dưới một nào gì thế sao bị bởi ra vào không
"""
_MARKED: Final = frozenset(_WORDS.split())
#: The same without marks.
FUNCTION_WORDS: Final = frozenset(map(strip_marks, _MARKED))
#: "may", "to", "in" and "an" are Vietnamese words too, of which a need is made.
_ENGLISH: Final = frozenset(word for word in STOP_WORDS if not is_syllable(word))


def telling(exact: Iterable[str]) -> list[str]:
    """The terms that carry meaning, each once, in order; all of them where none does.

    With marks a word is what it is written: "lá" is a leaf, "là" says nothing. Without, it is taken
    for the word of grammar, which is the likelier by far.
    """
    terms = list(dict.fromkeys(exact))
    silent = _MARKED if any(not term.isascii() for term in terms) else FUNCTION_WORDS
    return [t for t in terms if t not in silent and t not in _ENGLISH] or terms


#: What names a sort of thing and not the thing: people say one, records another.
_GENERIC: Final = """
    máy, máy móc, thiết bị, trang thiết bị, hệ thống, hệ, bộ, dây chuyền, dụng cụ, công cụ, công nghệ, kỹ thuật,
    quy trình, qui trình, giải pháp, phương pháp, phương án, sản phẩm, mô hình, tổ hợp,
    machine, machinery, equipment, device, apparatus, system, technology, technique, method, process, solution
"""
#: Here the same syllables name a thing.
_FIXED: Final = """
    nhà máy, xe máy, tay máy, máy tính, máy bay, máy ảnh, máy chủ, hệ số, hệ sinh thái, hệ điều hành, hệ thần kinh,
    bộ phận, bộ nhớ, bộ môn, cán bộ, đồng bộ, nội bộ, cục bộ, tiến bộ, đường bộ, kỹ thuật số, quan hệ, thế hệ
"""


def _listed(words: str) -> list[tuple[str, ...]]:
    return [tuple(_form(term) for term in one.split()) for one in words.split(",")]


def _form(word: str) -> str:
    return word if not word.isascii() or is_syllable(word) else stem(word)


_COMPOUNDS: Final = dict.fromkeys(_listed(_FIXED), False) | dict.fromkeys(_listed(_GENERIC), True)
_BARE_COMPOUNDS: Final = {
    tuple(map(strip_marks, terms)): is_generic for terms, is_generic in _COMPOUNDS.items()
}
_LONGEST: Final = max(map(len, _COMPOUNDS))


@dataclass(frozen=True, slots=True)
class Compound:
    """The terms from ``start`` to ``end`` are one word; a generic one may be said otherwise."""

    start: int
    end: int
    is_generic: bool


def compounds(exact: Sequence[str]) -> list[Compound]:
    """Known words among these terms, the longest at each place; by their marks where there are any."""
    known = _COMPOUNDS if any(not term.isascii() for term in exact) else _BARE_COMPOUNDS
    found: list[Compound] = []
    place = 0
    while place < len(exact):
        for end in range(min(len(exact), place + _LONGEST), place, -1):
            is_generic = known.get(tuple(exact[place:end]))
            if is_generic is not None:
                found.append(Compound(place, end, is_generic))
                place = end - 1
                break
        place += 1
    return found
