"""The steps in which a dossier is written: those of forms 5 and 8 by the rules, the files, the review."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.core.step_forms import StepForm, posted_rows
from marketplace.registration import rules
from marketplace.registration.checks import FILES_STEP, Fault
from marketplace.registration.forms import PeopleRows, initial_of, step_form
from marketplace.registration.models import Dossier
from marketplace.registration.rules import Field

REVIEW = "xem-lai"
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """A step that writes fields of a form."""

    slug: str
    title: str
    fields: tuple[Field, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(field.code for field in self.fields)

    @property
    def people(self) -> Field | None:
        return next((field for field in self.fields if field.kind == "people"), None)


def steps(dossier: Dossier) -> list[Step]:
    """The form steps of this dossier: form 8 has its own where the answers ask for it."""
    found = []
    for item in rules.items(dossier.ruled_on):
        if item.kind != "form" or not item.is_asked(dossier.form):
            continue
        fields = rules.form_fields(item.form, dossier.ruled_on)
        for step in rules.form_steps(item.form, dossier.ruled_on):
            own = tuple(field for field in fields if field.step == step.code)
            found.append(Step(step.code, step.label, own))
    return found


def slugs(dossier: Dossier) -> list[str]:
    return [*(step.slug for step in steps(dossier)), FILES_STEP, REVIEW]


def neighbours(dossier: Dossier, slug: str) -> tuple[str, str]:
    """The slugs before and after; nothing before the first, the review after the last."""
    order = slugs(dossier)
    if slug not in order:
        # The answer that asked for this step was just changed.
        return order[-3], FILES_STEP
    place = order.index(slug)
    return order[place - 1] if place else "", order[min(place + 1, len(order) - 1)]


class StepPage:
    """The form and rows of one step, from what was posted or from the dossier."""

    def __init__(
        self, step: Step, dossier: Dossier, *, posted: Any = None, more: bool = False
    ) -> None:
        self.step, self.dossier = step, dossier
        unread = {} if posted is not None else dossier.unread.get(step.slug, {})
        self.form = self._form(posted, unread)
        self.people = self._people(posted, unread, more) if step.people else None

    def _form(self, posted: Any, unread: dict[str, Any]) -> StepForm:
        form = step_form(self.step.fields)
        if posted is not None:
            return form(posted)
        initial = {
            field.code: initial_of(field, self.dossier.form.get(field.code))
            for field in self.step.fields
            if field.kind != "people"
        }
        texts = {name: value for name, value in unread.items() if name in initial}
        return form(form.as_posted(initial, texts)) if texts else form(initial=initial)

    def _people(self, posted: Any, unread: dict[str, Any], more: bool) -> Any:
        name = self.step.people.code if self.step.people else ""
        if posted is not None and f"{name}-TOTAL_FORMS" in posted:
            return PeopleRows(posted, prefix=name)
        if name in unread:
            return PeopleRows(posted_rows(name, [*unread[name], *([{}] * more)]), prefix=name)
        stored = self.dossier.form.get(name) or []
        rows: Any = PeopleRows(initial=stored, prefix=name)
        rows.extra = 1 if more else 0 if stored else 2
        return rows

    def changes(self) -> dict[str, Any]:
        """What can be saved of it now."""
        changes = self.form.changes()
        if self.step.people and self.people is not None and self.people.is_bound:
            changes[self.step.people.code] = self.people.rows()
        return changes

    def unread(self) -> dict[str, Any]:
        left: dict[str, Any] = dict(self.form.unread())
        people = self.people
        if self.step.people and people is not None and people.is_bound:
            left |= {self.step.people.code: typed} if (typed := people.unread()) else {}
        return left

    @property
    def with_errors(self) -> list[Any]:
        return [part for part in (self.form, self.people) if part is not None]


def stages(dossier: Dossier, faults: list[Fault], current: str) -> list[tuple[str, Words, str]]:
    """(slug, title, state) of every step for the row of steps above the form."""
    lacking = {fault.step for fault in faults}
    titles: list[tuple[str, Words]] = [(step.slug, step.title) for step in steps(dossier)]
    titles += [(FILES_STEP, _("Tệp của hồ sơ")), (REVIEW, _("Xem lại và nộp"))]
    listed: list[tuple[str, Words, str]] = []
    for slug, title in titles:
        if slug == current:
            state = "current"
        elif dossier.unread.get(slug):
            state = "error"
        elif slug == REVIEW:
            state = "todo"
        else:
            state = "todo" if slug in lacking else "done"
        listed.append((slug, title, state))
    return listed
