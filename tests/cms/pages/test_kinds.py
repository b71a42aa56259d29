"""Each kind of page: what readers get of it, what it refuses, and that the index and the clock follow it."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from cms.pages.calendars import _folded
from cms.pages.chosen import kind_and_key
from cms.pages.following import follow_pages, publish_due
from cms.pages.models import (
    PAGE_TYPES,
    ArticlePage,
    DossierPage,
    EventPage,
    FaqPage,
    FieldPage,
    HelpPage,
    InstitutePage,
    LegalDocumentPage,
    PageEntry,
    SectionPage,
    SuccessStoryPage,
)
from cms.pages.types.dossier import DossierRecord
from marketplace.core import clock
from tests.factories.accounts import OrganizationFactory
from tests.factories.listings import NeedFactory, OfferFactory
from tests.factories.pages import make_page
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 26, 5, tzinfo=clock.VIETNAM)


def text(client, address, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def article(title, section, day, **values):
    return make_page(title, kind=ArticlePage, under=section, shown_on=day, **values)


@pytest.fixture
def news(site):
    section = make_page("Tin tức", kind=SectionPage, slug="tin-tuc", shows="news")
    article("Hội thảo sấy lạnh", section, date(2026, 10, 2), slug="hoi-thao", field_codes=["402"])
    article("Máy mới về", section, date(2026, 11, 3), slug="may-moi", source="Báo Khoa học",
            source_url="https://example.vn/bai", field_codes=["402"])  # fmt: skip
    article("Chưa đăng", section, date(2026, 11, 4), slug="nhap", live=False)
    return section


def test_news_stand_newest_first_and_by_month(client, news):
    listed = text(client, "/trang/tin-tuc/")
    assert listed.index("Máy mới về") < listed.index("Hội thảo sấy lạnh")
    assert "Chưa đăng" not in listed
    assert 'href="/trang/tin-tuc/2026/10/"' in listed
    october = text(client, "/trang/tin-tuc/2026/10/")
    assert "Hội thảo sấy lạnh" in october
    assert "Máy mới về" not in october
    assert "Máy mới về" in text(client, "/trang/tin-tuc/2026/")


@pytest.mark.parametrize("time", ["2026/13", "2026/9", "0", "2025", "99999"])
def test_month_without_news_is_no_page(client, news, time):
    text(client, f"/trang/tin-tuc/{time}/", 404)


def test_article_names_its_source_and_what_is_related(client, news):
    shown = text(client, "/trang/tin-tuc/may-moi/")
    assert 'href="https://example.vn/bai"' in shown
    assert "Báo Khoa học" in shown
    assert "Hội thảo sấy lạnh" in shown
    assert "Chưa đăng" not in shown
    assert '<meta property="og:title" content="Máy mới về">' in shown


@pytest.mark.parametrize(
    ("name", "type_", "root"),
    [("rss", "application/rss+xml", "rss"), ("atom", "application/atom+xml", "feed")],
)
def test_feeds_are_well_formed_and_hold_what_is_live(client, news, name, type_, root):
    from lxml import etree

    response = client.get(f"/trang/tin-tuc/{name}/")
    assert response["Content-Type"].startswith(type_)
    tree = etree.fromstring(response.content)
    assert etree.QName(tree).localname == root
    titles = [node.text for node in tree.iter("{*}title")]
    assert titles == ["Tin tức", "Máy mới về", "Hội thảo sấy lạnh"]


def test_other_sections_have_no_feeds_and_no_calendar(client, news):
    make_page("Mục", kind=SectionPage, slug="muc")
    for address in ("muc/rss/", "muc/lich/", "muc/2026/", "tin-tuc/lich/", "tin-tuc/x/"):
        text(client, f"/trang/{address}", 404)


def event(title, section, *, days: int, **values):
    starts = clock.now() + timedelta(days=days)
    times = {"starts_at": starts, "ends_at": starts + timedelta(hours=3)}
    return make_page(title, kind=EventPage, under=section, **(times | values))


def test_events_to_come_stand_first_and_go_into_a_calendar(client, site):
    section = make_page("Sự kiện", kind=SectionPage, slug="su-kien", shows="events")
    event("Chợ công nghệ; năm 2026, lần 3", section, days=5, slug="cho", place="Nhà thi đấu")
    event("Đã qua", section, days=-5, slug="qua")
    listed = text(client, "/trang/su-kien/")
    assert listed.index("Chợ công nghệ") < listed.index("Đã qua")
    calendar = text(client, "/trang/su-kien/lich/")
    assert calendar.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Chợ công nghệ\\; năm 2026\\, lần 3\r\n" in calendar
    one = text(client, "/trang/su-kien/qua/lich/")
    assert "SUMMARY:Đã qua\r\n" in one
    assert "Đã diễn ra" in text(client, "/trang/su-kien/qua/")


def test_long_lines_of_a_calendar_are_folded_between_letters():
    line = "SUMMARY:" + "Sấy ở nhiệt độ thấp " * 12
    parts = _folded(line).split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == line


def test_event_ends_after_it_begins(site):
    section = make_page("Sự kiện", kind=SectionPage, shows="events")
    with pytest.raises(ValidationError, match="sau khi"):
        event("Ngược", section, days=1, ends_at=clock.now())


def test_dossier_joins_what_is_public_of_its_fields(client, site):
    need = NeedFactory(published=True, title="Cần sấy xoài", field_codes=["40201"])
    hidden = OfferFactory(title="Nháp chào bán", field_codes=["402"])
    offer = OfferFactory(published=True, title="Máy sấy lạnh", field_codes=["503"])
    result = ResultFactory(title="Nghiên cứu sấy lạnh")
    section = make_page("Tin", kind=SectionPage, shows="news")
    article("Tin về sấy", section, date(2026, 11, 1), field_codes=["4"])
    article("Tin khác", section, date(2026, 11, 1), field_codes=["503"])
    page = make_page("Sấy", kind=DossierPage, slug="say", field_codes=["402"])
    page.chosen = [
        DossierRecord(address=row.get_absolute_url(), note=note, sort_order=place)
        for place, (row, note) in enumerate([(offer, "Đã thử"), (result, ""), (hidden, "")])
    ]
    page.save_revision().publish()
    shown = text(client, "/trang/say/")
    for words in ("Cần sấy xoài", "Máy sấy lạnh", "Đã thử", "Nghiên cứu sấy lạnh", "Tin về sấy"):
        assert words in shown, words
    assert "Nháp chào bán" not in shown
    assert "Tin khác" not in shown
    # What is withdrawn later leaves no broken line.
    offer.live = False
    offer.save()
    need.live = False
    need.save()
    later = text(client, "/trang/say/")
    assert "Máy sấy lạnh" not in later
    assert "Cần sấy xoài" not in later


@pytest.mark.parametrize("language", ["", "/en"])
def test_address_of_a_record_is_read_in_both_languages(language):
    need = NeedFactory(published=True)
    address = f"https://san.example{language}{need.get_absolute_url()}?x=1"
    assert kind_and_key(address) == ("need", need.public_id)
    assert kind_and_key("/tim-kiem/") == kind_and_key("x") == ("", "")
    with override("en"):
        assert kind_and_key(address) == ("need", need.public_id)


def test_address_of_nothing_is_refused(site):
    with pytest.raises(ValidationError, match="không phải địa chỉ"):
        make_page("Chuyện", kind=SuccessStoryPage, buyer="A", supplier="B", address="/tim-kiem/")
    with pytest.raises(ValidationError, match="Không có tổ chức"):
        make_page("Viện", kind=InstitutePage, organization_address="/to-chuc/x-bcdfghjkmn/")


def test_other_kinds_show_what_is_theirs(client, site):
    organization = OrganizationFactory(name="Viện Cơ nhiệt", status="verified")
    offer = OfferFactory(published=True, title="Bơm nhiệt", organization=organization)
    make_page("Viện", kind=InstitutePage, slug="vien",
              organization_address=organization.get_absolute_url())  # fmt: skip
    make_page("Chuyện", kind=SuccessStoryPage, slug="chuyen", buyer="Công ty Xoài", year=2025,
              supplier="Viện Cơ nhiệt", address=offer.get_absolute_url())  # fmt: skip
    make_page("Lĩnh vực", kind=FieldPage, slug="linh-vuc", field_code="402")
    make_page("Hướng dẫn", kind=HelpPage, slug="huong-dan", role="enterprise", minutes=5,
              body=json.dumps([{"type": "step", "value": {"title": "Mở mẫu", "text": "<p>Bấm</p>",
                                                          "image": None, "alternative": ""}}]))  # fmt: skip
    make_page("Hỏi đáp", kind=FaqPage, slug="hoi", body=json.dumps(
        [{"type": "question", "value": {"question": "Mất phí không?", "answer": "<p>Không.</p>"}}]
    ))  # fmt: skip
    assert "Bơm nhiệt" in text(client, "/trang/vien/")
    assert "Công ty Xoài" in text(client, "/trang/chuyen/")
    assert "Bơm nhiệt" in text(client, "/trang/chuyen/")
    assert "/linh-vuc/402/" in text(client, "/trang/linh-vuc/")
    assert "Mở mẫu" in text(client, "/trang/huong-dan/")
    assert "Mất phí không?" in text(client, "/trang/hoi/")


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "standing"),
    [
        (None, None, "in_force"),
        (date(2026, 11, 26), date(2026, 11, 26), "in_force"),
        (date(2026, 11, 27), None, "not_yet"),
        (None, date(2026, 11, 25), "over"),
    ],
)
def test_legal_document_stands_as_of_today(valid_from, valid_to, standing):
    page = LegalDocumentPage(valid_from=valid_from, valid_to=valid_to)
    with clock.frozen_at(NOON):
        assert page.standing == standing


def test_every_kind_is_followed_and_kept_to_its_time(news):
    while follow_pages():
        pass
    page = ArticlePage.objects.get(slug="may-moi")
    entry = PageEntry.objects.get(page_id=page.pk)
    page.introduction = "Nay có thêm lời mở đầu"
    page.save_revision().publish()
    assert PageEntry.objects.get(pk=entry.pk).content_version > entry.content_version
    ArticlePage.objects.filter(pk=page.pk).update(expire_at=clock.now() - timedelta(hours=1))
    assert publish_due() == 1
    assert publish_due() == 0
    assert not ArticlePage.objects.get(pk=page.pk).live


def test_leaves_have_nothing_below():
    for kind in PAGE_TYPES:
        is_open = kind.__name__ in ("ContentPage", "SectionPage")
        assert (kind.subpage_types is None) is is_open, kind
