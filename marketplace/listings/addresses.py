"""Parts of addresses: the kind of a listing by its Vietnamese word, and public identifiers."""

from django.urls import register_converter

from marketplace.listings.kinds import KINDS

WORDS = {code: words.address for code, words in KINDS.items()}
CODES = {word: code for code, word in WORDS.items()}


class KindConverter:
    regex = "|".join(CODES)

    def to_python(self, value: str) -> str:
        return CODES[value]

    def to_url(self, value: str) -> str:
        return WORDS[value]


class PublicIdConverter:
    regex = "[2-9bcdfghjkmnpqrstvwxz]{10}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(KindConverter, "listing_kind")
register_converter(PublicIdConverter, "listing_id")
