"""The OAI-PMH provider: what a harvester gets, and what it is told when it asks wrongly."""

import pytest
from sickle import Sickle

from marketplace.api.models import PublishedRecord
from marketplace.api.oai import provider
from marketplace.research.models import Result
from marketplace.research.services import show_result_again, withdraw_result
from tests.factories.research import ResultFactory, TaskFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(provider, "PAGE", 4)


def test_identify_names_the_exchange_and_keeps_deletions(ask):
    answer = ask("Identify")

    assert answer.all("string(//oai:deletedRecord)") == "persistent"
    assert answer.all("string(//oai:granularity)") == "YYYY-MM-DDThh:mm:ssZ"
    assert answer.all("string(//oai:repositoryName)") == "Sàn giao dịch công nghệ và thiết bị"


def test_record_is_given_in_every_format(ask, give_out):
    result = ResultFactory(title="Máy sấy xoài", title_en="Mango dryer")
    give_out()
    name = f"oai:127.0.0.1:result/{result.public_id}"

    dc = ask("GetRecord", identifier=name, metadataPrefix="oai_dc")
    cerif = ask("GetRecord", identifier=name, metadataPrefix="oai_cerif_openaire")
    marc = ask("GetRecord", identifier=name, metadataPrefix="marcxml")

    assert dc.all("//dc:title/text()") == ["Máy sấy xoài", "Mango dryer"]
    assert dc.all("//dc:creator/text()") == ["Trần Thị Thử", "Lê Văn Nghiệm"]
    assert "2022-24-0001/KQNC" in dc.all("//dc:identifier/text()")
    assert cerif.all("string(//cerif:Publication/@id)") == f"Publications/{result.public_id}"
    assert cerif.all("//cerif:Title/text()") == ["Máy sấy xoài", "Mango dryer"]
    assert cerif.all("//cerif:FamilyNames/text()") == ["Trần", "Lê"]
    assert marc.all("//marc:datafield[@tag='245']/marc:subfield[@code='a']/text()") == [
        "Máy sấy xoài"
    ]
    assert marc.all("//marc:datafield[@tag='700']/marc:subfield/text()") == ["Lê Văn Nghiệm"]


def test_list_is_read_page_by_page_to_its_end(ask, give_out):
    ResultFactory.create_batch(9)
    give_out()

    first = ask("ListIdentifiers", metadataPrefix="oai_dc")
    second = ask("ListIdentifiers", resumptionToken=first.token)
    third = ask("ListIdentifiers", resumptionToken=second.token)

    assert [len(page.identifiers) for page in (first, second, third)] == [4, 4, 1]
    assert len({*first.identifiers, *second.identifiers, *third.identifiers}) == 9
    assert third.all("//oai:resumptionToken")
    assert not third.token


def test_changes_between_two_pages_lose_nothing(ask, give_out):
    results = ResultFactory.create_batch(9)
    give_out()
    first = ask("ListRecords", metadataPrefix="oai_dc")

    Result.objects.filter(pk=results[1].pk).update(title="Tên mới")  # on the page already read
    withdraw_result(results[6], by="test", reason="thử")  # on a page to come
    newcomer = ResultFactory()
    give_out()
    seen, gone, titles, token = {*first.identifiers}, set(), [], first.token
    while token:
        page = ask("ListRecords", resumptionToken=token)
        seen.update(page.identifiers)
        gone.update(page.deleted)
        titles += page.all("//dc:title/text()")
        token = page.token

    def named(result):
        return f"oai:127.0.0.1:result/{result.public_id}"

    assert seen == {named(result) for result in (*results, newcomer)}
    assert gone == {named(results[6])}
    assert "Tên mới" in titles


def test_withdrawn_record_is_gone_before_the_list_says_so(ask, give_out):
    result = ResultFactory()
    give_out()

    withdraw_result(result, by="test", reason="thử")
    answer = ask("ListRecords", metadataPrefix="oai_dc")

    assert answer.deleted == answer.identifiers
    assert not answer.all("//oai:metadata")


def test_record_that_comes_back_is_no_longer_deleted(ask, give_out):
    result = ResultFactory()
    give_out()
    withdraw_result(result, by="test", reason="thử")
    give_out()
    show_result_again(result, by="test")
    give_out()

    answer = ask("ListRecords", metadataPrefix="oai_dc")

    assert len(answer.identifiers) == 1
    assert not answer.deleted


def test_record_that_was_never_public_is_never_named(ask, give_out):
    result = ResultFactory()
    withdraw_result(result, by="test", reason="thử")
    give_out()

    assert ask("ListRecords", metadataPrefix="oai_dc").error == "noRecordsMatch"
    name = f"oai:127.0.0.1:result/{result.public_id}"
    assert ask("GetRecord", identifier=name, metadataPrefix="oai_dc").error == "idDoesNotExist"


