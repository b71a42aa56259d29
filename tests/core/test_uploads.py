"""Files made here as an attacker, or a careless person, would make them."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile

from marketplace.core.errors import UploadRejected
from marketplace.core.uploads import PDF, check_document, check_image

MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
WORD, SHEET, SLIDES = (
    MAIN.format(name)
    for name in (
        "wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation"
    )
)  # fmt: skip


@pytest.fixture(autouse=True)
def _as_pillow_comes(monkeypatch):
    # A PDF library that another test brings in makes Pillow take pictures that are cut off.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)


def upload(data, name="a.pdf"):
    return SimpleUploadedFile(name, data)


def office(kind=WORD, parts=(), content="", compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types><Override PartName="/main.xml" ContentType="{kind}"/>{content}</Types>',
        )
        archive.writestr("main.xml", "<document/>")
        for name, data in parts:
            archive.writestr(name, data)
    return out.getvalue()


def pdf(body=b"", end=b"%%EOF\n"):
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + body + b"\ntrailer\n" + end


def object_stream(content):
    packed = zlib.compress(content)
    return b"2 0 obj << /Type /ObjStm /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)


def picture(mode="RGB", size=(60, 40), kind="PNG", **options):
    out = io.BytesIO()
    Image.new(mode, size, options.pop("color", None) or 0).save(out, kind, **options)
    return out.getvalue()


# --- documents ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "suffix"),
    [
        (pdf(), "Hồ sơ.PDF", ".pdf"),
        (pdf(object_stream(b"<< /Type /Page >>")), "a.pdf", ".pdf"),
        (office(WORD), "a.docx", ".docx"),
        (office(SHEET), "a.xlsx", ".xlsx"),
        (office(SLIDES), "a.pptx", ".pptx"),
        (office(WORD, compression=zipfile.ZIP_STORED), "a.docx", ".docx"),
        (office(WORD, parts=[("word/embeddings/oleObject1.bin", b"equation")]), "a.docx", ".docx"),
        (office(WORD, parts=[("word/_rels/settings.xml.rels", "<Relationships/>")]), "a.docx", ".docx"),
    ],
)  # fmt: skip
def test_document_is_taken_whole_under_the_suffix_of_its_content(data, name, suffix):
    checked = check_document(upload(data, name))
    assert checked.content.read() == data
    assert checked.content.name == f"x{suffix}"
    assert checked.size == len(data)
    assert (checked.content_type == PDF) == (suffix == ".pdf")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.pdf"),
        (pdf(), "a.docx"),
        (pdf(), "a.pdf.exe"),
        (pdf(), "a"),
        (office(WORD), "a.xlsx"),
        (office(WORD), "a.pdf"),
        (b"junk" + pdf(), "a.pdf"),
        (b"MZ\x90\x00", "a.pdf"),
        (b"<html><script>alert(1)</script>", "a.pdf"),
        (office("application/vnd.ms-word.document.macroEnabled.main+xml"), "a.docx"),
        (office(WORD, parts=[("word/vbaProject.bin", b"x")]), "a.docx"),
        (office(WORD, parts=[("word/activeX/activeX1.xml", b"x")]), "a.docx"),
        (
            office(
                WORD, content='<Override ContentType="application/vnd.ms-office.macroEnabled"/>'
            ),
            "a.docx",
        ),
        (office(WORD, content=f'<Override ContentType="{SHEET}"/>'), "a.docx"),
        (
            office(
                WORD,
                parts=[
                    (
                        "word/_rels/settings.xml.rels",
                        '<Relationship Type="x/attachedTemplate" TargetMode="External"/>',
                    )
                ],
            ),
            "a.docx",
        ),
        (office(WORD)[:200], "a.docx"),
        (b"MZ" + office(WORD), "a.docx"),
        (b"PK\x03\x04" + b"\0" * 100, "a.docx"),
    ],
)
def test_document_that_is_not_what_it_says_or_acts_by_itself_is_refused(data, name):
    with pytest.raises(UploadRejected) as refused:
        check_document(upload(data, name))
    assert str(refused.value.message)


@pytest.mark.parametrize(
    "body",
    [
        b"<< /S /JavaScript /JS (app.alert) >>",
        b"<< /S /Launch /F (cmd.exe) >>",
        b"<< /Names << /EmbeddedFiles 3 0 R >> >>",
        b"<< /S /J#61vaScript >>",
        object_stream(b"<< /S /JavaScript >>"),
    ],
)
def test_pdf_that_acts_is_refused(body):
    with pytest.raises(UploadRejected):
        check_document(upload(pdf(body)))


def test_pdf_cut_off_is_refused():
    with pytest.raises(UploadRejected):
        check_document(upload(pdf(end=b"")))


def test_pdf_that_is_an_archive_too_is_refused():
    with pytest.raises(UploadRejected):
        check_document(upload(pdf() + office()))


@pytest.mark.parametrize(
    ("content", "declared"), [("", 400_000_000), (" " * 3_000_000, 10)], ids=["bomb", "liar"]
)
def test_office_file_that_unpacks_to_a_bomb_or_lies_about_its_size_is_refused(content, declared):
    data = bytearray(office(WORD, content=content))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", declared)
    with pytest.raises(UploadRejected):
        check_document(upload(bytes(data), "a.docx"))


def test_pdf_whose_object_stream_is_a_bomb_is_refused():
    with pytest.raises(UploadRejected):
        check_document(upload(pdf(object_stream(b"\0" * 40_000_000))))


@pytest.mark.parametrize("check", [check_document, check_image])
def test_file_above_the_limit_is_refused_before_it_is_read(check, settings):
    settings.UPLOAD_MAX_BYTES = 10
    with pytest.raises(UploadRejected):
        check(upload(pdf()))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("hồ sơ\u202efdp.pdf", "hồ sơfdp.pdf"),
        ("a\nb\x00.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("hồ sơ.pdf", "hồ sơ.pdf"),
    ],
)
def test_name_is_shown_without_tricks(name, shown):
    file = upload(pdf(), "a.pdf")
    file._name = name
    assert check_document(file).display_name == shown


# --- pictures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGB", "JPEG"), ("CMYK", "JPEG"), ("L", "JPEG"), ("RGB", "PNG"), ("RGBA", "PNG"), ("P", "PNG"),
     ("I;16", "PNG"), ("1", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP"), ("RGB", "HEIF")],
)  # fmt: skip
def test_picture_is_encoded_anew(mode, kind):
    checked = check_image(upload(picture(mode, kind=kind), "ảnh.jpg"))
    with Image.open(checked.content) as seen:
        assert (seen.format, seen.mode, seen.size) == ("WEBP", "RGB", (60, 40))
    assert checked.content.name == "x.webp"


def test_picture_loses_place_camera_colour_profile_and_comment():
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    data = picture(
        kind="JPEG", exif=exif, comment=b"SECRET-COMMENT", icc_profile=b"SECRET-PROFILE" * 9
    )
    assert data.count(b"SECRET") >= 3
    cleaned = check_image(upload(data, "a.jpg")).content.read()
    assert b"SECRET" not in cleaned
    with Image.open(io.BytesIO(cleaned)) as seen:
        assert not seen.getexif()


def test_picture_lying_on_its_side_is_turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(check_image(upload(picture(kind="JPEG", exif=exif), "a.jpg")).content) as seen:
        assert seen.size == (40, 60)


def test_transparent_picture_lies_on_white():
    clear = picture("RGBA", color=(0, 0, 0, 0))
    with Image.open(check_image(upload(clear, "a.png")).content) as seen:
        assert min(seen.getpixel((5, 5))) > 250


def test_large_picture_is_made_smaller():
    with Image.open(check_image(upload(picture(size=(5000, 100)), "a.png")).content) as seen:
        assert seen.size == (2000, 40)


def test_payload_behind_the_pixels_is_gone():
    data = picture(kind="JPEG") + b"<script>alert(1)</script>" + office()
    assert b"script" not in check_image(upload(data, "a.jpg")).content.read()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg"),
        (picture(kind="GIF"), "a.gif"),
        (picture(kind="BMP"), "a.png"),
        (picture()[:60], "a.png"),
        (picture(kind="HEIF")[:200], "a.heic"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.png"),
        (b"\xff\xd8\xff\xe0" + picture(), "a.jpg"),
        (pdf(), "a.png"),
    ],
)
def test_what_is_no_picture_of_the_kinds_taken_is_refused(data, name):
    with pytest.raises(UploadRejected):
        check_image(upload(data, name))


@pytest.mark.parametrize("side", [7_000, 12_000, 60_000])
def test_picture_of_too_many_pixels_is_refused_unpacked(side):
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99))
    with pytest.raises(UploadRejected):
        check_image(upload(data + chunk(b"IEND", b""), "a.png"))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
