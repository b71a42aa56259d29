"""Form fields for what people really type: "1,2 tỷ", "500 triệu", "1.200,5", a code from a long table."""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.currencies import DONG, currency
from marketplace.core.errors import UploadRejected
from marketplace.core.text import fold, nfc, unturned
from marketplace.core.uploads import CheckedFile, check_document

_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
_MONEY = re.compile(r"([\d.,\s\u00a0\u202f]+)([a-z ]*)")
_MONEY_UNITS = {
    "": 1, "d": 1, "dong": 1, "vnd": 1,
    "k": 10**3, "nghin": 10**3, "ngan": 10**3,
    "tr": 10**6, "trieu": 10**6, "m": 10**6, "million": 10**6,
    "ty": 10**9, "ti": 10**9, "bn": 10**9, "billion": 10**9,
    "nghin ty": 10**12, "ngan ty": 10**12,
}  # fmt: skip
MOST_DONG = 10**15


class DocumentField(forms.FileField):
    """A document that `core.uploads` takes, as it hands it on; None where there is none."""

    def clean(self, data: Any, initial: Any = None) -> CheckedFile | None:
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            return check_document(upload)
        except UploadRejected as error:
            raise ValidationError(str(error.message), "refused") from error


class Unreadable(ValueError):
    """It may mean something to a person, but it is no number we can be sure of."""


def parse_number(written: str) -> Decimal:
    """A number as people write it: `1.200,5`, `1200`, `0,82`, `12 500`; raises Unreadable.

    One separator before exactly three digits can be read two ways; it then groups thousands if it is
    the sign that does so in the reader's language, and also where it stands more than once.
    """
    text = _SPACES.sub("", nfc(written)).replace("−", "-").replace("+", "")
    negative = text.startswith("-")
    text = text.removeprefix("-")
    thousands = "." if (get_language() or "vi").startswith("vi") else ","
    grouped = _GROUPED.fullmatch(text)
    if grouped and (text.count(grouped[1]) > 1 or grouped[1] == thousands):
        plain = text.replace(grouped[1], "")
    elif "." in text and "," in text:
        decimal = max(text.rfind("."), text.rfind(","))
        whole, rest = text[:decimal], text[decimal + 1 :]
        if not _GROUPED.fullmatch(whole) or text[decimal] in whole:
            raise Unreadable(written)
        plain = f"{re.sub(r'[.,]', '', whole)}.{rest}"
    else:
        plain = text.replace(",", ".")
    if not re.fullmatch(r"\d{1,15}(?:\.\d{1,12})?", plain):
        raise Unreadable(written)
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise Unreadable(written) from error
    return -number if negative else number


def parse_money(written: str) -> int:
    """A sum in dong: `1,2 tỷ`, `500 triệu`, `1.200.000.000`, `1 tỷ 250 triệu`; raises Unreadable."""
    text = fold(nfc(written)).strip().strip(".")
    for word in ("vnd", "dong"):
        text = text.removesuffix(word).strip()
    total, position, smallest = Decimal(0), 0, None
    while position < len(text):
        part = _MONEY.match(text, position)
        if part is None or not part[1].strip(" .,"):
            raise Unreadable(written)
        unit = _MONEY_UNITS.get(part[2].strip())
        if unit is None or (smallest is not None and unit >= smallest):
            raise Unreadable(written)
        total += parse_number(part[1]) * unit
        smallest, position = unit, part.end()
    if not text or total != total.to_integral_value() or not 0 <= total <= MOST_DONG:
        raise Unreadable(written)
    return int(total)


def parse_sum(written: str, code: str) -> int:
    """A sum of one currency in its smallest unit: in dong as `parse_money`, of others `12.500,50` or `12 500 USD`.

    Raises Unreadable, also where it has parts smaller than the currency's smallest.
    """
    if code == DONG:
        return parse_money(written)
    number = parse_number(nfc(written).strip().upper().removesuffix(code))
    least = number.scaleb(currency(code).minor_units)
    if least != least.to_integral_value() or not 0 <= least <= MOST_DONG:
        raise Unreadable(written)
    return int(least)


def show_sum(amount: int, code: str) -> str:
    """As it is typed again."""
    return show_number(Decimal(amount).scaleb(-currency(code).minor_units))


def show_number(value: Decimal | int | float) -> str:
    """As it is typed again: decimal comma and thousands with points in Vietnamese."""
    text = f"{Decimal(str(value)).normalize():,f}"
    if (get_language() or "vi").startswith("vi"):
        text = text.translate(str.maketrans(",.", ".,"))
    return text


