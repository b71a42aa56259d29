"""Leads keep the bilingual vocabulary, one pair at a time or as a file; others do not."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from marketplace.core.models import AuditEntry
from marketplace.taxonomy.models import TermPair
from marketplace.taxonomy.term_pairs import save_term_pair
from tests.cms.test_search_index import is_refused

FACTS = {
    "vietnamese": "máy sấy tầng sôi |  máy sấy tầng sôi",
    "english": "fluidized bed dryer|fluid bed dryer",
    "sector": "203",
    "note": "",
    "source": "Sổ tay",
    "status": "active",
}


@pytest.fixture
def pair(lead) -> TermPair:
    return save_term_pair(TermPair(**FACTS), by=lead)


def uploaded(text: str) -> dict:
    return {"file": SimpleUploadedFile("thuat-ngu.csv", text.encode())}


def test_lead_adds_finds_and_retires_a_pair(lead, as_user):
    client = as_user(lead)
    client.post(reverse("term_pairs:add"), FACTS)
    added = TermPair.objects.get()
    assert (added.vietnamese, added.english) == (
        "máy sấy tầng sôi",
        "fluidized bed dryer | fluid bed dryer",
    )
    for words in ("may say tang", "tầng sôi", "Fluid bed"):
        listed = client.get(reverse("term_pairs:index"), {"words": words}).content.decode()
        assert "máy sấy tầng sôi" in listed
    assert (
        "tầng sôi"
        not in client.get(reverse("term_pairs:index"), {"words": "lò hơi"}).content.decode()
    )
    client.post(reverse("term_pairs:edit", args=[added.pk]), FACTS | {"status": "off"})
    added.refresh_from_db()
    assert (added.status, added.is_edited) == ("off", True)
    assert AuditEntry.objects.filter(subject=f"term_pair:{added.pk}").count() == 2


def test_second_of_a_pair_is_refused_with_a_word(lead, as_user, pair):
    answer = as_user(lead).post(reverse("term_pairs:add"), FACTS)
    assert "Cặp thuật ngữ này đã có" in answer.content.decode()
    assert TermPair.objects.count() == 1


def test_nobody_deletes_a_pair(administrator, lead, as_user, pair):
    for user in (lead, administrator):
        as_user(user).post(reverse("term_pairs:delete", args=[pair.pk]))
    assert TermPair.objects.exists()


@pytest.mark.parametrize("who", ["officer", "poster", "stranger", "nobody"])
def test_terms_are_the_leads_alone(who, pair, as_user, request):
    client = Client() if who == "nobody" else as_user(request.getfixturevalue(who))
    changed = FACTS | {"english": "other"}
    assert is_refused(client.post(reverse("term_pairs:add"), changed))
    assert is_refused(client.post(reverse("term_pairs:edit", args=[pair.pk]), changed))
    assert is_refused(client.post(reverse("term_pairs:import"), uploaded("vi,en\na,b\n")))
    assert is_refused(client.post(reverse("term_pairs:import"), {"content": "vi,en\na,b\n"}))
    assert list(TermPair.objects.values_list("english", flat=True)) == [pair.english]


def test_file_is_shown_before_it_is_written(lead, as_user, pair):
    client = as_user(lead)
    given = client.get(reverse("term_pairs:export"))
    rows = list(csv.DictReader(io.StringIO(b"".join(given.streaming_content).decode())))
    assert [(row["vi"], row["sector"]) for row in rows] == [("máy sấy tầng sôi", "203")]
    rows[0]["note"] = "nhiệt"
    rows += [
        {"vi": "lò hơi tầng sôi", "en": "fluidized bed boiler"},
        {"vi": "thiếu nghĩa"},
        {"vi": "sai lĩnh vực", "en": "wrong sector", "sector": "999"},
        {"id": "404", "vi": "không có", "en": "nowhere"},
    ]
    file = io.StringIO()
    writer = csv.DictWriter(file, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)

    shown = client.post(reverse("term_pairs:import"), uploaded(file.getvalue()))

    plan = shown.context["plan"]
    assert (plan.added, plan.changed, plan.unchanged) == (1, 1, 0)
    assert [fault.line for fault in plan.faults] == [4, 5, 6]
    assert TermPair.objects.count() == 1
    client.post(reverse("term_pairs:import"), {"content": shown.context["content"]})
    pair.refresh_from_db()
    assert pair.note == "nhiệt"
    assert set(TermPair.objects.values_list("vietnamese", flat=True)) == {
        "máy sấy tầng sôi",
        "lò hơi tầng sôi",
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [("a,b\n1,2\n", "vi và en"), ("", "vi và en"), ("vi,en\r" + "x" * 200_000, "hỏng")],
)
def test_file_that_is_no_list_of_terms_is_refused_with_the_reason(lead, as_user, content, said):
    answer = as_user(lead).post(reverse("term_pairs:import"), uploaded(content or "\n"))
    assert said in answer.content.decode()
    assert not TermPair.objects.exists()
