from io import StringIO

import pytest
from django.core.management import call_command

from marketplace.accounts.fronts import default_front

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded():
    call_command("load_vocabularies", stdout=StringIO())


def test_list_says_source_status_and_validity_to_anybody(client):
    page = client.get("/danh-muc/").content.decode()
    for words in (
        "Phân loại sáng chế quốc tế (IPC)",
        "Chưa nạp",
        "Chưa đối chiếu",
        "Danh mục của sàn",
        "Thông tư 24/2025/TT-BKHCN",
        "từ 15/12/2025",
        "đến 14/12/2025",
        "768",
    ):
        assert words in page


def test_list_keeps_the_order_of_the_manifest(client):
    page = client.get("/danh-muc/").content.decode()
    codes = ["st-fields-2025", "objectives-2008", "industries-2018", "ipc", "need-kinds"]
    places = [page.index(f"/danh-muc/{code}/") for code in codes]
    assert places == sorted(places)


@pytest.fixture
def known_sites(db):
    """Which sites there are is kept for a minute: pages of a process that runs do not ask."""
    default_front()


@pytest.mark.usefixtures("known_sites")
def test_list_costs_the_same_whatever_it_holds(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        client.get("/danh-muc/")


@pytest.mark.usefixtures("known_sites")
@pytest.mark.parametrize("code", ["st-fields-2008", "ipc", "transfer-methods", "provinces-2025"])
def test_vocabulary_shows_its_terms(client, code, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        response = client.get(f"/danh-muc/{code}/")
    assert response.status_code == 200


def test_vocabulary_shows_codes_notes_and_where_they_come_from(client):
    page = client.get("/danh-muc/st-fields-2008/").content.decode()
    assert "Bảo quản và chế biến nông sản" in page
    assert "Không dùng cho hồ sơ mới." in page
    assert "Đại học Cần Thơ" in page
    assert "/danh-muc/st-fields-2025/" in page


def test_vocabulary_not_at_hand_says_so_and_which_one_serves(client):
    page = client.get("/danh-muc/industries-2025/").content.decode()
    assert "Sàn không tự đặt mã" in page
    assert "/danh-muc/industries-2018/" in page


def test_part_of_a_table_says_so_and_which_one_serves(client):
    page = client.get("/danh-muc/st-fields-2025/").content.decode()
    assert "Mới có một phần" in page
    assert "Sàn đang dùng bảng: Lĩnh vực khoa học và công nghệ (2008)" in page


def test_english_page_marks_what_is_only_in_the_other_language(client):
    page = client.get("/en/danh-muc/ipc/").content.decode()
    assert "Human necessities" in page
    page = client.get("/danh-muc/ipc/").content.decode()
    assert '<span lang="en">Soil working in agriculture' in page


def test_unknown_vocabulary_is_not_found(client):
    assert client.get("/danh-muc/khong-co/").status_code == 404


def test_crosswalk_shows_its_pairs_and_where_they_come_from(client):
    assert "63 tỉnh, thành cũ sang 34" in client.get("/danh-muc/chuyen-doi/").content.decode()
    page = client.get("/danh-muc/chuyen-doi/provinces-63-to-2025/").content.decode()
    for words in (
        "Nhập vào Hải Phòng",
        "Nghị quyết 202/2025/QH15",
        "Chưa đối chiếu",
        "từ 01/7/2025",
    ):
        assert words in page
    assert (
        "/danh-muc/chuyen-doi/provinces-63-to-2025/"
        in client.get("/danh-muc/provinces-63/").content.decode()
    )


@pytest.mark.parametrize(
    ("table", "asked", "words"),
    [
        ("provinces-63-to-2025", "hai duong", "Hải Phòng"),
        ("provinces-historic-to-2025", "Hải Hưng", "có thể là"),
        ("st-fields-2008-to-2025", "40107", "Mã cấp trên của nó nay là"),
        ("provinces-63-to-2025", "<b>Atlantis\0", "Chưa có bảng nào cho biết"),
    ],
)
def test_crosswalk_answers_what_an_old_code_has_become(client, table, asked, words):
    answer = client.get(f"/danh-muc/chuyen-doi/{table}/", {"tra": asked})
    page = answer.content.decode().split('id="answer"')[1].split("</section>")[0]
    assert words in page
    assert "<b>" not in page


@pytest.mark.usefixtures("known_sites")
def test_crosswalk_costs_the_same_whatever_it_holds(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        client.get("/danh-muc/chuyen-doi/provinces-63-to-2025/")
