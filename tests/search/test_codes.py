import pytest

from search.analysis import code_keys, find_codes, typed_codes


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("2019-02-566/KQNC", "2019-02-566/KQNC"),
        ("2019-02-566/KQNC", "2019-02-566 / kqnc"),
        ("2019-02-566/KQNC", "2019-02-566"),
        ("2019-02-566/KQNC", "2019 02 566"),
        ("2019-02-566/KQNC", "2019.02.566"),
        ("2019-02-566/KQNC", "201902566"),
        ("KQ015440", "kq015440"),
        ("KQ015440", "KQ 015440"),
        ("KQ015440", "KQ15440"),
        ("KQ015440", "015440"),
        ("1-2019-04512", "1-2019-04512"),
        ("1-2019-04512", "1201904512"),
        ("1-2019-04512", "1 2019 04512"),
        ("1-2019-04512", "bằng số 1-2019-04512"),
        ("1-2019-04512", "1–2019–04512"),
        ("29/KQNC-SKHCN", "29/KQNC-SKHCN"),
        ("29/KQNC-SKHCN", "số 29 / kqnc skhcn"),
        ("06/KQNC-SKHCN", "06/KQNCSKHCN"),
    ],
)
def test_code_is_found_however_typed(code, typed):
    assert code_keys(code) & typed_codes(typed)


@pytest.mark.parametrize("typed", ["máy sấy xoài", "bơm 5 kW", "năm nay", "", "TRL 7"])
def test_words_are_no_codes(typed):
    assert typed_codes(typed) == set()


def test_codes_in_running_text():
    text = "Theo TCVN 6745:2000, hồ sơ 2019-02-566/KQNC, giấy KQ015440, đơn 1-2019-04512; năm 2019-2020."
    assert find_codes(text) == ["TCVN 6745:2000", "2019-02-566/KQNC", "KQ015440", "1-2019-04512"]
