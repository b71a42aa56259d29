"""Rooms of deals with people who have signed in: `FILE ROOMS`; what each needs to click in them goes into FILE."""

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfWriter

from marketplace.core import clock
from marketplace.core.uploads import check_document
from marketplace.deals.models import Deal, DealMessage, MemberRole
from marketplace.deals.services import people, rooms
from marketplace.deals.services.terms import offer_terms
from marketplace.privacy.services import agree_on_opening
from tests.benchmarks.servers import HOST
from tests.factories.accounts import MembershipFactory, OrganizationFactory
from tests.factories.deals import offered_terms, opened_deal
from tests.factories.listings import OfferFactory

MESSAGES, FILES = 12, 3


def main(file: str, count: str) -> None:
    made = [_room() for _number in range(int(count))]
    sitting = [seat for _deal, seats in made for seat in seats]
    Path(file).write_text(json.dumps(sitting), encoding="utf-8")
    deal, seats = made[0]
    few = _queries(deal, seats[0]["cookie"])
    _fill(deal, deal.buyer, deal.members.filter(organization=deal.buyer).first().user)
    print(
        json.dumps({"people": len(sitting), "few": few, "many": _queries(deal, seats[0]["cookie"])})
    )


def _room() -> tuple[Deal, list[dict[str, str]]]:
    """Two people of each side, a version of the terms, some messages, files and a meeting."""
    firm, institute = OrganizationFactory(), OrganizationFactory()
    buyer, seller = (MembershipFactory(organization=one).user for one in (firm, institute))
    offer = OfferFactory(organization=institute, contact=seller, published=True)
    deal = opened_deal(offer, by=buyer, asker=firm, accepted_by=seller)
    sitting = [buyer, seller]
    for side, leads in ((firm, buyer), (institute, seller)):
        person = MembershipFactory(organization=side).user
        people.seat_person(deal, person=person, organization=side, role=MemberRole.LEAD, by=leads)
        sitting.append(person)
    offer_terms(deal, offered_terms(), side=institute, by=seller)
    key = _fill(deal, firm, buyer)
    return deal, [
        {"room": deal.get_absolute_url(), "file": key, "cookie": _signed_in(person)}
        for person in sitting
    ]


def _fill(deal: Deal, side: Any, by: Any) -> str:
    # Straight into the table: two thousand notices of what was never said are not what is measured.
    DealMessage.objects.bulk_create(
        DealMessage(
            deal=deal, organization=side, author=by,
            text=f"Lời nhắn {number}: " + "chúng tôi cần thêm số liệu vận hành. " * 4,
        )
        for number in range(MESSAGES)
    )  # fmt: skip
    starts_at = clock.now() + timedelta(days=3)
    rooms.plan_meeting(deal, title="Xem máy chạy", starts_at=starts_at, minutes=60, by=by)
    begun = deal.files.count()
    added = [
        rooms.add_file(deal, checked=check_document(_pdf(number)), side=side, by=by)
        for number in range(begun, begun + FILES)
    ]
    return str(added[0].key)


def _pdf(number: int) -> SimpleUploadedFile:
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Title": str(number)})
    writer.write(out)
    return SimpleUploadedFile(f"tai-lieu-{number}.pdf", out.getvalue())


def _signed_in(person: Any) -> str:
    agree_on_opening(person)
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _queries(deal: Deal, cookie: str) -> int:
    """Of the page of a room, when what one process keeps is there."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie

    headers = {"host": HOST, "x-forwarded-proto": "https"}
    assert client.get(deal.get_absolute_url(), headers=headers).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(deal.get_absolute_url(), headers=headers)
    return len(asked)
