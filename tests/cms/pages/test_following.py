"""The index follows the pages by every way on which Wagtail changes them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page

from cms.pages.following import KIND, follow_pages, publish_due
from cms.pages.models import ContentPage, PageEntry
from search.checking import check_index
from search.models import Tombstone
from search.queries import Query
from search.registry import hydrate
from search.searching import find
from search.sync import stale_count, sync_batch
from tests.factories.pages import make_page, top

pytestmark = pytest.mark.django_db


def found(words: str = "") -> set[str]:
    return {hit.title for hit in find(Query(words, kinds=(KIND,))).hits} - {
        top("vi").title,
        top("en").title,
    }


def shown(words: str = "") -> set[str]:
    hits = hydrate(find(Query(words, kinds=(KIND,))).hits)
    return {hit.title for hit, _row in hits}


def test_published_page_is_found_by_title_and_text(ticks):
    make_page("Hướng dẫn đăng nhu cầu", text="Nêu công suất &amp; nhiệt độ <b>sấy</b>.")
    make_page("Bản nháp", live=False)
    ticks()
    assert found() == {"Hướng dẫn đăng nhu cầu"}
    assert found("huong dan") == found("nhiệt độ sấy") == {"Hướng dẫn đăng nhu cầu"}
    assert "<b>" not in find(Query("sấy", kinds=(KIND,))).hits[0].text
    assert stale_count() == 0


def test_every_kind_of_block_is_searched(ticks):
    page = make_page("Các khối")
    page.body = [
        ("heading", "Đề mục trạm bơm"),
        ("quotation", {"text": "Lời nhắc về lò hơi", "by": "Bà Lan"}),
        ("document", {"document": None, "label": "Mẫu đơn phụ lục"}),
    ]
    page.save_revision().publish()
    ticks()
    for words in ("trạm bơm", "lò hơi", "bà lan", "phụ lục"):
        assert found(words) == {"Các khối"}, words


def test_draft_over_a_live_page_changes_nothing_until_it_is_published(ticks):
    page = make_page("Tên cũ")
    ticks()
    before = PageEntry.objects.get(page=page).content_version
    page.title = "Tên mới"
    revision = page.save_revision()
    ticks()
    assert found() == {"Tên cũ"}
    assert PageEntry.objects.get(page=page).content_version == before
    revision.publish()
    ticks()
    assert found() == {"Tên mới"}


def test_old_revision_published_again_is_found_again(ticks):
    page = make_page("Một")
    old = page.latest_revision
    page.title = "Hai"
    page.save_revision().publish()
    ticks()
    assert found() == {"Hai"}
    old.publish()
    ticks()
    assert found() == {"Một"}


def unpublish(page):
    page.unpublish()


def unpublish_by_the_base_row(page):
    Page.objects.get(pk=page.pk).unpublish()


def unpublish_with_its_parent(page):
    Page.objects.get(pk=page.get_parent().pk).unpublish()
    Page.objects.filter(pk=page.pk).update(live=False)


def delete(page):
    page.delete()


def delete_by_the_base_row(page):
    Page.objects.get(pk=page.pk).delete()


def delete_the_branch(page):
    Page.objects.get(pk=page.get_parent().pk).delete()


@pytest.mark.parametrize(
    "act",
    [
        unpublish, unpublish_by_the_base_row, unpublish_with_its_parent,
        delete, delete_by_the_base_row, delete_the_branch,
    ],
)  # fmt: skip
def test_page_that_is_gone_leaves_the_index_and_is_hidden_at_once(ticks, act):
    section = make_page("Mục")
    page = make_page("Trang bỏ đi", under=section)
    make_page("Trang ở lại")
    ticks()
    assert found() == {"Mục", "Trang bỏ đi", "Trang ở lại"}
    act(ContentPage.objects.get(pk=page.pk))
    assert "Trang bỏ đi" not in shown()
    ticks()
    assert "Trang bỏ đi" not in found()
    assert "Trang ở lại" in found()
    assert not Tombstone.objects.exists()
    assert stale_count() == 0
    assert not check_index()


@pytest.mark.parametrize("way", ["moved", "parent moved", "parent renamed"])
def test_page_with_a_new_address_is_linked_there(ticks, client, way):
    section, other = make_page("Mục", slug="muc"), make_page("Mục khác", slug="khac")
    page = make_page("Trang đi xa", slug="di-xa", under=section)
    ticks()
    before = PageEntry.objects.get(page=page).content_version
    if way == "parent renamed":
        section.refresh_from_db()
        section.slug = "doi-ten"
        section.save_revision().publish()
        address = "/trang/doi-ten/di-xa/"
    else:
        moved = page if way == "moved" else section
        ContentPage.objects.get(pk=moved.pk).move(Page.objects.get(pk=other.pk), pos="last-child")
        address = "/trang/khac/di-xa/" if way == "moved" else "/trang/khac/muc/di-xa/"
    ticks()
    entry = PageEntry.objects.get(page=page)
    assert entry.content_version > before
    assert entry.indexed_version == entry.content_version
    assert entry.get_absolute_url() == address
    assert client.get(address).status_code == 200


def test_bulk_changes_arrive(ticks):
    page = make_page("Trang")
    ticks()
    ContentPage.objects.filter(pk=page.pk).update(introduction="Mở đầu nói về trạm cân")
    ticks()
    assert found("trạm cân") == {"Trang"}
    Page.objects.filter(pk=page.pk).update(title="Tên sửa ở hàng gốc")
    ticks()
    assert found("hàng gốc") == {"Tên sửa ở hàng gốc"}


def test_scheduled_page_comes_and_goes_at_its_time(ticks):
    now = timezone.now()
    page = make_page("Có giờ", live=False)
    page.go_live_at, page.expire_at = now + timedelta(hours=1), now + timedelta(hours=2)
    page.save_revision().publish()
    page.refresh_from_db()
    assert publish_due() == 0
    ticks()
    assert found() == set()

    page.go_live_at = now - timedelta(minutes=1)
    revision = page.save_revision(approved_go_live_at=page.go_live_at)
    assert revision.approved_go_live_at
    assert publish_due() >= 1
    ticks()
    assert found() == {"Có giờ"}
    assert publish_due() == 0

    ContentPage.objects.filter(pk=page.pk).update(expire_at=now - timedelta(seconds=1))
    assert publish_due() == 1
    ticks()
    assert found() == set()
    assert ContentPage.objects.get(pk=page.pk).expired
    assert publish_due() == 0


def test_copied_page_is_a_page_of_its_own(ticks):
    page = make_page("Bản gốc")
    ticks()
    page.copy(update_attrs={"title": "Bản sao", "slug": "ban-sao"}, keep_live=True)
    ticks()
    assert found() == {"Bản gốc", "Bản sao"}


def test_failed_save_leaves_the_version(ticks):
    page = make_page("Trang")
    ticks()
    page.slug = ""
    page.title = ""
    with pytest.raises(Exception, match="title"):
        page.save()
    assert stale_count() == 0


def test_nothing_to_do_costs_five_questions(ticks, django_assert_num_queries):
    make_page("Trang")
    ticks()
    with django_assert_num_queries(5):
        assert follow_pages() == 0
    assert sync_batch() == 0


KILLED = """
    import time
    from cms.pages import following
    from cms.pages.models import PageEntry
    {patch}
    print("ready", flush=True)
    following.follow_pages()
