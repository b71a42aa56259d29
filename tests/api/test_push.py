"""What a ministry's database is answered when it sends its records."""

import html
import json

import pytest

from marketplace.api import push
from marketplace.api.samples import COLUMNS_OF, SAMPLE, SAMPLE_ID
from marketplace.core.models import AuditEntry
from marketplace.research.models import Result
from marketplace.sources.imports.columns import ALIASES_OF, TASK, column_key, is_classified, kind_of
from marketplace.sources.models import RawRecord, Run, Source, SourceKind
from marketplace.sources.services import ask_undo, undo_batch
from marketplace.sources.services.keys import NotForKeys, create_key, revoke_key
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

RECORD = {
    "title": "Quy trình sấy lạnh xoài cắt lát",
    "abstract": "Sấy ở 45 °C, giữ màu, 500 kg mỗi mẻ.",
    "org": "Viện Thử nghiệm Nông nghiệp",
    "year": 2025,
    "field": "40107",
}


@pytest.fixture
def ministry():
    return Source.objects.create(slug="bo-thu", name="Bộ Thử nghiệm", kind=SourceKind.PUSH)


@pytest.fixture
def officer():
    return UserFactory(is_staff=True)


@pytest.fixture
def key(ministry, officer):
    return create_key(ministry, name="Máy chủ của bộ", by=officer)


@pytest.fixture
def send(client, key):
    """`send("PUT", "/records/1", data)` → (status, answer)."""

    def sent(method, path, data=None, *, text=key[1], content_type="application/json", **headers):
        body = data if isinstance(data, bytes | str) else json.dumps(data, ensure_ascii=False)
        response = client.generic(
            method,
            f"/api/v1{path}",
            body if data is not None else "",
            content_type=content_type,
            headers={"Authorization": f"Bearer {text}"} | headers,
        )
        return response.status_code, response.json()

    return sent


def test_record_is_public_as_soon_as_it_is_answered(send, client):
    status, answer = send("PUT", "/records/NV-1/2025", RECORD)

    result = Result.objects.get()
    assert (status, answer["outcome"], answer["problems"]) == (201, "created", [])
    assert (result.source, result.source_id) == ("bo-thu", "NV-1/2025")
    assert answer["address"].endswith(result.get_absolute_url())
    assert client.get(result.get_absolute_url()).status_code == 200
    assert json.loads(RawRecord.objects.get().raw) == RECORD


def test_same_again_changes_nothing_and_a_change_is_one(send):
    send("PUT", "/records/1", RECORD)
    before = Result.objects.values_list("content_version", flat=True).get()

    assert send("PUT", "/records/1", RECORD)[1]["outcome"] == "unchanged"
    assert Result.objects.values_list("content_version", flat=True).get() == before
    assert send("PUT", "/records/1", RECORD | {"year": 2026})[1]["outcome"] == "updated"
    assert Result.objects.get().year == 2026


def test_deleted_record_leaves_and_comes_back(send, client):
    send("PUT", "/records/1", RECORD)
    address = Result.objects.get().get_absolute_url()

    assert send("DELETE", "/records/1") == (
        200,
        {"identifier": "1", "outcome": "deleted", "address": None, "problems": []},
    )
    assert client.get(address).status_code == 410
    assert send("DELETE", "/records/1")[1]["outcome"] == "unchanged"
    assert send("DELETE", "/records/never")[1]["outcome"] == "unchanged"
    assert send("GET", "/records/1")[1]["public"] is False
    assert send("PUT", "/records/1", RECORD)[1]["outcome"] == "updated"
    assert client.get(address).status_code == 200


def test_refusal_names_column_rule_and_legal_basis(send):
    status, answer = send("PUT", "/records/1", {"abstract": "x", "year": 2025})

    [problem] = answer["problems"]
    assert (status, answer["outcome"], problem["refuses"]) == (422, "refused", True)
    assert problem["rule"] == "title.required"
    assert "14/2014" in problem["legal_basis"]
    assert problem["legal_status"] == "under_review"
    assert not Result.objects.exists()