class TextField(forms.CharField):
    """Text in one Unicode form, so that what looks the same is the same and what is read is what is there."""

    def to_python(self, value: Any) -> str:
        return unturned(nfc(super().to_python(value) or ""))


class MoneyField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "text", "class": "short"}))
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> int | None:
        written = super().clean(value)
        if not written:
            return None
        try:
            return parse_money(written)
        except Unreadable as error:
            raise ValidationError(
                _("Chưa đọc được số tiền này. Viết như 1,2 tỷ, 500 triệu hoặc 1.200.000.000.")
            ) from error

    def prepare_value(self, value: Any) -> Any:
        return show_number(value) if isinstance(value, int) else value


class NumberField(forms.CharField):
    """A number as people write it; whole where it is whole, so that it can be kept as JSON."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "short"})
        )
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> int | float | None:
        written = super().clean(value)
        if not written:
            return None
        try:
            number = parse_number(written)
        except Unreadable as error:
            raise ValidationError(_("Chưa đọc được số này. Viết như 1.200 hoặc 0,5.")) from error
        return int(number) if number == number.to_integral_value() else float(number)

    def prepare_value(self, value: Any) -> Any:
        return show_number(value) if isinstance(value, int | float) else value


class DateField(forms.DateField):
    """A day: the browser's own picker, and days written as people write them where it has none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"])
        kwargs.setdefault(
            "error_messages",
            {"invalid": _("Chưa đọc được ngày này. Viết ngày/tháng/năm, ví dụ 15/01/2027.")},
        )
        super().__init__(**kwargs)


Choices = Sequence[tuple[Any, Any]]
#: Asked when a form is made, so that a vocabulary loaded meanwhile is used at once.
ChoiceSource = Callable[[], Choices]


class CodesField(forms.MultipleChoiceField):
    """Several codes of a short vocabulary, each with a box."""

    widget = forms.CheckboxSelectMultiple


class CodeField(forms.ChoiceField):
    """One code of a short vocabulary; nothing is chosen beforehand."""

    def __init__(self, *, choices: ChoiceSource, nothing: Any = "—", **kwargs: Any) -> None:
        self.source, self.nothing = choices, nothing
        super().__init__(choices=self._with_nothing, **kwargs)

    def _with_nothing(self) -> list[tuple[Any, Any]]:
        if isinstance(self.widget, forms.RadioSelect):
            return list(self.source())
        return [("", self.nothing), *self.source()]


class CodeSelects(forms.MultiWidget):
    """A few selects under one label: a long table has no room for boxes, and works without script."""

    def __init__(self, count: int, label: Any, attrs: dict[str, Any] | None = None) -> None:
        self.label = label
        super().__init__([forms.Select() for _number in range(count)], attrs)

    def decompress(self, value: Iterable[str] | None) -> list[str]:
        codes = list(value or [])
        return codes + [""] * (len(self.widgets) - len(codes))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        # A stored list is shorter than the row of selects.
        shown = self.decompress(value) if isinstance(value, list) else value
        context = super().get_context(name, shown, attrs)
        for number, part in enumerate(context["widget"]["subwidgets"], start=1):
            part["attrs"]["aria-label"] = f"{self.label} {number}"
        return context


class CodeListField(forms.MultiValueField):
    """Up to `count` codes of a long vocabulary, as a list without gaps or repeats."""

    def __init__(self, *, choices: ChoiceSource, count: int, label: Any, **kwargs: Any) -> None:
        self.source = choices
        parts = [forms.ChoiceField(required=False) for _number in range(count)]
        super().__init__(
            parts,
            widget=CodeSelects(count, label),
            require_all_fields=False,
            label=label,
            **kwargs,
        )
        self.fill()

    def __deepcopy__(self, memo: dict[int, Any]) -> "CodeListField":
        copied: CodeListField = super().__deepcopy__(memo)
        copied.fill()
        return copied

    def fill(self) -> None:
        widgets: list[Any] = self.widget.widgets
        parts: list[Any] = list(self.fields)
        for part, widget in zip(parts, widgets, strict=True):
            part.choices = self._choices
            widget.choices = part.choices

    def _choices(self) -> list[tuple[Any, Any]]:
        return [("", "—"), *self.source()]

    def compress(self, data_list: Sequence[str]) -> list[str]:
        return list(dict.fromkeys(code for code in data_list if code))


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"multiple": True, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else files.get(name, [])


class FilesField(forms.FileField):
    """Any number of files; each is checked on its own where it is taken in."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [file for file in data or [] if file]
