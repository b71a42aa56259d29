"""Is a word a Vietnamese syllable with its marks in order? Strict, unlike the search's own test.

The search asks whether a token could be Vietnamese and forgives marks; here the marks are the question:
text that was converted wrongly has letters of the alphabet in combinations that no syllable has.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_ONSET: Final = (
    "ngh(?=[ieê])|ng(?![ieêh])|nh|ch|gh(?=[ieê])|gi|kh|ph|th|tr|c(?![hieêy])|[bdđghklmnprstvx]"
)
_RHYMES: Final = """
a ai ao au ay am an ang anh ap at ac ach ăm ăn ăng ăp ăt ăc ăk âu ây âm ân âng âp ât âc
e eo em en eng ep et ec ê êu êm ên êng ênh êp êt êc êch
i iu im in inh ip it ich ia iêu iêm iên iêng iêp iêt iêc
o oi oa oai oao oay oam oan oang oanh oap oat oac oach oăm oăn oăng oăt oăc oe oeo oen oet
om on ong op ot oc oong ooc oo ô ôi ôm ôn ông ôp ôt ôc ôông ơ ơi ơm ơn ơng ơp ơt ơc
u ui um un ung up ut uc ua uôi uôm uôn uông uôt uôc uân uâng uât uây uê uên uênh uêch uêu uơ uơn
uy uya uyên uyêt uyn uynh uyt uych uyp uyu uych
ư ưi ưu ưm ưn ưng ưt ưc ưa ươi ươu ươm ươn ương ươp ươt ươc
y yên yêm yêng yêt yêu yt
"""
_AFTER_QU: Final = """
a ai ao au ay an ang anh at ac ach ăm ăn ăng ăp ăt ăc âu ân âng ât ây e eo en et ec ê ên ênh êt êch
i it in inh ich o ơ ơi ơn ơt y yên yêt yêu ynh yt ych
"""
_SHAPE: Final = re.compile(
    f"(?:qu(?:{'|'.join(_AFTER_QU.split())})|(?:{_ONSET})?(?:{'|'.join(_RHYMES.split())})|gin?|giêng|giêt)"
)
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_STOPPED: Final = re.compile(r"[aăâeêioôơuưy](?:ch|[cpt])$")


@lru_cache(maxsize=100_000)
def is_marked_syllable(word: str) -> bool:
    """`Nghiên`, `CỨU`, `hoà`, `hòa`: letters in an order Vietnamese has, one tone at most, and a tone
    that the ending allows (only `́` and `̣` before c, ch, p, t)."""
    decomposed = unicodedata.normalize("NFD", word.lower().replace("đ", "d\u0335"))
    tones = [char for char in decomposed if char in _TONES]
    if len(tones) > 1:
        return False
    letters = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    letters = letters.replace("d\u0335", "đ")
    if _SHAPE.fullmatch(letters) is None:
        return False
    if tones and _STOPPED.search(letters):
        return tones[0] in "\u0301\u0323"
    return True


def is_upper_word(word: str) -> bool:
    return len(word) > 1 and word.isupper()