def test_value_nobody_can_read_is_named_and_the_record_taken(send):
    status, answer = send("PUT", "/records/1", RECORD | {"year": "30/02/x"})

    assert (status, answer["outcome"]) == (201, "created")
    assert [p["refuses"] for p in answer["problems"]] == [False]


def test_problems_are_said_in_the_language_asked_for(send):
    _status, answer = send("PUT", "/records/1", {"year": 2025}, **{"Accept-Language": "en"})

    assert answer["problems"][0]["rule_text"] == "A result or a task has a title"


def test_nothing_is_kept_of_a_secret(send, caplog):
    secret = RECORD | {"title": "Bí danh Sao Hôm", "do_mat": "Mật"}
    status, answer = send("PUT", "/records/1", secret)

    assert (status, answer["problems"][0]["rule"]) == (422, "secrecy")
    assert not RawRecord.objects.exists()
    assert "Sao Hôm" not in json.dumps(answer, ensure_ascii=False)
    assert "Sao Hôm" not in caplog.text
    kept = [*Run.objects.values(), *AuditEntry.objects.values()]
    assert "Sao Hôm" not in str(kept)


def test_batch_answers_each_in_its_order(send):
    send("PUT", "/records/old", RECORD)
    status, answer = send(
        "POST",
        "/records",
        [
            {"identifier": "a", "record": RECORD | {"title": "Một"}},
            {"identifier": "b", "record": {}},
            {"identifier": "old", "deleted": True},
            {"identifier": "a", "record": RECORD | {"title": "Hai"}},
            "nonsense",
            {"identifier": "c"},
            {"identifier": "old", "record": RECORD},
        ],
    )

    assert status == 200
    assert [r["outcome"] for r in answer["records"]] == [
        "created", "refused", "deleted", "refused", "refused", "refused", "updated",
    ]  # fmt: skip
    assert answer["counts"] == {"created": 1, "refused": 4, "deleted": 1, "updated": 1}
    assert Result.objects.get(source_id="a").title == "Một"


def test_batch_of_lines(send):
    lines = "\n".join(
        [
            json.dumps({"identifier": "a", "record": RECORD}, ensure_ascii=False),
            "{broken",
            json.dumps({"identifier": "b", "record": RECORD | {"title": "Hai"}}),
        ]
    )
    _status, answer = send("POST", "/records", lines, content_type="application/x-ndjson")

    assert [r["outcome"] for r in answer["records"]] == ["created", "refused", "created"]


def test_batch_can_be_undone_as_a_whole(send, ministry, officer):
    send("POST", "/records", [{"identifier": str(n), "record": RECORD | {"title": f"Số {n}"}} for n in range(3)])  # fmt: skip

    ask_undo(Run.objects.get(), by=officer)
    while undo_batch():
        pass

    assert not Result.objects.public().exists()


@pytest.mark.parametrize("text", ["", "x", "sgd00000000_wrong", "sgd", "\u00e9_" * 20])
def test_without_a_key_nothing_is_taken(send, key, text):
    answers = [
        send("PUT", "/records/1", RECORD, text=text),
        send("POST", "/records", [], text=text),
        send("GET", "/source", text=text),
        send("PUT", "/records/1", RECORD, text=f"{key[0].prefix}_{text}"),
    ]

    assert {status for status, _answer in answers} == {401}
    assert not Run.objects.exists()


def test_key_of_another_source_sees_and_changes_nothing(send, officer):
    send("PUT", "/records/1", RECORD)
    other = Source.objects.create(slug="bo-khac", name="Bộ khác", kind=SourceKind.PUSH)
    _key, text = create_key(other, name="x", by=officer)

    assert send("GET", "/records/1", text=text)[0] == 404
    assert send("DELETE", "/records/1", text=text)[1]["outcome"] == "unchanged"
    assert Result.objects.public().count() == 1


