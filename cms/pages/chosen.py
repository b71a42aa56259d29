"""Listings and results that a page names one by one: by the address of their public page.

What is named is read anew for each reader: what was withdrawn since is left out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import Resolver404
from django.urls import resolve as resolve_path
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.fronts import Front
from marketplace.listings.models import LISTING_MODELS
from marketplace.research.models import Result

_NOBODY: Final = AnonymousUser()
_KEY: Final = re.compile(r"[0-9a-z]{10,12}$")


@dataclass(frozen=True, slots=True)
class Named:
    """A record that a page names, as any reader may see it."""

    kind: str
    record: Any
    note: str = ""


def kind_and_key(address: str) -> tuple[str, str]:
    """What the public page at this address is of; ("", "") where it is of no listing and no result."""
    path = urlsplit(address.strip()).path.removeprefix("/en")
    try:
        # Addresses are kept without a language's prefix, which is how they lead somewhere in Vietnamese.
        with translation.override("vi"):
            match = resolve_path(path)
    except Resolver404:
        return "", ""
    key = str(match.kwargs.get("public_id", ""))
    if match.view_name == "research:result":
        return "result", key
    kind = match.view_name.removeprefix("listings:")
    if match.namespace == "listings" and kind in LISTING_MODELS:
        return kind, key
    return "", ""


def key_in(address: str) -> str:
    """The public identifier at the end of an address."""
    found = _KEY.search(urlsplit(address.strip()).path.rstrip("/"))
    return found[0] if found else ""


def clean_address(address: str) -> str:
    """The path of the page; raises ValidationError where no listing and no result is there."""
    address = address.strip()
    if address and not kind_and_key(address)[0]:
        raise ValidationError(
            {"address": _("Đây không phải địa chỉ trang của một nhu cầu, công nghệ hay kết quả.")}
        )
    return urlsplit(address).path.removeprefix("/en") if address else ""


def found_at(address: str, front: Front) -> Named | None:
    found = resolve([ChosenRecord.Given(address, "")], front) if address else []
    return found[0] if found else None


class ChosenRecord(models.Model):
    """One line of a page's own choice."""

    @dataclass(frozen=True, slots=True)
    class Given:
        address: str
        note: str

    address = models.CharField(
        _("địa chỉ trang"),
        max_length=300,
        help_text=_(
            "Dán địa chỉ trang công khai của nhu cầu, công nghệ, thiết bị, dịch vụ, kết quả."
        ),
    )
    note = models.CharField(_("lời dẫn"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.address

    def clean(self) -> None:
        super().clean()
        self.address = clean_address(self.address)


def resolve(lines: Iterable[Any], front: Front) -> list[Named]:
    """The records of these lines that the site shows now, in their order; one question a kind."""
    wanted = [(*kind_and_key(line.address), line.note) for line in lines]
    found: dict[tuple[str, str], Any] = {}
    for kind in {kind for kind, _key, _note in wanted if kind}:
        keys = [key for of, key, _note in wanted if of == kind]
        for record in _public(kind, front).filter(public_id__in=keys):
            found[kind, record.public_id] = record
    return [
        Named(kind, found[kind, key], note) for kind, key, note in wanted if (kind, key) in found
    ]


def _public(kind: str, front: Front) -> Any:
    if kind == "result":
        return Result.objects.public().for_cards().order_by("pk")
    return (
        LISTING_MODELS[kind]
        .objects.visible_to(_NOBODY)
        .shown_on(front)
        .select_related("organization")
        .order_by("pk")
    )
