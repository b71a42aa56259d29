"""A submission as staff read it: rows, files, money, yes and no."""

import pytest
from django.core.files.base import ContentFile

from cms.panels import edit_handler_of, form_of, plain
from cms.sheet import OUTLINES, changes_in, sheet_of, shown
from marketplace.listings.models import (
    LISTING_MODELS,
    NeedSpecification,
    OfferAttachment,
    OfferIpRight,
    OfferPicture,
    Specification,
)
from marketplace.research.models import Result
from tests.factories.listings import FACTORIES, EquipmentFactory, NeedFactory, OfferFactory

#: Bookkeeping, not content: nobody has anything to read or correct in these.
NOT_READ = {
    "id", "public_id", "content_version", "indexed_version", "matched_version",
    "alerted_version", "exchange", "organization", "contact", "number", "created_at", "submitted_at",
    "last_confirmed_at", "withdrawn_at", "withdrawal_reason", "latest_revision", "live", "live_revision",
    "has_unpublished_changes", "first_published_at", "last_published_at", "go_live_at", "expire_at", "expired",
    "locked", "locked_at", "locked_by", "reminded_of", "asked_step", "asked_at", "suspended_at",
    "withdrawal_code", "own_asked_at", "title_folded",
    # What the poster corrected of the reading: matching goes by it, no page shows it to others.
    "reading_corrections",
}  # fmt: skip


@pytest.mark.parametrize("kind", LISTING_MODELS)
def test_every_field_of_a_listing_is_read_by_staff(kind):
    """A field that is added later must not slip past the review."""
    named = [name for _heading, fields in OUTLINES[kind] for name in fields]
    fields = {field.name for field in LISTING_MODELS[kind]._meta.concrete_fields} - NOT_READ
    fields = {name for name in fields if not name.startswith("draft_")}

    assert fields <= set(named)
    assert len(named) == len(set(named))


@pytest.mark.parametrize("kind", LISTING_MODELS)
def test_form_of_staff_leaves_the_owners_decisions_alone(kind):
    bound = edit_handler_of(kind).bind_to_model(LISTING_MODELS[kind])
    fields = set(bound.get_form_class().base_fields)

    assert not fields & {"hide_owner", "confidential", "results", "organization", "number"}
    assert not set(bound.get_form_class().formsets) & {"attachments", "pictures"}
    assert {"title", "summary", "field_codes"} <= fields


def test_form_reads_sums_as_people_write_them(db):
    form = form_of("need")
    assert form.base_fields["budget_min"].clean("1,2 tỷ") == 1_200_000_000


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Specification.Operator.AT_LEAST, "Năng suất: ≥ 300 kg/giờ"),
        (Specification.Operator.AT_MOST, "Năng suất: ≤ 300 kg/giờ"),
        (Specification.Operator.EQUAL, "Năng suất: 300 kg/giờ"),
    ],
)
def test_figures_are_written_with_their_comparison(row, words, db):
    need = NeedFactory()
    need.specifications = [
        NeedSpecification(name="Năng suất", operator=row, low=300, unit="kg/giờ")
    ]

    assert shown(need, "specifications") == words


def test_rights_files_and_results_are_named(db, media):
    result = Result.objects.create(
        source="thu", source_id="1", content_hash="x", title="Kết quả làm cơ sở"
    )
    offer = OfferFactory(
        results=[result.public_id, "khong-con"], origin="DE", is_technology_transfer=False
    )
    offer.ip_rights = [
        OfferIpRight(number="1-0012345", kind="invention", status="granted"),
        OfferIpRight(number="2-99"),
    ]
    paper = OfferAttachment(
        display_name="Chứng minh.pdf", content_type="application/pdf", size=340_000, is_right_evidence=True,
        is_confidential=True,
    )  # fmt: skip
    paper.file.save("x.pdf", ContentFile(b"%PDF"), save=False)
    picture = OfferPicture()
    picture.image.save("x.webp", ContentFile(b"x"), save=False)
    offer.attachments, offer.pictures = [paper], [picture]

    lines = {line.name: line.value for section in sheet_of(offer, None) for line in section.lines}

    assert "1-0012345" in lines["ip_rights"]
    assert "2-99" in lines["ip_rights"]
    assert "Kết quả làm cơ sở" in lines["results"]
    assert "khong-con" in lines["results"]
    assert "Chứng minh.pdf" in lines["attachments"]
    assert "340 kB, chứng minh quyền, chỉ tiết lộ khi được đồng ý" in lines["attachments"]
    assert "<img" in lines["pictures"]
    assert lines["origin"] == "Đức"
    assert lines["is_technology_transfer"] == "Không"
    assert lines["trl"].startswith("8 ")


def test_what_the_poster_wrote_is_never_markup(db):
    need = NeedFactory(title="<script>x</script>", problem="<b>đậm</b>")
    need.specifications = [NeedSpecification(name="<i>", operator="text", text="<img src=x>")]

    text = "".join(line.value for section in sheet_of(need, None) for line in section.lines)

    for tag in ("<script", "<b>", "<i>", "<img"):
        assert tag not in text


@pytest.mark.parametrize("kind", FACTORIES)
def test_unchanged_listing_has_no_changes(kind, db):
    listing = FACTORIES[kind](published=True)

    assert changes_in(sheet_of(listing, listing)) == []


def test_changed_rows_and_fields_are_named(db):
    live = EquipmentFactory(published=True, price_mode="fixed", price_min=10**8)
    draft = EquipmentFactory(published=True, price_mode="fixed", price_min=2 * 10**8)

    changed = {line.name: (line.value, line.before) for line in changes_in(sheet_of(draft, live))}

    assert changed["price_min"] == ("200 triệu đồng", "100 triệu đồng")
    assert "title" in changed


def test_comparison_reads_lists_as_text():
    assert plain("<ul><li>Một &amp; hai</li><li>Ba</li></ul>") == "Một & hai; Ba"
    assert plain("<p>Một</p>\n\n<p>Hai</p>") == "Một\n\n\nHai"
