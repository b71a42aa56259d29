"""What readers get: pages in both languages, a tab of the search, nothing that is not live."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import override
from wagtail.documents import get_document_model
from wagtail.models import Page

from cms.pages.following import KIND, follow_pages
from cms.pages.models import ContentPage
from marketplace.accounts.fronts import default_front
from marketplace.notifications.alerts import match_new
from marketplace.notifications.models import SavedSearchHit
from marketplace.notifications.saved_searches import save_search
from search import registry
from search.sync import sync_all
from search.tabs import tabs
from tests.factories.accounts import UserFactory
from tests.factories.pages import make_page, top
from tests.search.sources import RESULTS, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(site):
    """A page and its translation."""
    vietnamese = make_page("Liên hệ", slug="lien-he", text="Gọi cho sàn", show_in_menus=True)
    english = make_page(
        "Contact", slug="contact", text="Call the exchange", language="en",
        translation_key=vietnamese.translation_key, show_in_menus=True,
    )  # fmt: skip
    return vietnamese, english


def text(client, address, **data) -> str:
    response = client.get(address, data)
    assert response.status_code == 200, address
    return response.content.decode()


def test_page_is_read_without_a_login_in_each_language(client, pair):
    vietnamese = text(client, "/trang/lien-he/")
    assert '<html lang="vi">' in vietnamese
    assert "Gọi cho sàn" in vietnamese
    assert "Về sàn giao dịch" in vietnamese  # the way back
    assert "Cập nhật ngày" in vietnamese
    assert 'href="/en/trang/contact/"' in vietnamese
    english = text(client, "/en/trang/contact/")
    assert '<html lang="en">' in english
    assert "Call the exchange" in english
    assert 'href="/trang/lien-he/" lang="vi"' in english


def test_page_without_a_translation_leads_home_in_the_other_language(client, site):
    make_page("Chỉ có tiếng Việt", slug="mot-minh")
    assert 'href="/en/" lang="en"' in text(client, "/trang/mot-minh/")


@pytest.mark.parametrize(
    "address", ["/trang/khong-co/", "/en/trang/lien-he/", "/trang/nhap/", "/trang/contact/"]
)
def test_what_is_not_there_or_not_live_is_not_found(client, pair, address):
    make_page("Nháp", slug="nhap", live=False)
    assert client.get(address).status_code == 404


def test_page_takes_no_posts(client, pair):
    assert client.post("/trang/lien-he/").status_code == 405


def test_footer_names_the_pages_of_the_language(client, pair):
    assert 'href="/trang/lien-he/"' in text(client, reverse("home"))
    with override("en"):
        address = reverse("home")
    english = text(client, address)
    assert 'href="/en/trang/contact/"' in english
    assert ">Liên hệ<" not in english


def test_footer_follows_the_tick_and_costs_no_question_meanwhile(
    client, pair, django_assert_num_queries
):
    from cms.templatetags.site_pages import site_pages

    follow_pages()
    page = {"front": default_front()}
    with override("vi"):
        assert [title for title, _address in site_pages(page)] == ["Liên hệ"]
        with django_assert_num_queries(0):
            site_pages(page)
        Page.objects.filter(pk=pair[0].pk).update(live=False)
        follow_pages()
        assert site_pages(page) == []


def test_blocks_are_shown(client, site, media):
    file = get_document_model().objects.create(title="Mẫu", file="documents/mau.pdf")
    page = make_page("Các khối", slug="khoi")
    page.body = [
        ("heading", "Đề mục"),
        ("quotation", {"text": "Lời của ai đó", "by": "Bà Lan"}),
        ("quotation", {"text": "Lời nhắc", "by": ""}),
        ("document", {"document": file, "label": "Mẫu đơn"}),
    ]
    page.save_revision().publish()
    shown = text(client, "/trang/khoi/")
    assert "<h2>Đề mục</h2>" in shown
    assert "<blockquote" in shown
    assert "Bà Lan" in shown
    assert f'href="{file.url}"' in shown


def test_file_of_the_cms_is_public(client, site, media):
    from django.core.files.base import ContentFile

    file = get_document_model().objects.create(
        title="Mẫu", file=ContentFile(b"%PDF-1.4", name="mau.pdf")
    )
    assert client.get(file.url).status_code == 200


# --- search ---------------------------------------------------------------------------------------


@pytest.fixture
def both(pair, search_engine, monkeypatch):
    """An index of pages and results."""
    monkeypatch.setattr(registry, "_sources", {"result": RESULTS, KIND: registry.source(KIND)})
    make_page("Hướng dẫn về máy sấy", text="Viết công suất của máy sấy.")
    make_result("Máy sấy xoài")

    def run():
        while follow_pages():
            pass
        sync_all()

    run()
    return run


def titles(response) -> list[str]:
    return [item["hit"].title for item in response.context.get("hits", [])]


def in_tab(client, words, address="search:search") -> list[str]:
    response = client.get(reverse(address), {"q": words, "muc": "trang"})
    return [item["hit"].title for item in response.context["items"]]


def test_pages_stand_in_their_tab_and_nowhere_else(client, both):
    page = client.get(reverse("search:search"), {"q": "máy sấy"})
    assert titles(page) == ["Máy sấy xoài"]
    assert page.context["total"] == 1
    assert [tab["count"] for tab in page.context["tabs"]] == [None, 1]
    kinds = {option.value for group in page.context["groups"] for option in group["options"]}
    assert KIND not in kinds
    assert in_tab(client, "may say") == ["Hướng dẫn về máy sấy"]
    marked = client.get(reverse("search:search"), {"q": "may say", "muc": "trang"}).content.decode()
    assert "<mark>máy sấy</mark>" in marked
    assert titles(client.get(reverse("search:search"), {"loai": "result"})) == ["Máy sấy xoài"]


def test_tab_without_words_lists_the_pages_of_the_language(client, both):
    assert set(in_tab(client, "")) == {top("vi").title, "Liên hệ", "Hướng dẫn về máy sấy"}
    with override("en"):
        assert set(in_tab(client, "")) == {top("en").title, "Contact"}


def test_tab_says_so_where_no_page_has_the_words(client, both):
    assert "Không có trang nào" in text(client, reverse("search:search"), q="zzz", muc="trang")


def test_tab_answers_without_an_engine(client, both, settings, tmp_path):
    settings.SEARCH_URL = f"embedded://{tmp_path / 'none'}"
    assert in_tab(client, "máy sấy") == ["Hướng dẫn về máy sấy"]
    assert client.get(reverse("search:search"), {"q": "máy sấy"}).context["is_restoring"]
    tab = next(tab for tab in tabs() if tab.name == "trang")
    assert tab.count("máy sấy", ()) == 1


def test_what_a_stale_index_holds_is_not_shown(client, both):
    Page.objects.filter(title="Hướng dẫn về máy sấy").update(live=False)
    assert in_tab(client, "máy sấy") == []


def test_suggestions_name_pages_apart(client, both):
    groups = client.get(reverse("search:suggestions"), {"q": "hướng dẫn"}).json()["groups"]
    assert [(group["label"], len(group["options"])) for group in groups] == [("Trang hướng dẫn", 1)]
    assert groups[0]["options"][0]["url"].startswith("/trang/")
    Page.objects.filter(title="Hướng dẫn về máy sấy").update(live=False)
    assert client.get(reverse("search:suggestions"), {"q": "hướng dẫn"}).json()["groups"] == []


def test_saved_searches_leave_pages_out_unless_asked(both):
    person = UserFactory()
    plain, _new = save_search(QueryDict("q=máy sấy"), owner=person)
    asked, _new = save_search(QueryDict(f"q=máy sấy&loai={KIND}"), owner=person)
    while match_new():
        pass
    make_page("Máy sấy: câu hỏi thường gặp")
    make_result("Máy sấy cà phê")
    both()
    while match_new():
        pass
    told = SavedSearchHit.objects.filter(told_at=None)
    assert [hit.kind for hit in told.filter(saved_search=plain)] == ["result"]
    assert [hit.kind for hit in told.filter(saved_search=asked)] == [KIND]


def test_only_live_pages_are_visible_to_anybody(both):
    make_page("Nháp", live=False)
    both()
    registered = registry.source(KIND)
    seen = registered.visible(registered.rows(), AnonymousUser())
    assert {entry.page.title for entry in seen} == set(
        ContentPage.objects.live().values_list("title", flat=True)
    )
