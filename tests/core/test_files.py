import mimetypes

import pytest
from django.core.files.base import ContentFile

from marketplace.core.storage import (
    private_storage,
    public_storage,
    quarantine_storage,
    stored_name,
)

pytestmark = pytest.mark.django_db
NAME = "ab/ab" + "0" * 30 + ".webp"


@pytest.mark.parametrize(
    ("filename", "suffix"),
    [
        ("Bí mật của công ty.PDF", ".pdf"),
        ("../../x.webp", ".webp"),
        ("a.b/c", ""),
        ("x." + "y" * 40, ".yyyyyyy"),
    ],
)
def test_stored_name_is_an_identifier_and_the_suffix(filename, suffix):
    name = stored_name(object(), filename)
    folder, _slash, rest = name.partition("/")
    assert len(name) == 35 + len(suffix)
    assert rest[:2] == folder
    assert name.endswith(suffix)
    assert name != stored_name(object(), filename)


def test_three_storages_share_no_folder(media):
    places = {s.location for s in (public_storage(), private_storage(), quarantine_storage())}
    assert len(places) == 3
    assert public_storage().url(NAME) == f"/tep/{NAME}"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (NAME, "image/webp"),
        (NAME.replace("webp", "pdf"), "application/pdf"),
        (NAME.replace("webp", "html"), "text/html"),
        (NAME.replace("webp", "svg"), "image/svg+xml"),
        ("images/hop-bao.width-400.jpg", "image/jpeg"),
    ],
)
def test_public_file_can_be_read_by_anybody_and_acts_as_nothing(client, media, name, kind):
    public_storage().save(name, ContentFile(b"<script>"))
    response = client.get(f"/tep/{name}")
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"<script>"
    assert response["Content-Type"] == kind
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    shown_in_place = name.endswith(("webp", "jpg"))
    assert response["Content-Disposition"].startswith("attachment") is not shown_in_place


def test_picture_is_one_on_a_machine_without_a_table_of_types(client, media, monkeypatch):
    monkeypatch.setattr(mimetypes, "guess_type", lambda name: (None, None))
    public_storage().save(NAME, ContentFile(b"x"))
    response = client.get(f"/tep/{NAME}")
    assert response["Content-Type"] == "image/webp"
    response.close()


@pytest.mark.parametrize(
    "path",
    [
        f"/tep/{NAME}",
        "/tep/",
        "/tep/ab/",
        "/tep/../secret-key",
        "/tep/ab/..%2f..%2fsecret-key",
        "/tep/documents/mat.pdf",
        "/tep/images/../documents/a.png",
        "/tep/%00",
    ],
)
def test_what_is_not_a_public_file_is_not_found(client, media, path):
    private_storage().save(NAME, ContentFile(b"private"))
    assert client.get(path).status_code == 404


def test_public_files_are_only_read(client, media):
    assert client.post(f"/tep/{NAME}").status_code in {403, 405}
