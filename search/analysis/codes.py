"""Numbers of registrations, archives, certificates and applications, however they are typed.

``2019-02-566/KQNC``, ``KQ015440`` and ``1-2019-04512`` are found with other separators, without
separators, without the part behind the slash and without leading zeros.
"""

import re
from typing import Final

from search.analysis.text import compose
from search.analysis.vietnamese import strip_marks

_FEWEST_DIGITS: Final = 4
_LONGEST: Final = 40

_LEADING_ZEROS: Final = re.compile(r"^([a-z]+)0+(?=\d)")
_LETTERS_FIRST: Final = re.compile(r"^[a-z]+(?=\d)")

_TYPED: Final = re.compile(
    r"(?<![^\W_])"
    r"(?:[A-Za-zĐđ]{1,6}(?:[ .\-–/][A-Za-zĐđ]{1,6})?[ .\-–/]?)?"
    r"\d[\d]*(?:[ .\-–/]{1,2}\d+)*"
    r"(?:[A-Za-zĐđ]{0,6})"
    r"(?:\s?/\s?[A-Za-zĐđ&\-]{2,12})?"
    r"(?![^\W_])"
)

#: The office behind the number of a certificate or a decision.
_OFFICE: Final = re.compile(r"\d\s?/\s?[A-Za-zĐđ&\-]{2,}$")
_BRANCH: Final = re.compile(r"\s([A-Za-zĐđ]{2,8})(?!\w)")

# What stands in running text is taken for a code only where its shape leaves no doubt.
_WRITTEN: Final = re.compile(
    r"(?<![\w\-])(?:"
    r"\d{4}-\d{2}-\d{2,5}(?:/[A-ZĐ][A-ZĐ&\-]{1,11})?"
    r"|\d{1,2}-\d{4}-\d{4,6}"
    r"|KQ ?\d{5,6}"
    r"|(?:TCVN|QCVN|TCCS|ISO|IEC|ASTM) ?\d{2,6}(?:[-:]\d{1,4})*"
    r")(?!\w)"
)


def compact(code: str) -> str:
    """The code as one word: lower case, without marks and separators."""
    return "".join(char for char in strip_marks(compose(code)).lower() if char.isalnum())


def _forms(code: str) -> set[str]:
    forms = {compact(code)}
    head, slash, _ = code.rpartition("/")
    if slash and sum(char.isdigit() for char in head) >= _FEWEST_DIGITS:
        forms.add(compact(head))
    forms |= {_LEADING_ZEROS.sub(r"\1", form) for form in forms}
    return {form for form in forms if form}


def code_keys(code: str) -> set[str]:
    """What a document with this code is filed under."""
    keys = _forms(code)
    bare = {_LETTERS_FIRST.sub("", key) for key in keys}
    keys |= {key for key in bare if len(key) > _FEWEST_DIGITS}
    return {key[:_LONGEST] for key in keys}


def typed_codes(text: str) -> set[str]:
    """What in a query may be a code, in the forms in which documents are filed."""
    found: set[str] = set()
    text = compose(text)
    for match in _TYPED.finditer(text):
        typed = match.group()
        # "29/KQNC-SKHCN" has few digits; what stands behind the slash makes it a number all the same.
        if sum(char.isdigit() for char in typed) < _FEWEST_DIGITS and not _OFFICE.search(typed):
            continue
        found |= _forms(typed)
        words = typed.split()
        branch = _BRANCH.match(text, match.end())
        if branch and _OFFICE.search(typed):
            # "29/KQNC SKHCN": the hyphen between office and branch was left out.
            found |= _forms(f"{typed}{branch[1]}")
        # "bằng 1-2019-04512": the word before a number is not always part of it.
        if len(words) > 1 and not any(char.isdigit() for char in words[0]):
            found |= _forms(" ".join(words[1:]))
    return {form[:_LONGEST] for form in found if any(char.isdigit() for char in form)}


def find_codes(text: str) -> list[str]:
    """Codes that stand in running text, in order, each once."""
    return list(dict.fromkeys(_WRITTEN.findall(text)))