"""
#: Where the stage is ended: the statement before it was done, but for what its transaction takes back.
POINTS = {
    "taken up": "following._bring_up = lambda limit: (print('there', flush=True), time.sleep(60))",
    "brought up": "following._let_go = lambda limit: (print('there', flush=True), time.sleep(60))",
    "tombstones left": """
    leave = following.leave_tombstones
    def left(kind, keys):
        leave(kind, keys)
        print("there", flush=True)
        time.sleep(60)
    following.leave_tombstones = left""",
}


@pytest.mark.kill
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_it_is_done_again_once(ticks, other_process, point):
    stays, goes, hides = make_page("Ở lại"), make_page("Bị xóa"), make_page("Gỡ xuống")
    ticks()
    Page.objects.get(pk=goes.pk).delete()
    Page.objects.filter(pk=hides.pk).update(live=False)
    make_page("Mới")
    process = other_process(KILLED.format(patch=POINTS[point]))
    process.wait_for("there")
    process.kill()

    ticks()

    assert found() == {"Ở lại", "Mới"}
    assert PageEntry.objects.filter(page=stays).count() == 1
    assert PageEntry.objects.filter(page_id=goes.pk).count() == 0
    assert not Tombstone.objects.exists()
    assert stale_count() == 0
    assert not check_index()
