"""Tags and filters of the design system: icons, readiness, money, numbers, dates, languages."""

import functools
import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_urlconf, reverse, translate_url
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

register = template.Library()

# Strokes on a 16 x 16 grid, drawn for this project. One shape a meaning.
_ICONS = {
    "alert": '<path d="M8 1.8 15 14H1z"/><path d="M8 6.2v3.6M8 12v.1"/>',
    "arrow-left": '<path d="M13 8H3m4-4L3 8l4 4"/>',
    "arrow-right": '<path d="M3 8h10M9 4l4 4-4 4"/>',
    "bell": '<path d="M3.2 11.8h9.6L11.6 10V7a3.6 3.6 0 0 0-7.2 0v3zM6.6 14h2.8"/>',
    "building": '<path d="M3 14V2.5h7V14M10 6h3v8M1.5 14h13M5.5 5.5h2M5.5 8.5h2M5.5 11.5h2"/>',
    "calendar": '<path d="M2.5 3.5h11v10h-11zM2.5 6.8h11M5.3 1.8v3M10.7 1.8v3"/>',
    "caret": '<path d="m4 6 4 4 4-4"/>',
    "check": '<path d="m3 8.5 3.2 3L13 4.5"/>',
    "clock": '<circle cx="8" cy="8" r="6.2"/><path d="M8 4.3V8l2.5 1.7"/>',
    "close": '<path d="m4 4 8 8M12 4l-8 8"/>',
    "document": '<path d="M4 1.8h5.2L12 4.6v9.6H4zM9 1.8v3h3M6 8h4M6 10.8h4"/>',
    "download": '<path d="M8 2v8m-3.2-3L8 10.2 11.2 7M2.5 13.5h11"/>',
    "edit": '<path d="m2.5 13.5.7-3L10.6 3l2.4 2.4-7.5 7.4zM9.3 4.3l2.4 2.4"/>',
    "eye": '<path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z"/>'
    '<circle cx="8" cy="8" r="1.9"/>',
    "filter": '<path d="M2 4h12M4 8h8M6.5 12h3"/>',
    "gap": '<path d="M4 8h1.5M10.5 8H12"/>',
    "home": '<path d="M2.5 7.5 8 2.5l5.5 5M4 6.5v7h8v-7"/>',
    "info": '<circle cx="8" cy="8" r="6.2"/><path d="M8 7.3v4M8 4.7v.1"/>',
    "language": '<circle cx="8" cy="8" r="6.2"/><path d="M1.8 8h12.4M8 1.8c4 4 4 8.4 0 12.4M8 1.8'
    'c-4 4-4 8.4 0 12.4"/>',
    "link": '<path d="M6.7 9.3a2.6 2.6 0 0 0 3.7 0l2.3-2.3A2.6 2.6 0 0 0 9 3.3l-.8.8M9.3 6.7a2.6 '
    '2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l.8-.8"/>',
    "lock": '<path d="M3.5 7h9v6.5h-9zM5.3 7V4.8a2.7 2.7 0 0 1 5.4 0V7"/>',
    "mail": '<path d="M1.8 3.5h12.4v9H1.8zM2 4l6 5 6-5"/>',
    "menu": '<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/>',
    "minus": '<path d="M3.5 8h9"/>',
    "pause": '<path d="M5.5 3.5v9M10.5 3.5v9"/>',
    "phone": '<path d="M3.2 2h2.6l1.3 3.2-1.7 1.2a8 8 0 0 0 4.2 4.2l1.2-1.7 3.2 1.3v2.6C8 14 2 8 '
    '3.2 2z"/>',
    "pin": '<path d="M8 14.3S3.2 10 3.2 6.5a4.8 4.8 0 0 1 9.6 0C12.8 10 8 14.3 8 14.3z"/>'
    '<circle cx="8" cy="6.5" r="1.7"/>',
    "plus": '<path d="M8 3.5v9M3.5 8h9"/>',
    "question": '<circle cx="8" cy="8" r="6.2"/><path d="M6.2 6.3a1.9 1.9 0 1 1 2.6 2c-.5.2-.8.6-.8'
    ' 1.2M8 11.5v.1"/>',
    "refresh": '<path d="M13 8a5 5 0 1 1-1.5-3.6L13 5.8M13 2.5v3.3H9.7"/>',
    "seal": '<path d="M8 1.5 13 3.4v4c0 3.2-2.1 5.6-5 7.1-2.9-1.5-5-3.9-5-7.1v-4z"/>'
    '<path d="m5.6 7.9 1.7 1.7 3.1-3.4"/>',
    "search": '<circle cx="7" cy="7" r="4.7"/><path d="m10.5 10.5 3.7 3.7"/>',
    "send": '<path d="M14.2 1.8 7 9M14.2 1.8 9.5 14.2 7 9 1.8 6.5z"/>',
    "settings": '<path d="M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6"/><circle cx="10.2" cy="4.5" '
    'r="1.7"/><circle cx="5.8" cy="11.5" r="1.7"/>',
    "trash": '<path d="M2.8 4.3h10.4M6 4.3V2.5h4v1.8M4.2 4.3l.6 9.2h6.4l.6-9.2M6.8 7v4M9.2 7v4"/>',
    "upload": '<path d="M8 10.2V2M4.8 5.2 8 2l3.2 3.2M2.5 13.5h11"/>',
    "user": '<circle cx="8" cy="5" r="3"/><path d="M2.3 14.2a5.7 5.7 0 0 1 11.4 0"/>',
    "users": '<circle cx="6" cy="5.2" r="2.6"/><path d="M1.2 13.5a4.8 4.8 0 0 1 9.6 0M10.5 2.8a2.6'
    ' 2.6 0 0 1 0 4.8M12.2 9.3a4.8 4.8 0 0 1 2.6 4.2"/>',
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An inline picture. Without a label it is decoration and hidden from screen readers."""
    paths = mark_safe(_ICONS[name])  # noqa: S308 - constants of this module
    role = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg {} viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor"'
        ' stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">{}</svg>',
        mark_safe(role),  # noqa: S308 - built above, the label escaped
        paths,
    )


@register.simple_tag
def icon_names() -> list[str]:
    return sorted(_ICONS)


@register.simple_tag
def trl(level: int | None) -> SafeString | str:
    """Readiness: nine blocks with the number beside them. Nothing when it is not stated."""
    if not level:
        return ""
    blocks = format_html_join("", "<i{}></i>", _blocks(int(level), 9))
    return format_html(
        '<span class="trl"><span class="trl-blocks" aria-hidden="true">{}</span>'
        '<span><span class="visually-hidden">{} </span>TRL {}</span></span>',
        blocks,
        _("Mức độ sẵn sàng"),
        level,
    )


def _blocks(filled: int, total: int) -> list[tuple[SafeString]]:
    on = mark_safe(' class="on"')
    return [(on if position < filled else mark_safe(""),) for position in range(total)]


@register.simple_tag
def fit(level: int, label: str) -> SafeString:
    """How well a suggestion fits: the word with one to three bars."""
    bars = format_html_join("", "<i{}></i>", _blocks(level, 3))
    return format_html(
        '<span class="fit"><span class="fit-bars" aria-hidden="true">{}</span>{}</span>',
        bars,
        label,
    )


def _is_vietnamese() -> bool:
    return (get_language() or "vi").startswith("vi")


def _grouped(value: int | float | Decimal, decimals: int | None = None) -> str:
    """1234.5 → 1.234,5 in Vietnamese, 1,234.5 in English; no zeros at the end."""
    if decimals is None:
        text = f"{Decimal(str(value)):,f}"
    else:
        text = f"{Decimal(str(value)):,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if _is_vietnamese():
        text = text.translate(str.maketrans(",.", ".,"))
    return text


@register.filter
def vi_number(value: int | float | Decimal | None, decimals: int | None = None) -> str:
    """A number as the reader writes it. Empty for nothing."""
    if value is None or value == "":
        return ""
    return _grouped(value, decimals)


_BILLION, _MILLION = 10**9, 10**6


def _scale(dong: int) -> tuple[int, str]:
    """The largest unit in which the sum is exact with two decimals at most."""
    for size, name in ((_BILLION, "billion"), (_MILLION, "million")):
        if abs(dong) >= size and dong * 100 % size == 0:
            return size, name
    return 1, "one"


def _with_unit(amount: str, unit: str) -> str:
    if unit == "billion":
        return _("%(amount)s tỷ đồng") % {"amount": amount}
    if unit == "million":
        return _("%(amount)s triệu đồng") % {"amount": amount}
    return _("%(amount)s đồng") % {"amount": amount}


@register.filter
def money(dong: int | None) -> str:
    """1200000000 → 1,2 tỷ đồng. Never rounds: what has no short form is written out."""
    if dong is None or dong == "":
        return ""
    size, unit = _scale(int(dong))
    return _with_unit(_grouped(Decimal(int(dong)) / size), unit)


@register.simple_tag
def money_range(low: int | None, high: int | None) -> str:
    """Two bounds, either of which may be missing: 1,2–1,8 tỷ đồng, từ 800 triệu đồng."""
    if low is None and high is None:
        return ""
    if high is None:
        return _("từ %(sum)s") % {"sum": money(low)}
    if low is None:
        return _("đến %(sum)s") % {"sum": money(high)}
    if low == high:
        return money(low)
    size, unit = _scale(int(high))
    if int(low) * 100 % size:
        return pgettext("khoảng tiền", "%(low)s – %(high)s") % {
            "low": money(low),
            "high": money(high),
        }
    amount = f"{_grouped(Decimal(int(low)) / size)}–{_grouped(Decimal(int(high)) / size)}"
    return _with_unit(amount, unit)


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def date_vi(value: date | datetime | None) -> str:
    """15/01/2027, or 15 Jan 2027 for readers of English, who mix up day and month."""
    if not value:
        return ""
    value = _local(value)
    if _is_vietnamese():
        return f"{value:%d/%m/%Y}"
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{value.day} {months[value.month - 1]} {value.year}"


@register.filter
def time_vi(value: datetime | None) -> str:
    """14:05"""
    return f"{_local(value):%H:%M}" if value else ""


@register.filter
def datetime_vi(value: datetime | None) -> str:
    """14:05, 15/01/2027"""
    return f"{time_vi(value)}, {date_vi(value)}" if value else ""


@register.filter
def iso(value: date | datetime | None) -> str:
    """For <time datetime="…">."""
    return value.isoformat() if value else ""


@register.filter
def file_size(size: int | None) -> str:
    """340 kB, 1,2 MB"""
    if size is None or size == "":
        return ""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{_grouped(round(size / 1000))} kB"
    return f"{_grouped(size / 1_000_000, 1)} MB"


@register.simple_tag(takes_context=True)
def same_page_in(context: template.Context, language: str) -> str:
    """The address of this very page in the other language, its query kept.

    A page whose address is another one in each language says which (`request.page_addresses`).
    """
    request = context.get("request")
    if request is None or language not in _offered(context):
        return ""
    said: str | None = getattr(request, "page_addresses", {}).get(language)
    if said is not None:
        return said
    query = request.META.get("QUERY_STRING", "")
    return iri_to_uri(_translated(request, language) + (f"?{query}" if query else ""))


def _offered(context: template.Context) -> Sequence[str]:
    """The languages of the site (`accounts.fronts`); both where nobody says."""
    front = context.get("front")
    return front.languages if front else ("vi", "en")


def _translated(request: Any, language: str) -> str:
    """The path of this page. Remembered for the page: its head, its bar and its menu ask for the same.

    As Django's `translate_url`, which finds out anew what view an address leads to.
    """
    match = request.resolver_match
    if match is None:
        return translate_url(request.path, language)
    if language == get_language():
        return str(request.path)
    known: dict[str, str] = request.__dict__.setdefault("translated_paths", {})
    if language not in known:
        with override(language):
            try:
                known[language] = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
            except NoReverseMatch:
                known[language] = request.path
    return known[language]


@register.simple_tag(takes_context=True)
def page_links(context: template.Context) -> SafeString | str:
    """The one address of a page, without what filters it, and the same page in each language."""
    request = context.get("request")
    if request is None or request.resolver_match is None:
        return ""
    page = request.GET.get("page", "")
    query = f"?page={page}" if page.isdecimal() and int(page) > 1 else ""
    said = getattr(request, "page_addresses", {})
    site = f"{request.scheme}://{request.get_host()}"
    others = [
        (language, said.get(language) or _translated(request, language))
        for language in ("vi", "en")
    ]
    # What stands on several sites says which of them is its own, and leaves the languages to that.
    elsewhere: str | None = getattr(request, "canonical_address", None)
    links = [("canonical", "", elsewhere or request.path)]
    if not elsewhere and others[0][1] != others[1][1] and "en" in _offered(context):
        links += [
            ("alternate", language, path)
            for language, path in (*others, ("x-default", others[0][1]))
        ]
    return format_html_join(
        "",
        '<link rel="{}"{} href="{}">',
        (
            (
                relation,
                format_html(' hreflang="{}"', language) if language else "",
                iri_to_uri(urljoin(site, path) + query),
            )
            for relation, language, path in links
        ),
    )


@register.simple_tag(takes_context=True)
def nav_current(context: template.Context, address: str, *prefixes: str) -> SafeString | str:
    """aria-current for a link: "page" on its own page, "true" on those whose names begin alike.

    {% nav_current "listings:need_list" "listings:need" %}
    """
    name = _view_name(context)
    if name == address:
        return _CURRENT_PAGE
    if name and any(name.startswith(prefix) for prefix in prefixes):
        return _CURRENT_SECTION
    return ""


def _view_name(context: template.Context) -> str:
    if "view_name" in context:
        return str(context["view_name"])
    match = getattr(context.get("request"), "resolver_match", None)
    return getattr(match, "view_name", "") or ""


@register.simple_tag(takes_context=True)
def menu(context: template.Context, name: str, **facts: Any) -> SafeString:
    """A component that says the same to everybody on a page of this name, but for these facts; made once.

    It sees nothing but them, so nothing of one reader's can stand in another's page.
    """
    known = tuple((fact, _frozen(value)) for fact, value in facts.items())
    urls = get_urlconf() or settings.ROOT_URLCONF
    return _menu(name, get_language(), urls, _view_name(context), known)


@functools.lru_cache(maxsize=4096)
def _menu(
    name: str, language: str, urls: str, view_name: str, facts: tuple[tuple[str, Hashable], ...]
) -> SafeString:
    return render_to_string(name, {"view_name": view_name, **dict(facts)})


@register.simple_tag
def kept(component: str, /, **facts: Any) -> SafeString:
    """A component that is drawn of these facts alone, remembered for who looks next: many look at the same."""
    return drawn(component, _frozen(facts), lambda: facts)


#: What was drawn last; begun anew when there is more than so much of it.
_drawn: dict[Hashable, SafeString] = {}
_MOST_DRAWN: Final = 4096


def drawn(name: str, key: Hashable, facts: Callable[[], dict[str, Any]]) -> SafeString:
    """A component, remembered under a key that holds all that decides how it looks.

    Args:
        name: of the template, which sees the facts alone.
        key: what the facts are made of.
        facts: makes them, when the component has not been drawn yet.
    """
    place = (name, get_language(), get_urlconf(), key)
    found = _drawn.get(place)
    if found is None:
        if len(_drawn) >= _MOST_DRAWN:
            _drawn.clear()
        found = _drawn[place] = render_to_string(name, facts())
    return found


def _frozen(value: Any) -> Hashable:
    if isinstance(value, dict):
        return tuple((name, _frozen(each)) for name, each in value.items())
    if type(value).__hash__ is None and is_dataclass(value):
        return tuple(_frozen(getattr(value, name)) for name in value.__dataclass_fields__)
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


_CURRENT_PAGE = mark_safe(' aria-current="page"')
_CURRENT_SECTION = mark_safe(' aria-current="true"')


@register.filter
def fragments(parts: Sequence[tuple[str, bool]] | str | None) -> SafeString | str:
    """[(text, is_match), …] of the search's highlighter → text with <mark>; plain text passes."""
    if not parts:
        return ""
    if isinstance(parts, str):
        return format_html("{}", parts)
    return format_html_join(
        "", "{}{}{}", ((_MARK, text, _MARK_END) if hit else ("", text, "") for text, hit in parts)
    )


_MARK, _MARK_END = mark_safe("<mark>"), mark_safe("</mark>")


_COMPOUNDS = (
    "công nghệ",
    "đổi mới",
    "doanh nghiệp",
    "giao dịch",
    "khoa học",
    "nhu cầu",
    "phù hợp",
    "sáng tạo",
    "thiết bị",
)


@register.simple_tag(takes_context=True)
def site_name(context: template.Context) -> str:
    """What the exchange is called in the language of the page."""
    exchange = context.get("exchange")
    if not exchange:
        return _("Sàn giao dịch công nghệ và thiết bị")
    if not _is_vietnamese() and exchange.name_en:
        return str(exchange.name_en)
    return unbroken(exchange.name)


@register.filter
def unbroken(name: str) -> str:
    """Keeps the two syllables of a word on one line, in names that stand large or narrow."""
    for compound in _COMPOUNDS:
        name = name.replace(compound, compound.replace(" ", "\u00a0"))
    return name


@register.filter
def host(address: str) -> str:
    """https://www.vien.vn/gioi-thieu → vien.vn, for the words of a link."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


@register.filter
def tel(number: str) -> str:
    """1900 1234 → 19001234, for tel: links."""
    return re.sub(r"[^\d+]", "", number or "")


@register.filter
def error_items(form: Any) -> list[tuple[str, str, str]]:
    """What an error summary lists: (anchor, label, message) of a form, formset or list of them."""
    if hasattr(form, "forms"):
        found = [("", "", str(message)) for message in form.non_form_errors()]
        return found + [item for inner in form.forms for item in error_items(inner)]
    if isinstance(form, list | tuple):
        return [item for inner in form if inner is not None for item in error_items(inner)]
    found = [("", "", str(message)) for message in form.non_field_errors()]
    for bound in form:
        anchor = bound.id_for_label or bound.auto_id
        found += [(anchor, str(bound.label or ""), str(message)) for message in bound.errors]
    return found


@register.simple_tag
def page_numbers(page: Page) -> list[int | str]:
    """First, last and the neighbours of this page, with an ellipsis for the rest."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.filter
def figure(value: object) -> str:
    """A number in the reader's form; anything else as it is."""
    return _grouped(value) if isinstance(value, int | float | Decimal) else str(value)


@register.filter
def unlocal(value: object) -> str:
    """A number for a machine: an attribute, an address."""
    return str(value)
