import io

import pytest

from marketplace.sources.formats.oai import DAY, Answer
from marketplace.sources.formats.raw import TASK, Deleted, InputProblem, RawRecord, Unreadable

DC = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">%s</oai_dc:dc>"""


def answer_of(inner, *, verb="ListRecords"):
    data = f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-25T10:00:00Z</responseDate>
<request verb="{verb}">http://x.example/oai</request>{inner}</OAI-PMH>"""
    return Answer(io.BytesIO(data.encode()))


def record(identifier, metadata, *, datestamp="2026-01-02", header=""):
    return f"""<record><header {header}><identifier>{identifier}</identifier>
<datestamp>{datestamp}</datestamp><setSpec>col:1</setSpec></header>{metadata}</record>"""


def in_list(*records, token=""):
    return f"<ListRecords>{''.join(records)}{token}</ListRecords>"


def dc(inner):
    return f"<metadata>{DC % inner}</metadata>"


def test_dublin_core_of_a_vietnamese_repository():
    answer = answer_of(
        in_list(
            record(
                "oai:x:1",
                dc(
                    """<dc:title xml:lang="en">Drying</dc:title><dc:title xml:lang="vi">Sấy xoài</dc:title>
                    <dc:creator>Nguyễn Văn An</dc:creator><dc:creator>Lê Thị Bình</dc:creator>
                    <dc:subject>xoài</dc:subject>
                    <dc:subject>BẢNG PHÂN LOẠI LĨNH VỰC NGHIÊN CỨU KHOA HỌC VÀ CÔNG NGHỆ::4.Khoa học nông nghiệp::4.1.Trồng trọt</dc:subject>
                    <dc:description>Tóm tắt.</dc:description><dc:date>2026-01-05T00:00:00Z</dc:date>
                    <dc:date>2019</dc:date><dc:type>Bài báo</dc:type><dc:language>vi</dc:language>
                    <dc:identifier>ISBN 1</dc:identifier><dc:identifier>https://x.example/1</dc:identifier>
                    <dc:publisher>Trường Đại học A</dc:publisher>"""
                ),
            )
        )
    )
    (read,) = answer
    assert isinstance(read, RawRecord)
    assert read.kind == "publication"
    assert read.data == {
        "source_id": "oai:x:1",
        "sets": ["col:1"],
        "title": "Sấy xoài",
        "title_en": "Drying",
        "people": ["Nguyễn Văn An", "Lê Thị Bình"],
        "keywords": ["xoài", "Trồng trọt"],
        "fields": ["401"],
        "abstract": "Tóm tắt.",
        "year": "2019",
        "language": "vi",
        "types": ["Bài báo"],
        "source_url": "https://x.example/1",
        "identifiers": ["ISBN 1", "https://x.example/1"],
        "organization": "Trường Đại học A",
    }
    assert b"header" not in read.raw
    assert "Sấy xoài" in read.raw.decode()


def test_deletions_unreadable_records_and_the_token():
    token = '<resumptionToken completeListSize="402" cursor="200" expirationDate="2026-11-26T00:00:00Z"> a|b </resumptionToken>'
    answer = answer_of(
        in_list(
            record("oai:x:1", "", header='status="deleted"', datestamp="2026-03-01T00:00:00Z"),
            "<record><header><datestamp>2026-01-01</datestamp></header></record>",
            record("oai:x:3", ""),
            record("oai:x:4", "<metadata/>"),
            record("oai:x:5", '<metadata><thing xmlns="urn:unknown"/></metadata>'),
            record("oai:x:6", dc("<dc:title>T</dc:title>"), datestamp="30/02/2026"),
            record("x" * 200, dc("<dc:title>T</dc:title>")),
            "<record><metadata/></record>",
            token=token,
        )
    )
    reads = answer.read_all()
    assert [type(one) for one in reads] == [
        Deleted, Unreadable, Unreadable, Unreadable, Unreadable, RawRecord, Unreadable, Unreadable,
    ]  # fmt: skip
    assert reads[0].source_id == "oai:x:1"
    assert reads[5].remarks == ("ngày cập nhật (datestamp) thiếu hoặc sai",)
    assert (answer.token, answer.complete_size, answer.cursor) == ("a|b", 402, 200)
    assert answer.latest == "2026-03-01T00:00:00Z"
    assert answer.response_date == "2026-11-25T10:00:00Z"
    assert (answer.verb, answer.count, answer.errors) == ("ListRecords", 8, [])
    assert all("oai:x" not in one.reason for one in reads if isinstance(one, Unreadable))