def test_sets_and_dates_choose(ask, give_out, frozen_clock):
    farming = ResultFactory(field_codes=["40107"])
    give_out()
    frozen_clock.move(hours=1)
    physics = ResultFactory(field_codes=["10301"], level="national")
    give_out()

    def found(**arguments):
        answer = ask("ListIdentifiers", metadataPrefix="oai_dc", **arguments)
        return answer.error or [name.rpartition("/")[2] for name in answer.identifiers]

    assert found(set="field:4") == found(set="field:4:401") == [farming.public_id]
    assert found(set="level:national") == [physics.public_id]
    assert found(from_="2026-11-11T02:30:00Z") == [physics.public_id]
    assert found(until="2026-11-11T02:30:00Z") == [farming.public_id]
    assert found(from_="2026-11-11", until="2026-11-11") == [farming.public_id, physics.public_id]
    assert found(set="field:1", until="2026-11-11T02:30:00Z") == "noRecordsMatch"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Steal"}, "badVerb"),
        ({"verb": "GetMetadata", "identifier": "x", "metadataPrefix": "oai_dc"}, "badVerb"),
        ({"verb": ["Identify", "Identify"]}, "badArgument"),
        ({"verb": "Identify", "extra": "1"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-02-30"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "tomorrow"}, "badArgument"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-02-02", "until": "2026-01-01"},
            "badArgument",
        ),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "\0"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "mods"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "resumptionToken": "???"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "cursor%3D-4%26metadataPrefix%3Doai_dc"}, "badResumptionToken"),
        (
            {"verb": "ListRecords", "resumptionToken": "cursor%3D4%26metadataPrefix%3Doai_dc%26from_%3Dx"},
            "badResumptionToken",
        ),
        ({"verb": "ListRecords", "resumptionToken": f"cursor%3D{'9' * 30}%26metadataPrefix%3Doai_dc"}, "badResumptionToken"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "GetRecord", "identifier": "oai:x:result/1", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": "nonsense"}, "idDoesNotExist"),
    ],
)  # fmt: skip
def test_wrong_questions_are_answered_by_their_code(client, arguments, code):
    from tests.api.conftest import Answer

    assert Answer(client.get("/oai", arguments)).error == code
    assert Answer(client.post("/oai", arguments)).error == code


@pytest.mark.django_db(transaction=True)
def test_independent_harvester_reads_everything(live_server, settings, give_out):
    settings.PUBLIC_URL = live_server.url
    results = ResultFactory.create_batch(6, title="Nghiên cứu <xử lý> nước & bùn")
    withdrawn = results.pop()
    give_out()
    withdraw_result(withdrawn, by="test", reason="thử")
    give_out()
    harvester = Sickle(f"{live_server.url}/oai")

    records = list(harvester.ListRecords(metadataPrefix="oai_dc"))

    assert {r.header.identifier.rpartition("/")[2]: r.header.deleted for r in records} == {
        **{result.public_id: False for result in results},
        withdrawn.public_id: True,
    }
    assert all(
        r.metadata["title"] == ["Nghiên cứu <xử lý> nước & bùn"]
        for r in records
        if not r.header.deleted
    )
    assert "openaire_cris_publications" in {s.setSpec for s in harvester.ListSets()}


def test_listing_runs_again_after_being_killed(give_out, monkeypatch):
    """Killed after the rows were written and before they were marked: nothing of it stays."""
    ResultFactory.create_batch(3)

    def killed(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Result, "mark_done", killed)
        with pytest.raises(KeyboardInterrupt):
            give_out()
    assert not PublishedRecord.objects.exists()

    give_out()
    give_out()

    assert sorted(PublishedRecord.objects.values_list("position", flat=True)) == [1, 2, 3]


def test_task_is_given_as_a_project_and_a_result_names_it(ask, give_out):
    task = TaskFactory(people=[{"name": "Lê Văn An", "role": "lead"}, {"name": "Ngô Bình", "role": "member"}])  # fmt: skip
    result = ResultFactory(task=task)
    give_out()

    def asked(kind, key, prefix="oai_cerif_openaire"):
        name = f"oai:127.0.0.1:{kind}/{key}"
        return ask("GetRecord", identifier=name, metadataPrefix=prefix)

    project = asked("task", task.public_id)
    assert project.all("string(//cerif:Project/@id)") == f"Projects/{task.public_id}"
    assert project.all("//cerif:StartDate/text() | //cerif:EndDate/text()") == ["2023-04-01", "2026-03-31"]  # fmt: skip
    assert project.all("//cerif:PrincipalInvestigator/cerif:DisplayName/text()") == ["Lê Văn An"]
    report = asked("result", result.public_id)
    assert report.all("//cerif:OriginatesFrom/cerif:Project/@id") == [f"Projects/{task.public_id}"]
    assert task.code in asked("task", task.public_id, "oai_dc").all("//dc:identifier/text()")
    assert asked("task", task.public_id, "marcxml").all("//marc:datafield[@tag='088']//text()")
    by_set = ask("ListIdentifiers", metadataPrefix="oai_dc", set="openaire_cris_projects")
    assert by_set.identifiers == [f"oai:127.0.0.1:task/{task.public_id}"]
