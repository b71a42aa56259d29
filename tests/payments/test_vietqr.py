"""The text of a VietQR code, against a published one and against what any reader expects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.payments.references import (
    ALPHABET,
    PREFIX,
    completed,
    looks_like_one,
    new_reference,
    references_in,
)
from marketplace.payments.vietqr import NotVietQR, Transfer, checksum, content_of, payload, read

#: The example in the readme of the VietQR generator subiz/vietqr (an independent program).
PUBLISHED = (
    "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA"
    "530370454061200005802VN62170813ung ho lu lut6304C15C"
)
BANK = st.text("0123456789", min_size=6, max_size=6)
NUMBER = st.text("0123456789ABCXYZ", min_size=1, max_size=19)
AMOUNT = st.none() | st.integers(1, 10**13 - 1)
CONTENT = st.from_regex(r"[A-Za-z0-9 ]{0,25}", fullmatch=True)
BODY = st.text(ALPHABET, min_size=9, max_size=9)


def test_a_published_code_comes_out_to_the_letter():
    transfer = Transfer("970415", "0011001932418", 120_000, "ung ho lu lut")
    assert payload(transfer) == PUBLISHED
    assert read(PUBLISHED) == transfer


def test_the_checksum_is_the_one_of_the_standard():
    # CRC-16/CCITT-FALSE's check value.
    assert checksum("123456789") == "29B1"


@given(BANK, NUMBER, AMOUNT, CONTENT)
def test_what_is_written_is_read_again(bank, number, amount, content):
    transfer = Transfer(bank, number, amount, content)
    assert read(payload(transfer)) == transfer


@given(BANK, NUMBER, AMOUNT, CONTENT, st.data())
def test_one_wrong_letter_is_noticed(bank, number, amount, content, data):
    text = payload(Transfer(bank, number, amount, content))
    place = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.sampled_from("0123456789ABCDEF").filter(lambda sign: sign != text[place]))
    with pytest.raises(NotVietQR):
        read(text[:place] + wrong + text[place + 1 :])


@given(st.text(max_size=120))
def test_any_other_text_is_refused_and_nothing_else_happens(text):
    with pytest.raises(NotVietQR):
        read(text)


@pytest.mark.parametrize(
    "transfer",
    [
        Transfer("97041", "1"),
        Transfer("970415", ""),
        Transfer("970415", "1" * 20),
        Transfer("970415", "1", 0),
        Transfer("970415", "1", -5),
        Transfer("970415", "1", 10**13),
        Transfer("970415", "1", 5, "á"),
        Transfer("970415", "1", 5, "x" * 26),
    ],
)
def test_what_cannot_stand_in_a_code_is_refused(transfer):
    with pytest.raises(NotVietQR):
        payload(transfer)


@given(st.text(max_size=200))
def test_words_become_what_a_transfer_can_carry(words):
    content = content_of(words)
    assert len(content) <= 25
    payload(Transfer("970415", "1", 1, content))


# --- the content that names a payment -------------------------------------------------------------


def test_a_reference_is_short_enough_and_known_again():
    reference = new_reference()
    assert content_of(reference) == reference
    assert references_in(reference) == [reference]


@given(BODY, st.text(max_size=20), st.text(max_size=20), st.data())
def test_it_is_found_in_whatever_a_bank_makes_of_it(body, before, after, data):
    reference = completed(body)
    place = data.draw(st.integers(1, len(reference) - 1))
    broken = f"{reference[:place].lower()}\n {reference[place:]}"
    assert reference in references_in(f"{before} {broken}-{after}")


@given(BODY, st.integers(0, 9), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_no_other_payment(body, place, sign):
    signs = list(completed(body))
    at = len(PREFIX) + place
    if signs[at] == sign:
        return
    signs[at] = sign
    assert references_in("".join(signs)) == []
    assert looks_like_one("".join(signs))


@given(BODY, st.integers(0, 8))
def test_two_neighbours_that_changed_places_are_no_other_payment(body, place):
    signs = list(completed(body))
    at = len(PREFIX) + place
    if signs[at] == signs[at + 1]:
        return
    signs[at], signs[at + 1] = signs[at + 1], signs[at]
    assert completed(body) not in references_in("".join(signs))


def test_chance_makes_no_reference_of_other_words():
    assert references_in("CONG TY TTCN CHUYEN TIEN HANG THANG 11") == []
    assert not looks_like_one("Chuyen tien hang")
