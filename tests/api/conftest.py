import pytest
from lxml import etree

from marketplace.api.ledger import list_batch

NAMESPACES = {
    "oai": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "cerif": "https://www.openaire.eu/cerif-profile/1.2/",
    "marc": "http://www.loc.gov/MARC21/slim",
}


class Answer:
    """One answer of the provider, asked with XPath."""

    def __init__(self, response):
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/xml")
        self.tree = etree.fromstring(response.content)

    def all(self, path):
        return self.tree.xpath(path, namespaces=NAMESPACES)

    @property
    def error(self):
        return "".join(self.all("//oai:error/@code"))

    @property
    def identifiers(self):
        return self.all("//oai:header/oai:identifier/text()")

    @property
    def deleted(self):
        return self.all("//oai:header[@status='deleted']/oai:identifier/text()")

    @property
    def token(self):
        return "".join(self.all("//oai:resumptionToken/text()"))


@pytest.fixture
def ask(client):
    def asked(verb, **arguments):
        if "from_" in arguments:
            arguments["from"] = arguments.pop("from_")
        return Answer(client.get("/oai", {"verb": verb} | arguments))

    return asked


@pytest.fixture
def give_out():
    """Lists whatever changed, as the tick does."""

    def listed():
        while list_batch():
            pass

    return listed
