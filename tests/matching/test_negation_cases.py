"""The judged pairs in which the words alone prefer the wrong candidate."""

import pytest

from marketplace.matching.negation import CASES, negation_lines
from search.evaluation import indexed, load_dataset

pytestmark = pytest.mark.django_db


def test_negation_puts_right_what_the_words_put_wrong():
    dataset = load_dataset(CASES)
    vietnamese = [text for text in dataset.queries.values() if not text.startswith(("We ", "Weed", "Shrimp ", "Sensor "))]  # fmt: skip
    bare = [text for text in vietnamese if text.isascii()]
    assert len(dataset.queries) >= 30
    assert len(bare) * 2 >= len(vietnamese) - 2

    with indexed(dataset) as engine:
        lines = dict(negation_lines(dataset, engine))

    # A bag of words prefers the wrong one: that is what these cases are for.
    assert lines["bm25"].pairs_right <= 0.2
    assert lines["without negation"].pairs_right <= 0.2
    assert lines["with negation"].pairs_right >= 0.85
    assert lines["with negation"].ndcg >= lines["without negation"].ndcg + 0.2
