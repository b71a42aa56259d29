import pytest
from lxml import etree

from marketplace.sources.formats.cerif import record_of
from marketplace.sources.formats.opening import read_file

SPACE = "https://www.openaire.eu/cerif-profile/1.2/"


def read(inner):
    return record_of(etree.fromstring(inner.replace(">", f' xmlns="{SPACE}">', 1)))


def test_publication():
    kind, data = read(
        """<Publication id="P/1"><Language>vi</Language><Title xml:lang="vi">Bài A</Title>
        <Title xml:lang="en">Paper A</Title><PublicationDate>2021-05</PublicationDate><DOI>10.1/x</DOI>
        <PublishedIn><Publication><Title>Tạp chí B</Title></Publication></PublishedIn>
        <StartPage>1</StartPage><EndPage>9</EndPage>
        <Authors><Author><DisplayName>Trần An</DisplayName><Person><ORCID>https://orcid.org/0000-0001</ORCID></Person>
        <Affiliation><OrgUnit><Name xml:lang="vi">Viện C</Name></OrgUnit></Affiliation></Author>
        <Author><Person><PersonName><FamilyNames>Lê</FamilyNames><FirstNames>Bình</FirstNames></PersonName></Person></Author>
        </Authors><Keyword>sấy</Keyword><Subject scheme="x">1.2. Khoa học máy tính</Subject>
        <Abstract xml:lang="vi">Tóm tắt</Abstract></Publication>"""
    )
    assert kind == "publication"
    assert data["title"], data["title_en"] == ("Bài A", "Paper A")
    assert data["people"] == [
        {"name": "Trần An", "orcid": "0000-0001", "affiliation": "Viện C"},
        {"name": "Lê Bình"},
    ]
    assert (data["organization"], data["year"], data["pages"]) == ("Viện C", "2021", "1–9")
    assert data["fields"] == ["102"]
    assert data["identifiers"] == {"DOI": "10.1/x"}
    assert data["published_in"] == "Tạp chí B"


def test_patent():
    kind, data = read(
        """<Patent id="Q/1"><Title>Máy sấy</Title><RegistrationDate>2015-01-02</RegistrationDate>
        <ApprovalDate>2018-03-04</ApprovalDate><PatentNumber>VN 1-0012345</PatentNumber>
        <Inventors><Inventor><Person><PersonName><FamilyNames>Rossi</FamilyNames><FirstNames>Ada</FirstNames>
        </PersonName></Person></Inventor></Inventors>
        <Holders><Holder><OrgUnit><Name>Viện D</Name></OrgUnit></Holder></Holders></Patent>"""
    )
    assert kind == "patent"
    assert data["ip_rights"] == [{"number": "VN 1-0012345", "type": "patent", "status": "granted"}]
    assert (data["organization"], data["year"]) == ("Viện D", "2018")
    assert data["people"] == [{"name": "Rossi, Ada"}]


def test_project_is_a_task_and_its_money_is_in_its_currency():
    project = """<Project id="J/1"><Title>Đề tài E</Title>
        <Identifier type="https://w3id.org/cerif/vocab/IdentifierTypes#ProjectReference">KC.01.02/16-20</Identifier>
        <StartDate>2016-01-01</StartDate><EndDate>2018-12-31</EndDate>
        <Consortium><Coordinator><OrgUnit><Name>Trường F</Name></OrgUnit></Coordinator>
        <Partner><OrgUnit><Acronym>G</Acronym></OrgUnit></Partner></Consortium>
        <Team><PrincipalInvestigator><DisplayName>Trần An</DisplayName></PrincipalInvestigator>
        <Member><DisplayName>Lê Bình</DisplayName></Member></Team>
        <Funded><By><OrgUnit><Name>Bộ H</Name></OrgUnit></By><As><Funding><Name>Chương trình I</Name>
        <Amount currency="%s">1200000000</Amount></Funding></As></Funded></Project>"""
    kind, data = read(project % "VND")
    assert kind == "task"
    assert (data["organization"], data["agency"], data["lead"]) == ("Trường F", "Bộ H", "Trần An")
    assert (data["started_on"], data["ended_on"]) == ("2016-01-01", "2018-12-31")
    assert (data["task_code"], data["partners"], data["programmes"]) == (
        "KC.01.02/16-20", ["G"], ["Chương trình I"],
    )  # fmt: skip
    assert data["funding"] == "1200000000"
    _kind, data = read(project % "EUR")
    assert "funding" not in data
    assert data["funding_elsewhere"] == "1200000000 EUR"


@pytest.mark.parametrize(
    ("inner", "kind", "title"),
    [
        ("<Person><PersonName><FamilyNames>Lê</FamilyNames></PersonName></Person>", "person", "Lê"),
        ("<OrgUnit><Acronym>VISTA</Acronym></OrgUnit>", "organization", "VISTA"),
        ("<Equipment><Name>Lò</Name></Equipment>", "equipment", "Lò"),
        ("<Event><Name>Hội nghị</Name></Event>", "event", "Hội nghị"),
        ("<Funding><Name>Quỹ</Name></Funding>", "funding", "Quỹ"),
        ("<Product><Name>Dữ liệu</Name></Product>", "product", "Dữ liệu"),
        ("<Service><Name>Dịch vụ</Name></Service>", "service", "Dịch vụ"),
        ("<Facility><Name>Trạm</Name></Facility>", "facility", "Trạm"),
    ],
)
def test_every_kind_keeps_its_kind(inner, kind, title):
    found, data = read(inner)
    assert (found, data["title"]) == (kind, title)


def test_a_file_of_entities_without_oai_around_them(tmp_path):
    path = tmp_path / "cris.xml"
    path.write_text(
        f'<CERIF xmlns="{SPACE}"><Patent id="Q/1"><Title>A</Title></Patent>'
        '<Person id="N/1"><PersonName><FamilyNames>B</FamilyNames></PersonName></Person></CERIF>'
    )
    assert [(one.kind, one.data["source_id"]) for one in read_file(path)] == [
        ("patent", "Q/1"), ("person", "N/1"),
    ]  # fmt: skip