@pytest.mark.parametrize(
    "code",
    [
        "badArgument", "badResumptionToken", "badVerb", "cannotDisseminateFormat", "idDoesNotExist",
        "noRecordsMatch", "noMetadataFormats", "noSetHierarchy", "somethingElse",
    ],
)  # fmt: skip
def test_errors_are_told_by_code(code):
    answer = answer_of(f'<error code="{code}">why</error>')
    assert answer.read_all() == []
    assert [(one.code, one.text) for one in answer.errors] == [(code, "why")]


def test_what_a_server_says_of_itself():
    answer = answer_of(
        """<Identify><repositoryName>Kho</repositoryName><baseURL>http://x.example/oai</baseURL>
        <protocolVersion>2.0</protocolVersion><adminEmail>a@x.example</adminEmail>
        <earliestDatestamp>2001-01-01</earliestDatestamp><deletedRecord>transient</deletedRecord>
        <granularity>odd</granularity></Identify>""",
        verb="Identify",
    )
    assert answer.read_all() == []
    assert (answer.repository.name, answer.repository.deletions) == ("Kho", "transient")
    # A granularity that is none is taken as days, which every server must understand.
    assert answer.repository.granularity == DAY


def test_sets_formats_and_identifiers():
    answer = answer_of(
        "<ListSets><set><setSpec>a:b</setSpec><setName>Tên</setName></set></ListSets>"
    )
    answer.read_all()
    assert answer.sets == [("a:b", "Tên")]
    answer = answer_of(
        "<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix>"
        "<schema>s</schema><metadataNamespace>n</metadataNamespace></metadataFormat></ListMetadataFormats>"
    )
    answer.read_all()
    assert answer.formats == [("oai_dc", "n")]
    answer = answer_of(
        "<ListIdentifiers><header><identifier>i</identifier><datestamp>2026-01-01</datestamp></header>"
        "<resumptionToken/></ListIdentifiers>"
    )
    assert [one.data["source_id"] for one in answer] == ["i"]
    assert answer.token == ""


def test_other_xml_and_pages_are_no_answers():
    with pytest.raises(InputProblem, match="không phải trả lời OAI-PMH"):
        Answer(io.BytesIO(b"<feed><entry/></feed>")).read_all()
    with pytest.raises(InputProblem, match="HTML"):
        Answer(io.BytesIO(b"<html><h1>502 Bad Gateway</h1></html>")).read_all()


def test_a_stamp_of_secrecy_in_the_rights_becomes_a_level():
    (read,) = answer_of(
        in_list(record("i", dc("<dc:title>T</dc:title><dc:rights>Tuyệt mật</dc:rights>")))
    )
    assert read.data["security_level"] == "Tuyệt mật"
    (read,) = answer_of(
        in_list(record("i", dc("<dc:title>T</dc:title><dc:rights>open access</dc:rights>")))
    )
    assert "security_level" not in read.data


def test_marcxml_inside_an_answer():
    marc = """<metadata><marc:record xmlns:marc="http://www.loc.gov/MARC21/slim">
    <marc:controlfield tag="001">77</marc:controlfield><marc:datafield tag="245" ind1="0" ind2="0">
    <marc:subfield code="a">Luận án /</marc:subfield></marc:datafield></marc:record></metadata>"""
    (read,) = answer_of(in_list(record("oai:x:9", marc)))
    assert (read.data["title"], read.data["source_id"]) == ("Luận án", "oai:x:9")


@pytest.mark.parametrize("said", ["project", "info:eu-repo/semantics/project", "Đề tài"])
def test_a_project_in_dublin_core_is_a_task_and_no_result(said):
    told = (
        "<dc:title>Máy gieo lúa</dc:title><dc:description>Chế tạo máy.</dc:description>"
        f"<dc:type>{said}</dc:type><dc:identifier>KC.91.41/21-30</dc:identifier>"
    )
    (read,) = answer_of(in_list(record("oai:x:task/1", dc(told))))

    assert read.kind == TASK
