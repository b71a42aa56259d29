"""Which forms there are, as shipped: versioned data with their source."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from marketplace.core import clock
from marketplace.core.bilingual import Words

_FILE: Final = Path(__file__).parent.parent / "data" / "paper_forms.toml"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a form: what it fills, or what of the organisation it shows; else it is a note."""

    number: str
    label: str
    field: str = ""
    shows: str = ""
    required: bool = False
    note: bool = False


@dataclass(frozen=True, slots=True)
class PaperForm:
    code: str
    edition: str
    valid_from: date
    status: str
    source: str
    kind: str
    title: Words
    lines: tuple[Line, ...]

    @property
    def mark(self) -> str:
        """Stands in the file, so that it is known when it comes back."""
        return f"techmart-{self.code}-{self.edition}"


@cache
def _editions() -> tuple[PaperForm, ...]:
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["forms"]
    return tuple(
        PaperForm(
            code=row["code"],
            edition=row["edition"],
            valid_from=row["valid_from"],
            status=row["status"],
            source=row["source"],
            kind=row["kind"],
            title=Words(vi=row["title_vi"], en=row["title_en"]),
            lines=tuple(Line(**line) for line in row["fields"]),
        )
        for row in rows
    )


def forms_on(day: date | None = None) -> list[PaperForm]:
    """The edition in force of each form, in the order of their codes."""
    day = day or clock.today()
    newest: dict[str, PaperForm] = {}
    for form in sorted(_editions(), key=lambda one: one.valid_from):
        if form.valid_from <= day:
            newest[form.code] = form
    return [newest[code] for code in sorted(newest)]


def form_for(code: str) -> PaperForm | None:
    """The edition in force of one form."""
    return next((form for form in forms_on() if form.code == code), None)


def marked(mark: str) -> PaperForm | None:
    """The form that a file says it is, of whatever edition."""
    return next((form for form in _editions() if form.mark == mark.strip()), None)
