"""What a buyer decides by: filters of lists, rights that a record bears out, what is public, pictures, documents."""

import io
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.http import QueryDict
from PIL import Image

from marketplace.listings import filters, presentation, showing_files
from marketplace.listings.models import Equipment, EquipmentPicture, NeedAttachment, OfferIpRight
from marketplace.listings.templatetags.listings import listing_rights
from tests.factories.listings import EquipmentFactory, NeedFactory, OfferFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


def with_figure(operator, low=None, high=None):
    machine = EquipmentFactory(published=True, title=f"Máy {operator}")
    machine.specifications.add(
        machine.specifications.model(
            name="Công suất", operator=operator, low=low, high=high, unit="kW"
        )
    )
    machine.save()
    return machine


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        ("", "", {"le", "ge", "eq", "between"}),
        ("50", "", {"le", "ge", "between"}),
        ("", "20", {"le", "eq", "between"}),
        ("1,5", "9", {"le"}),
        ("150", "", {"ge"}),
        ("không phải số", "", {"le", "ge", "eq", "between"}),
    ],
)
def test_figure_is_found_where_its_range_meets_the_one_asked_for(low, high, found):
    with_figure("le", high=Decimal(100))
    with_figure("ge", low=Decimal(40))
    with_figure("eq", low=Decimal(15))
    with_figure("between", low=Decimal(10), high=Decimal(60))
    query = QueryDict(mutable=True)
    query.update({"thong-so": "Công suất|kW", "tu": low, "den": high})
    rows = filters.filter_rows(Equipment.objects.public(), "equipment", query, [])
    assert {row.title.split()[1] for row in rows} == found


def test_equipment_is_filtered_by_how_it_is_had(client):
    hired = EquipmentFactory(published=True, title="Máy cho thuê", supply_modes=["sale", "hire"])
    sold = EquipmentFactory(published=True, title="Máy để bán", supply_modes=["sale"])
    page = client.get("/thiet-bi/?cach=hire").content.decode()
    assert hired.title in page
    assert sold.title not in page


def test_needs_come_by_deadline_without_those_that_are_over(client):
    days = [filters.clock.today().replace(year=filters.clock.today().year + n) for n in (2, 1, -1)]
    late, soon, over = (
        NeedFactory(published=True, title=f"Nhu cầu {d.year}", deadline=d) for d in days
    )
    page = client.get("/nhu-cau/?xep=han").content.decode()
    assert page.index(soon.title) < page.index(late.title)
    assert over.title not in page


def test_right_is_borne_out_by_a_registered_result_alone():
    registered = ResultFactory(
        archive_number="2023-24-301/KQNC", ip_rights=[{"number": "1-2022-05270"}]
    )
    plain = ResultFactory(
        archive_number="", certificate_number="", ip_rights=[{"number": "2-2020-00001"}]
    )
    offer = OfferFactory(published=True, results=[registered.public_id, plain.public_id])
    for number in ("1-2022-05270", "2-2020-00001", "3-1999-00002"):
        offer.ip_rights.add(OfferIpRight(number=number))
    offer.save()
    rows = listing_rights(offer, [registered, plain])
    assert [row["result"] for row in rows] == [registered, None, None]


def test_page_says_that_something_waits_and_not_what(client):
    need = NeedFactory(published=True, confidential="công thức kín", hide_owner=True)
    assert len(presentation.disclosure(need)) == 3
    page = client.get(need.get_absolute_url()).content.decode()
    assert "Phần bảo mật: khi hai bên đồng ý" in page
    assert "công thức kín" not in page


def test_picture_is_handed_out_in_the_widths_that_pages_ask_for(client):
    machine = EquipmentFactory(published=True)
    out = io.BytesIO()
    Image.new("RGB", (1600, 900), "green").save(out, "WEBP")
    picture = EquipmentPicture(listing=machine, caption="Máy sấy")
    picture.image.save("x.webp", ContentFile(out.getvalue()), save=False)
    machine.pictures.add(picture)
    machine.save()
    address = f"/anh/thiet-bi/{machine.public_id}/{picture.key}/"
    widths = {}
    for asked in ("480", "960", "7", ""):
        answer = client.get(address, {"rong": asked} if asked else {})
        body = answer.getvalue() if answer.streaming else answer.content
        widths[asked] = Image.open(io.BytesIO(body)).width
        assert answer["Content-Type"] == "image/webp"
    assert widths == {"480": 480, "960": 960, "7": 1600, "": 1600}


def test_document_that_cannot_be_read_still_says_what_it_is():
    document = NeedAttachment(display_name="a.pdf", content_type="application/pdf", size=2048)
    document.file.save("a.pdf", ContentFile(b"%PDF-1.4 broken"), save=False)
    assert showing_files.document_facts(document) == "PDF, 2 kB"


def test_a_page_says_figures_as_they_are_asked(client):
    """Filters of two rooms that share a name would take each other's rows."""
    page = client.get(with_figure("ge", low=300).get_absolute_url()).content.decode()
    assert "≥ 300 kW" in page
