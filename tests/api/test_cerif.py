"""Values the profile wants in another form than the registers keep them."""

import pytest

from marketplace.api.oai.cerif import _whole_day


@pytest.mark.parametrize(
    ("kept", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-02-05", "2024-02-05", "2024-02-05"),
        ("", "", ""),
    ],
)
def test_days_are_whole(kept, first, last):
    assert (_whole_day(kept), _whole_day(kept, last=True)) == (first, last)
