"""English in this index: a stop list and the Snowball stemmer.

Tokens that could be Vietnamese syllables are never stemmed; Snowball leaves nearly all of them
alone anyway, so one rule serves both languages and mixed text, without knowing the language.
"""

from typing import Final

import Stemmer

_WORDS: Final = """
    a about above after again against all also am an and any are as at be because been before
    being below between both but by can could did do does doing down during each either few for
    from further had has have having he her here hers him his how however i if in into is it its
    itself just may me might more most must my no nor not now of off on once only or other our
    ours out over own same shall she should so some such than that the their theirs them then
    there therefore these they this those through thus to too under until up upon us very was we
    were what when where which while who whom whose why will with within without would you your
"""
STOP_WORDS: Final = frozenset(_WORDS.split())

_stemmer = Stemmer.Stemmer("english")


def stem(token: str) -> str:
    return str(_stemmer.stemWord(token))
