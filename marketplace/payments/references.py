"""What a payer writes as content of a transfer, and how it is found again in a statement.

`TTCN` and ten signs: nine by chance, one that checks them. Banks cut spaces, fold letters, add their own
words before and behind, and break lines in the middle; so it is looked for in the text without any of that.
"""

import re
import secrets
from typing import Final

PREFIX: Final = "TTCN"
#: Nothing that is read two ways, and no vowels; 26 signs, since the check below wants an even number.
ALPHABET: Final = "3456789BCDFGHJKMNPQRSTVWXZ"
_BODY: Final = 9
LENGTH: Final = len(PREFIX) + _BODY + 1
_FOUND: Final = re.compile(f"(?={PREFIX}([{ALPHABET}]{{{_BODY + 1}}}))")
_NOISE: Final = re.compile(r"[^0-9A-Z]+")


def new_reference() -> str:
    """One of 26^9; a constraint holds each to be there once."""
    return completed("".join(secrets.choice(ALPHABET) for _sign in range(_BODY)))


def completed(body: str) -> str:
    return f"{PREFIX}{body}{_check_sign(body)}"


def references_in(text: str) -> list[str]:
    """Each reference in the content of a transfer whose last sign is right, as it was written once."""
    plain = _NOISE.sub("", text.upper())
    found = (match[1] for match in _FOUND.finditer(plain))
    right = (f"{PREFIX}{one}" for one in found if _check_sign(one[:-1]) == one[-1])
    return list(dict.fromkeys(right))


def looks_like_one(text: str) -> bool:
    """Whether somebody meant to write a reference and mistyped it."""
    return PREFIX in _NOISE.sub("", text.upper()) and not references_in(text)


def _check_sign(body: str) -> str:
    """ISO/IEC 7064, the hybrid system mod 27,26: one wrong sign, or two neighbours that
    changed places, do not pass."""
    size = len(ALPHABET)
    product = size
    for sign in body:
        total = (product + ALPHABET.index(sign)) % size or size
        product = total * 2 % (size + 1)
    return ALPHABET[(size + 1 - product) % size]
