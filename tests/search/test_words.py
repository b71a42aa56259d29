"""The words that an index keeps beside a text are those that reading the text finds."""

import pytest

from search.analysis.words import LONGEST_TEXT, Words, read_text, written_words
from search.documents import Document
from search.engines.embedded import EmbeddedEngine
from search.queries import Query, TextQuery

TEXTS = (
    ("Máy sấy xoài", "Sấy lạnh bằng bơm nhiệt, 1.200 kg/mẻ; công nghệ R&D của KH&CN, CO₂ và m³."),
    ("", "The dryer of mango slices keeps the colour."),
    ("Chỉ có tên", ""),
    ("", ""),
    ("Nhiều dòng", "một\nhai\x00ba\tbốn\u2028năm"),
    ("Dài", "sấy nông sản " * LONGEST_TEXT),
)


@pytest.mark.parametrize(("title", "text"), TEXTS)
def test_kept_words_are_those_of_the_text(title, text):
    read = read_text(title, text)
    assert Words(written_words(title, text)).read() == read
    assert len(read.terms) >= read.title_length


def test_the_embedded_index_gives_texts_and_their_words_back(tmp_path):
    engine = EmbeddedEngine(tmp_path)
    engine.rebuild(
        Document(kind="result", key=f"{key}", title=title, text=text)
        for key, (title, text) in enumerate(TEXTS)
    )
    found = engine.candidates(TextQuery("sấy xoài dryer mango tên dòng nông sản"))
    hits = {int(hit.key): hit for hit in (*found, *engine.search(Query("năm")).hits)}
    assert hits.keys() == {0, 1, 2, 4, 5}
    for key, hit in hits.items():
        assert (hit.title, hit.text) == TEXTS[key]
        assert hit.words is not None
        assert hit.words.read() == read_text(*TEXTS[key])