def test_revoked_key_opens_nothing(send, key, officer):
    revoke_key(key[0], by=officer)

    assert send("PUT", "/records/1", RECORD)[0] == 401
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "source.key_created", "source.key_revoked",
    ]  # fmt: skip


def test_key_is_kept_as_a_hash_alone(key):
    model, text = key

    assert text.split("_", 1)[1] not in str(vars(model))
    assert text.split("_", 1)[1] not in str(list(AuditEntry.objects.values()))


def test_only_sources_that_send_have_keys(officer):
    harvested = Source.objects.create(slug="kho", name="Kho", kind=SourceKind.HARVEST)

    with pytest.raises(NotForKeys):
        create_key(harvested, name="x", by=officer)


def test_sandbox_validates_and_keeps_apart(send, ministry, client):
    Source.objects.filter(pk=ministry.pk).update(is_sandbox=True)

    status, answer = send("PUT", "/records/1", RECORD)

    assert (status, answer["outcome"], answer["address"]) == (201, "created", None)
    assert not Result.objects.public().exists()
    assert send("GET", "/source")[1]["sandbox"] is True


@pytest.mark.parametrize(
    ("method", "path", "data", "status", "code"),
    [
        ("PUT", "/records/1", b"\xff\xfe", 400, "not_json"),
        ("PUT", "/records/1", "{", 400, "not_json"),
        ("PUT", "/records/1", "[" * 100_000, 400, "not_json"),
        ("PUT", "/records/1", "[]", 400, "not_an_object"),
        ("POST", "/records", "{}", 400, "not_a_list"),
        ("PATCH", "/records/1", "{}", 405, "method_not_allowed"),
        ("GET", "/records/none", None, 404, "not_found"),
        ("POST", "/records", json.dumps([{}] * 1001), 413, "too_many_records"),
        ("PUT", "/records/1", json.dumps({"title": "x" * 3_000_000}), 413, "too_large"),
    ],
)
def test_bad_requests_are_told_so(send, method, path, data, status, code):
    answered, answer = send(method, path, data)

    assert (answered, answer["error"]) == (status, code)
    assert answer["message"]
    assert not Result.objects.exists()


def test_id_that_is_too_long_is_refused(send):
    assert send("PUT", f"/records/{'x' * 200}", RECORD)[0] == 422


def test_too_much_in_a_minute_waits(send, monkeypatch, frozen_clock):
    monkeypatch.setattr(push, "A_MINUTE", 2)

    statuses = [send("PUT", f"/records/{n}", RECORD | {"title": f"Số {n}"})[0] for n in range(3)]

    assert statuses == [201, 201, 429]
    frozen_clock.move(minutes=1)
    assert send("PUT", "/records/2", RECORD)[0] == 201


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_guide_has_a_record_that_is_taken_as_it_stands(client, send, prefix):
    page = client.get(f"{prefix}/du-lieu-mo/gui-du-lieu/").content.decode()

    assert html.escape(json.dumps(SAMPLE, ensure_ascii=False, indent=1), quote=True).replace("&#x27;", "&#39;") in page  # fmt: skip
    status, answer = send("PUT", f"/records/{SAMPLE_ID}", SAMPLE)
    assert (status, answer["problems"]) == (201, [])


def test_guide_names_columns_that_are_understood():
    known = [
        {column_key(name): field for field, names in reversed(aliases.items()) for name in names}
        for aliases in ALIASES_OF.values()
    ]
    for column in COLUMNS_OF:
        for english, vietnamese in zip(
            column.name.split(", "), column.vietnamese.split(", "), strict=True
        ):
            if english == "security_level":
                assert is_classified({english: "Mật"})
                assert is_classified({vietnamese: "Mật"})
            elif english == "record_type":
                assert kind_of({english: "task"}) == kind_of({vietnamese: "Nhiệm vụ"}) == TASK
            else:
                fields = [
                    one[column_key(english)] == one.get(column_key(vietnamese))
                    for one in known
                    if column_key(english) in one
                ]
                assert any(fields), english
