"""Leads keep the words of the search; others do not; a word can be tried before it counts."""

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.core.models import AuditEntry
from marketplace.taxonomy.models import Word
from search.sync import sync_all
from tests.cms.test_search_index import is_refused
from tests.factories.listings import NeedFactory

FACTS = {
    "kind": "abbreviation",
    "short": "QTHT",
    "long": "quan trắc hiện trường",
    "field_codes": ["207"],
    "context": "",
    "note": "môi trường",
    "source": "Sổ tay",
    "status": "active",
}


def test_lead_adds_changes_and_reads_the_history(lead, as_user):
    client = as_user(lead)
    client.post(reverse("words:add"), FACTS)
    word = Word.objects.get()
    assert (word.short, word.field_codes, word.is_edited) == ("QTHT", ["207"], True)
    client.post(reverse("words:edit", args=[word.pk]), FACTS | {"status": "off"})
    word.refresh_from_db()
    assert word.status == "off"
    assert AuditEntry.objects.filter(subject=f"word:{word.pk}").count() == 2
    listed = client.get(reverse("words:index") + "?words=quan").content.decode()
    assert "QTHT" in listed
    assert "Kỹ thuật môi trường" in listed
    history = client.get(reverse("words:history", args=[word.pk]))
    assert lead.full_name in history.content.decode()


def test_second_of_a_pair_is_refused_with_a_word(lead, as_user):
    client = as_user(lead)
    client.post(reverse("words:add"), FACTS)
    answer = client.post(reverse("words:add"), FACTS)
    assert "Cặp từ này đã có" in answer.content.decode()
    assert Word.objects.count() == 1


def test_nobody_deletes_a_word(administrator, lead, as_user):
    as_user(lead).post(reverse("words:add"), FACTS)
    word = Word.objects.get()
    for user in (lead, administrator):
        as_user(user).post(reverse("words:delete", args=[word.pk]))
    assert Word.objects.exists()


@pytest.mark.parametrize("who", ["officer", "poster", "stranger", "nobody"])
def test_words_are_the_leads_alone(who, desk, as_user, request):
    client = Client() if who == "nobody" else as_user(request.getfixturevalue(who))
    assert is_refused(client.post(reverse("words:add"), FACTS))
    assert is_refused(client.get(reverse("words:try")))
    assert not Word.objects.exists()


def test_trying_shows_now_and_then_and_saves_nothing(
    lead, as_user, search_engine, organization, poster
):
    NeedFactory(
        organization=organization,
        contact=poster,
        published=True,
        title="Trạm quan trắc hiện trường",
    )
    sync_all()
    client = as_user(lead)
    asked = {name: value for name, value in FACTS.items() if name != "field_codes"}

    answer = client.get(reverse("words:try"), asked | {"q": "QTHT"})

    before, after = answer.context["before"], answer.context["after"]
    assert before["total"] == 0
    assert [(row["title"], row["is_new"]) for row in after["rows"]] == [
        ("Trạm quan trắc hiện trường", True)
    ]
    assert not Word.objects.exists()


def test_trying_stands_without_an_index_and_without_words(lead, as_user, settings, tmp_path):
    settings.SEARCH_URL = f"embedded://{tmp_path}/nowhere"
    client = as_user(lead)
    assert client.get(reverse("words:try")).status_code == 200
    assert client.get(reverse("words:try") + "?word=999999999999&q=x").status_code == 200
    assert client.get(reverse("words:try"), FACTS | {"q": "QTHT"}).status_code == 200
    assert client.get(reverse("words:try"), {"short": "", "q": "x"}).status_code == 200
