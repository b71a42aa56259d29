import pytest

from marketplace.accounts.names import clean_name, guess_kind, organization_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Công ty Cổ phần Tân Phú", "CTCP Tân Phú"),
        ("Công ty Cổ phần Tân Phú", "CÔNG TY CP  TÂN PHÚ."),
        ("Công ty TNHH Một thành viên Hoà Bình", "Cty TNHH MTV Hòa Bình"),
        ("Công ty trách nhiệm hữu hạn 1 thành viên Hòa Bình", "Công ty TNHH MTV Hoà Bình"),
        ("Trường Đại học Bách khoa Hà Nội", "Đại học Bách khoa Hà Nội"),
        ("Viện Chăn nuôi (NIAS)", "Viện Chăn nuôi"),
        ("Sở KH&CN Đồng Tháp", "Sở Khoa học và Công nghệ Đồng Tháp"),
        ("Sở KH & CN Đồng Tháp", "Sở Khoa học và Công nghệ Đồng Tháp"),
        ("Đại học Nông Lâm TP. Hồ Chí Minh", "Đại học Nông Lâm Thành phố Hồ Chí Minh"),
        ("Đại học Nông Lâm TP.HCM", "Đại học Nông Lâm TP Hồ Chí Minh"),
        ("Acme, Inc.", "ACME INC"),
        ("Acme Incorporated", "Acme Inc."),
        ("The University of Iowa", "University of Iowa"),
        ("Viê\u0323n Thu\u031b\u0309", "Viện Thử"),
    ],
)
def test_spellings_of_one_organisation_have_one_key(one, other):
    assert organization_key(one) == organization_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Công ty Tân Phú", "Công ty Tấn Phú"),  # whoever claims one must not get the other
        ("Công ty Cổ phần Tân Phú", "Công ty TNHH Tân Phú"),
        ("Viện Hóa học", "Viện Hoa học"),
        ("Acme Inc.", "Acme LLC"),
        ("Trung tâm Ứng dụng Hà Nội", "Trung tâm Ứng dụng Hà Nam"),
    ],
)
def test_different_organisations_have_different_keys(one, other):
    assert organization_key(one) != organization_key(other)


@pytest.mark.parametrize("name", ["", "  ", "-", "N/A", "không có", "None", "…"])
def test_nobody_has_no_key(name):
    assert organization_key(name) == ""


def test_key_of_a_key_is_itself():
    key = organization_key("Công ty Cổ phần Khoa học và Công nghệ Tân Phú")

    assert organization_key(key) == key


def test_shown_name_keeps_its_spelling():
    assert clean_name("  Công ty  Hoà Bình, ") == "Công ty Hoà Bình"
    assert len(clean_name("Viện " * 200)) <= 300


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Viện Cơ điện nông nghiệp", "institute"),
        ("Trung tâm Nghiên cứu Thủy sản", "institute"),
        ("Viện Công nghệ - Đại học Bách khoa", "institute"),
        ("Trường Đại học Cần Thơ", "university"),
        ("Học viện Nông nghiệp Việt Nam", "university"),
        ("Công ty TNHH Viện Xanh", "enterprise"),
        ("Hợp tác xã Rau sạch", "enterprise"),
        ("Sở Khoa học và Công nghệ Hà Nội", "authority"),
        ("University of Iowa", "university"),
        ("Fraunhofer Institute", "institute"),
        ("Institute Robotics Inc.", "enterprise"),
        ("Acoustical Research & Applicat", "enterprise"),
    ],
)
def test_kind_is_guessed_from_the_name(name, kind):
    assert guess_kind(name) == kind
