import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from marketplace.core.errors import DomainError, UploadRejected
from marketplace.core.uploads import check_document, check_image, check_video
from marketplace.listings import services
from marketplace.listings.models import Need, NeedAttachment
from tests.factories.listings import NeedFactory, OfferFactory

pytestmark = pytest.mark.django_db


def pdf(name="ho-so.pdf", text=b""):
    return SimpleUploadedFile(
        name, b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n" + text, "application/pdf"
    )


def picture(name="anh.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def step_url(listing, step="cong-khai"):
    return reverse("listings:edit", args=[listing.KIND, listing.public_id, step])


def file_url(listing, row):
    return reverse("listings:attachment", args=[listing.KIND, listing.public_id, row.key])


def draft(listing):
    return services.draft_of(type(listing).objects.get(pk=listing.pk))


@pytest.fixture
def need(organization, owner):
    return NeedFactory(organization=organization, contact=owner, published=True)


def test_files_are_taken_into_the_draft_and_not_into_what_is_live(need, owner, as_user):
    response = as_user(owner).post(
        step_url(need),
        {"documents": [pdf("a.pdf"), pdf("b.pdf")], "pictures": picture(), "tai-len": "1"},
    )

    assert response["Location"].startswith(step_url(need))
    assert [row.display_name for row in draft(need).attachments.all()] == ["a.pdf", "b.pdf"]
    assert draft(need).pictures.count() == 1
    row = Need.objects.get(pk=need.pk)
    assert not row.attachments.exists()
    assert not row.pictures.exists()


def test_names_of_files_never_reach_the_disk(need, owner, as_user):
    as_user(owner).post(step_url(need), {"documents": pdf("../../Kim Tước.pdf"), "tai-len": "1"})

    (row,) = draft(need).attachments.all()
    assert row.display_name == "Kim Tước.pdf"
    assert "Kim" not in row.file.name


def test_a_file_that_is_not_what_it_says_is_refused_and_the_others_taken(need, owner, as_user):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.txt", "x")
    fake = SimpleUploadedFile("gia.pdf", out.getvalue(), "application/pdf")

    response = as_user(owner).post(
        step_url(need), {"documents": [fake, pdf("that.pdf")], "tiep": "1"}, follow=True
    )

    assert "gia.pdf" in response.content.decode()
    assert [row.display_name for row in draft(need).attachments.all()] == ["that.pdf"]


def test_files_are_marked_confidential_captioned_and_removed(need, owner, as_user):
    client = as_user(owner)
    client.post(
        step_url(need),
        {"documents": [pdf("a.pdf"), pdf("b.pdf")], "pictures": picture(), "tai-len": "1"},
    )
    first, second = draft(need).attachments.all()
    (image,) = draft(need).pictures.all()

    client.post(
        step_url(need),
        {
            "tep-hien-co": "1",
            "anh-hien-co": "1",
            "bao-mat": first.key,
            f"chu-thich-{image.key}": "Nhân vỡ",
            "tiep": "1",
        },
    )
    assert [row.is_confidential for row in draft(need).attachments.all()] == [True, False]
    assert draft(need).pictures.all()[0].caption == "Nhân vỡ"

    client.post(step_url(need), {"tep-hien-co": "1", "go-tep": second.key, "bao-mat": first.key})
    client.post(step_url(need), {"anh-hien-co": "1", "go-anh": image.key})
    assert [row.display_name for row in draft(need).attachments.all()] == ["a.pdf"]
    assert not draft(need).pictures.all()


def test_a_save_of_another_step_keeps_the_files(need, owner, as_user):
    client = as_user(owner)
    client.post(step_url(need), {"documents": pdf(), "tai-len": "1"})
    client.post(step_url(need, "hien-trang"), {"problem": "Vỡ", "tiep": "1"})

    assert draft(need).attachments.count() == 1


def test_too_many_files_are_refused_with_a_reason(need, owner):
    with pytest.raises(DomainError):
        services.add_files(need, documents=[check_document(pdf()) for _n in range(13)], by=owner)
    assert not draft(need).attachments.all()


@pytest.mark.parametrize(
    ("person", "which"),
    [
        ("nobody", {"public"}),
        ("stranger", {"public"}),
        ("viewer", {"public", "confidential", "evidence", "draft"}),
        ("owner", {"public", "confidential", "evidence", "draft"}),
        ("curator", {"public", "confidential", "evidence", "draft"}),
    ],
)
def test_who_gets_which_document(person, which, organization, owner, client, request):
    offer = OfferFactory(organization=organization, contact=owner)
    services.add_files(offer, documents=[check_document(pdf("public.pdf"))], by=owner)
    services.add_files(
        offer, documents=[check_document(pdf("confidential.pdf"))], confidential=True, by=owner
    )
    services.add_files(
        offer, documents=[check_document(pdf("evidence.pdf"))], evidence=True, by=owner
    )
    type(offer).objects.get(pk=offer.pk).latest_revision.publish(log_action=False)
    services.add_files(offer, documents=[check_document(pdf("draft.pdf"))], by=owner)
    if person != "nobody":
        client.force_login(request.getfixturevalue(person))

    got = {
        row.display_name.removesuffix(".pdf")
        for row in draft(offer).attachments.all()
        if client.get(file_url(offer, row)).status_code == 200
    }

    assert got == which


def test_document_of_a_withdrawn_listing_is_gone_for_others(need, owner, client):
    services.add_files(need, documents=[check_document(pdf())], by=owner)
    Need.objects.get(pk=need.pk).latest_revision.publish(log_action=False)
    (row,) = Need.objects.get(pk=need.pk).attachments.all()
    response = client.get(file_url(need, row))
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    assert "sandbox" in response["Content-Security-Policy"]

    services.withdraw(need, by=owner)

    assert client.get(file_url(need, row)).status_code == 404


def picture_url(listing, row):
    return reverse("listings:picture", args=[listing.KIND, listing.public_id, row.key])


@pytest.mark.parametrize(
    ("person", "which"),
    [
        ("nobody", {"live"}),
        ("stranger", {"live"}),
        ("viewer", {"live", "draft"}),
        ("owner", {"live", "draft"}),
        ("curator", {"live", "draft"}),
    ],
)
def test_who_gets_which_picture(person, which, need, owner, client, request):
    services.add_files(need, pictures=[check_image(picture())], by=owner)
    Need.objects.get(pk=need.pk).latest_revision.publish(log_action=False)
    services.add_files(need, pictures=[check_image(picture())], by=owner)
    rows = dict(zip(("live", "draft"), draft(need).pictures.all(), strict=True))
    if person != "nobody":
        client.force_login(request.getfixturevalue(person))

    got = {
        name for name, row in rows.items() if client.get(picture_url(need, row)).status_code == 200
    }

    assert got == which


def test_picture_leaves_with_its_listing(need, owner, client):
    services.add_files(need, pictures=[check_image(picture())], by=owner)
    Need.objects.get(pk=need.pk).latest_revision.publish(log_action=False)
    (row,) = Need.objects.get(pk=need.pk).pictures.all()
    page = client.get(need.get_absolute_url()).content.decode()
    assert picture_url(need, row) in page
    response = client.get(picture_url(need, row))
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=300"

    services.withdraw(need, by=owner)

    assert client.get(picture_url(need, row)).status_code == 404
    client.force_login(owner)
    response = client.get(picture_url(need, row))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_picture_whose_file_is_lost_is_not_found(need, owner, client):
    services.add_files(need, pictures=[check_image(picture())], by=owner)
    Need.objects.get(pk=need.pk).latest_revision.publish(log_action=False)
    (row,) = Need.objects.get(pk=need.pk).pictures.all()
    row.image.storage.delete(row.image.name)

    assert client.get(picture_url(need, row)).status_code == 404


# --- films ----------------------------------------------------------------------------------------

PLACE = b"+10.7769+106.7009+005.000/"
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\xa9xyz" + PLACE + b"\x00" * 64


def film(name="may-chay.mp4", data=FILM):
    return SimpleUploadedFile(name, data, "video/mp4")


def test_a_film_is_shown_without_being_fetched_and_says_no_place(organization, owner, client):
    need = NeedFactory(
        organization=organization, contact=owner, published=True,
        problem="Máy đang chạy: https://youtu.be/abc123 và https://example.vn/x.",
    )  # fmt: skip
    services.add_files(need, documents=[check_video(film())], pictures=[], by=owner)
    row = NeedAttachment.objects.create(
        listing=need, file=draft(need).attachments.get().file.name, display_name="may-chay.mp4",
        content_type="video/mp4", size=len(FILM),
    )  # fmt: skip

    page = client.get(need.get_absolute_url()).content.decode()

    assert f'controls preload="none" src="{file_url(need, row)}"' in page
    assert 'href="https://youtu.be/abc123" rel="external nofollow noopener noreferrer"' in page
    assert "example.vn/x" not in page.partition("Video ở trang khác")[2].partition("</section>")[0]
    answer = client.get(file_url(need, row))
    sent = b"".join(answer.streaming_content)
    assert (len(sent), PLACE in sent, answer["Content-Type"]) == (len(FILM), False, "video/mp4")


@pytest.mark.parametrize(
    "upload", [film("x.webp"), film("x.mp4", b"<html>"), film("x.mp4", b"%PDF-1.7"), film("x.pdf")]
)
def test_what_is_no_film_is_refused(upload):
    with pytest.raises(UploadRejected):
        check_video(upload)


def test_a_hidden_film_is_not_shown(need, owner, client):
    shown, hidden = (
        NeedAttachment.objects.create(
            listing=need, file=f"{name}.mp4", display_name=f"{name}.mp4", content_type="video/mp4",
            is_confidential=name == "kin",
        )
        for name in ("mo", "kin")
    )  # fmt: skip
    page = client.get(need.get_absolute_url()).content.decode()
    assert page.count("<video") == page.count(f'src="{file_url(need, shown)}"') == 1
    assert "kin.mp4" not in page
    assert client.get(file_url(need, hidden)).status_code == 404
