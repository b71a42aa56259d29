from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from marketplace.core.templatetags import design
from search.views.groups import Option


@pytest.fixture(params=["vi", "en"])
def language(request):
    with translation.override(request.param):
        yield request.param


@pytest.mark.parametrize(
    ("dong", "shown"),
    [
        (0, "0 đồng"),
        (80_000, "80.000 đồng"),
        (1_200_000_000, "1,2 tỷ đồng"),
        (850_000_000, "850 triệu đồng"),
        (2_500_000, "2,5 triệu đồng"),
        (1_234_567, "1.234.567 đồng"),
        (1_234_567_890, "1.234.567.890 đồng"),
        (12_000_000_000_000, "12.000 tỷ đồng"),
        (None, ""),
    ],
)
def test_money_keeps_every_dong(dong, shown):
    with translation.override("vi"):
        assert design.money(dong) == shown


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (1_200_000_000, 1_800_000_000, "1,2–1,8 tỷ đồng"),
        (600_000_000, 1_200_000_000, "0,6–1,2 tỷ đồng"),
        (1_500_000, 1_200_000_000, "1,5 triệu đồng – 1,2 tỷ đồng"),
        (800_000_000, None, "từ 800 triệu đồng"),
        (None, 800_000_000, "đến 800 triệu đồng"),
        (5_000_000, 5_000_000, "5 triệu đồng"),
        (None, None, ""),
    ],
)
def test_money_range_with_open_ends(low, high, shown):
    with translation.override("vi"):
        assert design.money_range(low, high) == shown


def test_numbers_and_dates_in_the_readers_form(language):
    number, day = design.vi_number(58430.5), design.date_vi(date(2027, 1, 15))

    expected = ("58.430,5", "15/01/2027") if language == "vi" else ("58,430.5", "15 Jan 2027")
    assert (number, day) == expected


def test_times_are_local():
    late = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
    with translation.override("vi"):
        assert design.datetime_vi(late) == "03:05, 23/11/2026"


def test_readiness_has_nine_blocks_and_the_number():
    html = design.trl(7)

    assert html.count("<i") == 9
    assert html.count('class="on"') == 7
    assert "TRL 7" in html
    assert design.trl(None) == ""


def test_fragments_escape_what_users_wrote():
    html = design.fragments([("<b>", False), ("say & xoài", True)])

    assert html == "&lt;b&gt;<mark>say &amp; xoài</mark>"


def test_icon_label_is_escaped():
    assert 'aria-label="&quot;x&quot;"' in design.icon("bell", '"x"')
    assert 'aria-hidden="true"' in design.icon("bell")


def test_same_page_in_other_language_keeps_the_query():
    request = RequestFactory().get("/tai-khoan/login/?next=/a/")
    with translation.override("vi"):
        html = Template('{% load design %}{% same_page_in "en" %}').render(
            Context({"request": request})
        )

    assert html == "/en/tai-khoan/login/?next=/a/"


def test_file_sizes_in_decimal_units():
    with translation.override("vi"):
        assert [design.file_size(size) for size in (999, 348_000, 1_240_000)] == [
            "999 B",
            "348 kB",
            "1,2 MB",
        ]


def test_unbroken_keeps_compounds_together():
    assert design.unbroken("Sàn công nghệ") == "Sàn công\u00a0nghệ"


def test_menu_is_made_once_and_sees_nothing_of_the_reader(rf):
    template = Template(
        '{% load design %}{% menu "components/account_pages.html" is_staff=is_staff %}'
    )

    def shown(view_name, **context):
        request = rf.get("/")
        request.resolver_match = SimpleNamespace(view_name=view_name)
        return template.render(Context({"request": request, "is_staff": False, **context}))

    page = shown("deals:deals", user="Trần Bí Mật")
    assert "Trần Bí Mật" not in page
    assert page == shown("deals:deals", user="Lê Khác")
    assert page.count('aria-current="page"') == 1
    assert page != shown("dashboard:home")
    assert reverse("wagtailadmin_home") not in page
    assert reverse("wagtailadmin_home") in shown("deals:deals", is_staff=True)


def test_kept_filter_is_another_one_with_another_count_below_an_option():
    template = Template(
        '{% load design %}{% kept "components/facet.html" name="n" legend="Loại" options=o %}'
    )

    def shown(count: int) -> str:
        below = Option("2", "Con", count, checked=False)
        return template.render(Context({"o": [Option("1", "Cha", 9, False, [below])]}))

    page = shown(3)
    assert "Con" in page
    assert page == shown(3) != shown(4)


def test_kept_row_is_another_one_with_other_facts_or_in_another_language():
    template = Template(
        '{% load design %}{% kept "deals/_message.html" author=a organization=o at=at text=t %}'
    )
    facts = {"a": "An", "o": None, "at": datetime(2026, 3, 2, 9, tzinfo=UTC), "t": "<b>Chào</b>"}
    page = template.render(Context(facts))
    assert "&lt;b&gt;Chào" in page
    assert "Bình" in template.render(Context(facts | {"a": "Bình"}))
    with translation.override("en"):
        assert template.render(Context(facts)) != page
