"""The ledger of personal data, the terms of requests and the documents of consent, as shipped."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import DateTimeField, Model, QuerySet

from marketplace.core import clock
from marketplace.core.bilingual import Words
from marketplace.core.editions import in_force

#: Stands where a text was emptied that may not be empty.
CLEARED = "Đã xóa khi hết thời hạn lưu giữ."
_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Basis:
    words: Words
    source: Words


@dataclass(frozen=True, slots=True)
class Part:
    """The personal fields of one model that serve one purpose."""

    model: type[Model]
    fields: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The field that names the account; empty for a row that belongs to none."""
        if self.model is get_user_model():
            return "pk"
        related = (self.model._meta.get_field(name) for name in self.fields)
        return next((f.name for f in related if f.related_model is get_user_model()), "")

    def rows_of(self, user: Any) -> QuerySet:
        rows = self.model._base_manager
        if not self.subject:
            return rows.none()
        return rows.filter(**{self.subject: user.pk}).order_by("pk")

    @property
    def model_name(self) -> str:
        options = self.model._meta
        return str(_words_for("models").get(options.label, options.verbose_name))

    def label(self, name: str) -> str:
        """What people call the field: its own name where somebody gave it one, else the file of words."""
        field = self.model._meta.get_field(name)
        own = str(getattr(field, "verbose_name", name))
        return own if own != name.replace("_", " ") else str(_words_for("fields").get(name, own))

    def labels(self) -> list[str]:
        subject = self.subject
        return [self.label(name) for name in self.fields if name != subject]


@dataclass(frozen=True, slots=True)
class Clearing:
    """Rows of one model whose time is over after so long, and what becomes of them then."""

    model: type[Model]
    since: str
    years: int
    days: int
    act: str
    fields: tuple[str, ...]
    marked: tuple[str, ...]
    only: dict[str, Any]
    by: str

    def due(self) -> QuerySet:
        """The rows whose time is over by now; those that were emptied already are not among them."""
        rows = self.model._base_manager.filter(
            pk__in=self.model._base_manager.filter(
                **{f"{self.since}__lt": self._before()}, **self.only
            ).values("pk")
        ).order_by("pk")
        if self.act != "blank":
            return rows
        return rows.exclude(**{name: self.emptied(name) for name in self.fields})

    def emptied(self, name: str) -> str:
        """What stands in the field afterwards; where its table demands a text, why there is none."""
        return CLEARED if name in self.marked else ""

    def _before(self) -> date | datetime:
        """Whole days, as the law counts them: a row goes when its last day is over."""
        today = clock.today()
        day = today.replace(day=min(today.day, 28), year=today.year - self.years)
        day += timedelta(days=today.day - day.day - self.days)
        *path, last = self.since.split("__")
        model: Any = self.model
        for name in path:
            model = model._meta.get_field(name).related_model
        is_moment = isinstance(model._meta.get_field(last), DateTimeField)
        return datetime.combine(day, time.min, clock.VIETNAM) if is_moment else day


@dataclass(frozen=True, slots=True)
class Purpose:
    code: str
    words: Words
    basis: Basis
    keep: Words
    erase: str
    is_copied: bool
    parts: tuple[Part, ...]
    clearings: tuple[Clearing, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    valid_from: date
    status: str
    source: str
    answer_working_days: int
    closing_days: int
    copy_days: int
    carry_out_days: dict[str, int]


@dataclass(frozen=True, slots=True)
class Document:
    code: str
    version: str
    valid_from: date
    required: bool
    title: Words
    text: Words

    @property
    def key(self) -> str:
        return f"{self.code}:{self.version}"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / name).read_text(encoding="utf-8"))


def _words(row: dict[str, Any], prefix: str = "") -> Words:
    return Words(row[f"{prefix}vi"], row[f"{prefix}en"])


def _clearing(row: dict[str, Any]) -> Clearing:
    return Clearing(
        model=apps.get_model(row["model"]), since=row["since"], years=row.get("years", 0),
        days=row.get("days", 0), act=row["act"], fields=tuple(row.get("fields", ())),
        marked=tuple(row.get("marked", ())), only=row.get("only", {}), by=row.get("by", "privacy.clear"),
    )  # fmt: skip


@cache
def _words_for(what: str) -> dict[str, Words]:
    return {name: _words(row) for name, row in _read("words.toml")[what].items()}


@cache
def purposes() -> tuple[Purpose, ...]:
    read = _read("personal_data.toml")
    bases = {
        code: Basis(_words(row), _words(row, "source_")) for code, row in read["bases"].items()
    }
    return tuple(
        Purpose(
            code=code,
            words=_words(row),
            basis=bases[row["basis"]],
            keep=_words(row, "keep_"),
            erase=row["erase"],
            is_copied=row["copy"],
            parts=tuple(
                Part(apps.get_model(label), tuple(fields))
                for label, fields in row["fields"].items()
            ),
            clearings=tuple(_clearing(given) for given in row.get("clear", ())),
        )
        for code, row in read["purposes"].items()
    )


def edition() -> dict[str, Any]:
    read = _read("personal_data.toml")
    return {name: read[name] for name in ("edition", "valid_from", "status")}


def listed_fields() -> set[tuple[str, str]]:
    """Every field that the ledger names, as personal or as not: (label of the model, field)."""
    others = _read("personal_data.toml")["others"]
    found = {(label, name) for label, names in others.items() for name in names}
    return found | {(part.model._meta.label, name) for part in all_parts() for name in part.fields}


def all_parts() -> Iterator[Part]:
    for purpose in purposes():
        yield from purpose.parts


@cache
def _terms() -> tuple[Terms, ...]:
    return tuple(Terms(**row) for row in _read("terms.toml")["editions"])


def terms_on(day: date) -> Terms:
    """The edition in force on a day; before the first, the first."""
    return in_force(sorted(_terms(), key=lambda terms: terms.valid_from), day)


@cache
def _documents() -> tuple[Document, ...]:
    return tuple(
        Document(
            code=row["code"], version=row["version"], valid_from=row["valid_from"],
            required=row["required"], title=_words(row), text=_words(row, "text_"),
        )
        for row in _read("consents.toml")["documents"]
    )  # fmt: skip


def documents() -> list[Document]:
    """The newest version in force of each document."""
    newest: dict[str, Document] = {}
    for document in sorted(_documents(), key=lambda one: one.valid_from):
        if document.valid_from <= clock.today():
            newest[document.code] = document
    return list(newest.values())


def required_documents() -> list[Document]:
    return [document for document in documents() if document.required]
