"""The real samples of other systems, where they are at hand: a right reading or a clear report each."""

import os
from collections import Counter
from pathlib import Path

import pytest

from marketplace.sources.formats.opening import read_file
from marketplace.sources.formats.raw import InputProblem, RawRecord

FOLDER = (
    Path(os.environ.get("EXCHANGE_REFERENCE_DATA", Path(__file__).parents[4] / "shared/data"))
    / "interchange"
)
SAMPLES = {
    "marc_bad_indicator.dat": {"publication": 1},
    "marc_bad_tag.xml": {"publication": 1},
    "marc_batch.json": {"publication": 2},
    "marc_batch.xml": {"publication": 2},
    "marc_diacritic.dat": {"publication": 1},
    "marc_marc.dat": {"publication": 20},
    "marc_marc8.dat": {"publication": 1},
    "marc_one.dat": {"publication": 1},
    "marc_one.json": {"publication": 1},
    "marc_testunimarc.dat": {"publication": 1},
    "marc_utf8.xml": {"publication": 1},
    "oai_GetRecord.xml": {"publication": 1},
    "oai_GetRecord_utf8test.xml": {"result": 1},
    "oai_ListIdentifiers.xml": {"result": 1, "Deleted": 1},
    "oai_ListIdentifiers2.xml": {"result": 1, "Deleted": 1},
    "oai_ListRecords.xml": {"Deleted": 1, "publication": 1},
    "oai_ListRecords2.xml": {"Deleted": 1, "publication": 1},
    "oai_ListRecords3.xml": {"Deleted": 1, "publication": 1},
    "oai_ListRecords4.xml": {"Unreadable": 1, "publication": 1},
    "oai_ListRecordsBroken.xml": "không phải XML",
    "oai_Identify.xml": "không chứa bản ghi",
    "oai_ListMetadataFormats.xml": "không chứa bản ghi",
    "oai_ListSets.xml": "không chứa bản ghi",
    "oai_badArgument.xml": "badArgument",
    "oai_badResumptionToken.xml": "badResumptionToken",
    "oai_cannotDisseminateFormat.xml": "cannotDisseminateFormat",
    "oai_idDoesNotExist.xml": "idDoesNotExist",
    "oai_noRecordsMatch.xml": "noRecordsMatch",
    "oai_noSetHierarchy.xml": "noSetHierarchy",
    "oai_undefinedError.xml": "undefinedError",
    "openaire_cerif_xml_example_equipments.xml": {"equipment": 2},
    "openaire_cerif_xml_example_events.xml": {"event": 1},
    "openaire_cerif_xml_example_fundings.xml": {"funding": 11},
    "openaire_cerif_xml_example_orgunits.xml": {"organization": 13},
    "openaire_cerif_xml_example_patents.xml": {"patent": 2},
    "openaire_cerif_xml_example_persons.xml": {"person": 19},
    "openaire_cerif_xml_example_products.xml": {"product": 5},
    "openaire_cerif_xml_example_projects.xml": {"task": 4},
    "openaire_cerif_xml_example_publications.xml": {"publication": 7, "Deleted": 1},
    "openaire_oaipmh_example_Identify.xml": "không chứa bản ghi",
    "openaire_oaipmh_example_ListMetadataFormats.xml": "không chứa bản ghi",
    "openaire_oaipmh_example_ListSets.xml": "không chứa bản ghi",
}

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="no reference data at hand")


def test_every_sample_of_the_folder_is_expected_here():
    assert {path.name for path in FOLDER.iterdir()} - {"README"} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_gives_its_records_or_says_why_not(name):
    expected = SAMPLES[name]
    if isinstance(expected, str):
        with pytest.raises(InputProblem, match=expected):
            list(read_file(FOLDER / name))
        return
    reads = list(read_file(FOLDER / name))
    kinds = Counter(one.kind if isinstance(one, RawRecord) else type(one).__name__ for one in reads)
    assert kinds == expected
    for one in reads:
        if isinstance(one, RawRecord) and "Identifiers" not in name:
            assert one.data["title"]
            assert one.originals == {}
            assert one.damaged == ()
