"""Answers on paper and values of a listing: what is printed of one, and what a browser would have posted for
the other. The fields of the ordinary form are asked, so paper and screen take and refuse the same."""

import re
from typing import Any, Final

from django import forms

from marketplace.core.fields import CodeListField
from marketplace.core.text import fold
from marketplace.listings.models import Listing
from marketplace.listings.wizard import Step, step_of

_CHOSEN: Final = re.compile(r"^\s*(?:☒|☑|\[\s*[xX✓]\s*\])\s*(.+)$")
_OPEN: Final = re.compile(r"^\s*(?:☐|\[\s*\])")
#: Printed in full, to be ticked; longer lists are written out.
_TICKED: Final = 12


def step_and_field(kind: str, name: str) -> tuple[Step, Any]:
    step = step_of(kind, name)
    field: Any = step.form().fields[name]
    return step, field


def options_of(field: Any) -> list[tuple[str, str]]:
    """Code and label of a field that is chosen from a list; none for one that is written."""
    if isinstance(field, CodeListField):
        first: Any = field.fields[0]
        listed = first.choices
    elif isinstance(field, forms.ChoiceField):
        listed = field.choices
    else:
        return []
    found: list[tuple[str, str]] = []
    for code, label in listed:
        pairs = label if isinstance(label, list | tuple) else [(code, label)]
        found += [(str(one), str(words)) for one, words in pairs if str(one)]
    return found


def is_ticked(field: Any) -> bool:
    return 0 < len(options_of(field)) <= _TICKED


def printed(field: Any, value: Any) -> str:
    """A value as it stands on paper."""
    options = options_of(field)
    if not options:
        shown = field.prepare_value(value)
        shown = field.widget.format_value(shown) if shown is not None else ""
        return "" if shown is None else str(shown)
    chosen = {str(one) for one in (value if isinstance(value, list) else [value]) if one}
    if is_ticked(field):
        return "\n".join(f"{'☒' if code in chosen else '☐'} {label}" for code, label in options)
    return "; ".join(_named(code, label) for code, label in options if code in chosen)


def _named(code: str, label: str) -> str:
    return label if label.startswith(code) else f"{code} {label}"


def posted(name: str, field: Any, text: str) -> tuple[dict[str, list[str]], list[str]]:
    """What a browser would post for an answer, and the words of it that are in no list."""
    options = options_of(field)
    if not options:
        return {name: [text]}, []
    codes, unknown = [], []
    for words in _chosen(text):
        code = _code_of(words, options)
        if code:
            codes.append(code)
        else:
            unknown.append(words)
    codes = list(dict.fromkeys(codes))
    if isinstance(field, CodeListField):
        kept, over = codes[: len(field.fields)], codes[len(field.fields) :]
        unknown += [dict(options)[code] for code in over]
        return {f"{name}_{place}": [code] for place, code in enumerate(kept)}, unknown
    if isinstance(field, forms.MultipleChoiceField):
        return {name: codes}, unknown
    unknown += [dict(options)[code] for code in codes[1:]]
    return {name: codes[:1]}, unknown


def _chosen(text: str) -> list[str]:
    """Ticked lines; where none is ticked or open, all that is written."""
    lines = [line for line in text.splitlines() if line.strip()]
    ticked = [found[1].strip() for line in lines if (found := _CHOSEN.match(line))]
    if ticked or any(_OPEN.match(line) for line in lines):
        written = [line for line in lines if not (_CHOSEN.match(line) or _OPEN.match(line))]
        return ticked + [line.strip() for line in written]
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


def _code_of(words: str, options: list[tuple[str, str]]) -> str:
    wanted = fold(words)
    for code, label in options:
        if wanted in (fold(code), fold(label), fold(_named(code, label))):
            return code
    first = wanted.split()[0] if wanted.split() else ""
    return next((code for code, _label in options if fold(code) == first.rstrip(".:")), "")


def value_of(draft: Listing, name: str) -> Any:
    return getattr(draft, name)
