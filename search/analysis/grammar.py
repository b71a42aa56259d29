"""Words that say nothing on their own; a query may miss them."""

from collections.abc import Iterable
from typing import Final

from search.analysis.english import STOP_WORDS
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
