"""What leaves the exchange without being asked for: mail, lines of the log, documents of the index, what
programs take away."""

import gzip
import io
import logging
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import mail
from django.test import Client
from pyarrow import parquet

from marketplace.api.oai.provider import FORMATS
from marketplace.api.public_records import PUBLIC_KINDS
from marketplace.celery import app
from marketplace.privacy.services.copies import ask_for_copy, make_copy
from search.registry import sources


def run_the_clock() -> None:
    """Each stage once, as the beat would call it; twice over, since one makes work for another."""
    app.loader.import_default_modules()
    for _round in range(2):
        for name in settings.CELERY_BEAT_SCHEDULE:
            app.tasks[name]()


@contextmanager
def listening(is_heard: bool = True) -> Iterator[io.StringIO]:
    """Every line that is logged, in the form in which it is kept."""
    said = io.StringIO()
    if not is_heard:
        yield said
        return
    handler = logging.StreamHandler(said)
    handler.setFormatter(logging.getLogger().handlers[0].formatter)
    root, loud = logging.getLogger(), logging.getLogger("django_structlog")
    levels = root.level, loud.level
    logging.disable(logging.NOTSET)
    handlers, root.handlers = root.handlers, [handler]
    root.setLevel(logging.INFO)
    loud.setLevel(logging.INFO)
    try:
        yield said
    finally:
        root.handlers = handlers
        root.setLevel(levels[0])
        loud.setLevel(levels[1])
        logging.disable(logging.CRITICAL)


def letters() -> list[tuple[set[str], str]]:
    """Each mail of the run: to whom, and all that stands in it."""
    return [
        (
            set(letter.recipients()),
            "\n".join(
                [
                    str(letter.message()["Subject"]),
                    str(letter.extra_headers),
                    letter.body,
                    *(str(part.content) for part in getattr(letter, "alternatives", ())),
                    *(str(part) for part in letter.attachments),
                ]
            ),
        )
        for letter in mail.outbox
    ]


def documents() -> Iterator[str]:
    """What the index is given."""
    for source in sources():
        for row in source.indexable(source.rows()):
            yield repr(source.document(row))


#: Lists for machines beside OAI-PMH; feeds of new things join here.
FEEDS = (
    "/du-lieu-mo/catalog.jsonld",
    "/du-lieu-mo/manifest.json",
    "/sitemap.xml",
    *(f"/api/v1/public/{kind}" for kind in PUBLIC_KINDS),
)


def given_out() -> Iterator[tuple[str, str]]:
    """What programs take away, by where it lies: files for everybody, the lists of them, and every
    format of OAI-PMH."""
    for file in sorted(Path(settings.STORAGES["public"]["OPTIONS"]["location"]).rglob("*")):
        if file.is_file():
            yield str(file), _text_of(file)
    for name in FORMATS:
        address = f"/oai?verb=ListRecords&metadataPrefix={name}"
        yield address, Client().get(address).content.decode()
    for address in FEEDS:
        answer = Client().get(address)
        assert answer.status_code == 200, address
        yield address, answer.content.decode()


def read_by_key(key: str, addresses: list[str]) -> Iterator[tuple[str, str]]:
    """What a program reads with the key of an organisation."""
    client = Client(headers={"Authorization": f"Bearer {key}"})
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        yield address, answer.content.decode()


def copies_for(people: list[Any]) -> Iterator[tuple[str, str]]:
    """The archive that each of these people is given of their own data."""
    for person in people:
        copy = ask_for_copy(person)
        while make_copy():
            pass
        copy.refresh_from_db()
        with copy.file.open("rb") as file, zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                yield f"copy for {person.email}: {name}", archive.read(name).decode()


def _text_of(file: Path) -> str:
    data = file.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:4] == b"PAR1":
        return str(parquet.read_table(io.BytesIO(data)).to_pylist())
    return data.decode("utf-8", "replace")
