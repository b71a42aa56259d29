"""What a source shares with named ministries: read by their key, and by nobody else."""

from datetime import date

import pytest

from marketplace.research.models import Result
from marketplace.research.services import withdraw_result
from marketplace.sources.models import ReaderKey, Sharing, SharingAgreement, Source
from marketplace.sources.services.keys import NotForKeys, create_reader_key, revoke_key
from marketplace.sources.services.sharing import hide_or_show
from tests.api.conftest import Answer
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.research import ResultFactory
from tests.factories.sources import SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return SourceFactory(slug="bo-thu", sharing=Sharing.MINISTRIES)


@pytest.fixture
def agreement(source):
    return SharingAgreement.objects.create(
        source=source,
        organization=OrganizationFactory(),
        number="12/TT-CSDL",
        valid_from=date(2026, 1, 1),
    )


@pytest.fixture
def read(client, agreement):
    """The identifiers that are live and those that are gone, for a key or for everybody."""
    key, text = create_reader_key(agreement, name="Kho của bộ", by=UserFactory())

    def found(*, by_key=True, **arguments):
        headers = {"Authorization": f"Bearer {text}"} if by_key else {}
        asked = {"verb": "ListRecords", "metadataPrefix": "oai_dc"} | arguments
        answer = Answer(client.get("/oai", asked, headers=headers))
        gone = {name.rpartition("/")[2] for name in answer.deleted}
        return {name.rpartition("/")[2] for name in answer.identifiers} - gone, gone

    found.key, found.text = key, text
    return found


@pytest.fixture
def kept(source, give_out):
    result = ResultFactory(source=source.slug)
    hide_or_show(source)
    give_out()
    return result


def test_only_who_has_an_agreement_reads_it(read, kept, give_out):
    public = ResultFactory()
    give_out()

    assert read() == ({kept.public_id, public.public_id}, set())
    assert read(by_key=False) == ({public.public_id}, set())


def test_single_record_and_formats_keep_to_it_too(client, kept):
    name = f"oai:127.0.0.1:result/{kept.public_id}"
    for asked in (
        {"verb": "GetRecord", "identifier": name, "metadataPrefix": "oai_dc"},
        {"verb": "ListMetadataFormats", "identifier": name},
    ):
        assert Answer(client.get("/oai", asked)).error == "idDoesNotExist"


def test_another_source_stays_closed(read, give_out):
    other = SourceFactory(slug="bo-khac", sharing=Sharing.MINISTRIES)
    ResultFactory(source=other.slug)
    hide_or_show(other)
    give_out()

    assert read() == (set(), set())


@pytest.mark.parametrize(
    "change",
    [
        {"valid_to": date(2026, 11, 10)},
        {"valid_from": date(2026, 11, 12)},
    ],
)
def test_agreement_that_does_not_hold_opens_nothing(
    client, read, kept, agreement, change, frozen_clock
):
    SharingAgreement.objects.filter(pk=agreement.pk).update(**change)

    headers = {"Authorization": f"Bearer {read.text}"}
    assert client.get("/oai", {"verb": "Identify"}, headers=headers).status_code == 401


def test_source_kept_inside_and_revoked_key_open_nothing(client, read, kept, source):
    headers = {"Authorization": f"Bearer {read.text}"}
    Source.objects.filter(pk=source.pk).update(sharing=Sharing.INTERNAL)
    assert client.get("/oai", {"verb": "Identify"}, headers=headers).status_code == 401
    Source.objects.filter(pk=source.pk).update(sharing=Sharing.MINISTRIES)
    assert client.get("/oai", {"verb": "Identify"}, headers=headers).status_code == 200

    revoke_key(read.key, by=UserFactory())
    assert client.get("/oai", {"verb": "Identify"}, headers=headers).status_code == 401


@pytest.mark.parametrize("text", ["", "x", "Basic abc", "Bearer sgd00000000_x"])
def test_wrong_key_is_refused_rather_than_taken_for_everybody(client, text):
    answer = client.get("/oai", {"verb": "Identify"}, headers={"Authorization": text})

    assert answer.status_code == 401


def test_what_was_public_is_gone_for_everybody_and_stays_for_the_reader(read, source, give_out):
    Source.objects.filter(pk=source.pk).update(sharing=Sharing.PUBLIC)
    result = ResultFactory(source=source.slug)
    give_out()
    assert read(by_key=False) == ({result.public_id}, set())

    source.refresh_from_db()
    source.sharing = Sharing.MINISTRIES
    source.save()
    hide_or_show(source)
    assert read(by_key=False) == (set(), {result.public_id})  # before the list says so
    give_out()

    assert read(by_key=False) == (set(), {result.public_id})
    assert read() == ({result.public_id}, set())


def test_reader_is_told_when_a_kept_record_goes(read, kept, give_out):
    withdraw_result_kept(kept)
    give_out()

    assert read() == (set(), {kept.public_id})
    assert read(by_key=False) == (set(), set())


def withdraw_result_kept(result):
    """As its source deletes it: the row was on no page before."""
    Result.objects.filter(pk=result.pk).update_content(withdrawal_reason="source.deleted")


def test_withdrawn_by_staff_is_read_by_nobody(read, source, give_out):
    result = ResultFactory(source=source.slug)
    withdraw_result(result, by="test", reason="thử")
    hide_or_show(source)
    give_out()

    assert read() == (set(), set())


def test_only_sources_of_that_level_have_readers(source):
    agreement = SharingAgreement.objects.create(
        source=SourceFactory(sharing=Sharing.PUBLIC),
        organization=OrganizationFactory(),
        number="1",
        valid_from=date(2026, 1, 1),
    )
    with pytest.raises(NotForKeys):
        create_reader_key(agreement, name="x", by=UserFactory())
    assert not ReaderKey.objects.exists()
