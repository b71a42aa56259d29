"""One stylesheet for visitors, one file a component for us."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage

BUNDLES = ("css/site.css",)
_IMPORT = re.compile(r'^@import url\("([^"]+)"\);[ \t]*\n?', re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)

_Found = tuple[Storage, str]


class BundledCssMixin:
    """While static files are collected, puts the imported files in place of a bundle's imports.

    Imports cost a visitor one more round trip and break the page if one of thirty requests fails;
    in development they need no build. It runs before hashing and compression, so the bundle's hash
    changes with any of its parts.
    """

    def post_process(
        self, paths: dict[str, _Found], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        if not dry_run:
            memory = InMemoryStorage()
            for name in BUNDLES:
                if name in paths:
                    memory.save(name, ContentFile(bundled(name, paths).encode()))
                    paths = {**paths, name: (memory, name)}
        yield from super().post_process(paths, dry_run=dry_run, **options)  # type: ignore[misc]


def bundled(name: str, paths: dict[str, _Found]) -> str:
    folder = PurePosixPath(name).parent

    def imported(found: re.Match[str]) -> str:
        return _text(str(folder / found[1]), paths)

    return _COMMENT.sub("", _IMPORT.sub(imported, _text(name, paths)))


def _text(name: str, paths: dict[str, _Found]) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())
