"""Passwords are hashed as the settings of every size say; what was hashed otherwise opens and is renewed."""

import argon2
import pytest
from django.core.exceptions import ValidationError

from marketplace.accounts.hashers import PasswordHasher
from marketplace.accounts.passwords import OwnWordsValidator
from marketplace.settings import base

PASSWORD = "mật khẩu có dấu cách 🔑"


def test_hash_says_how_it_was_made():
    made = PasswordHasher().encode(PASSWORD, PasswordHasher().salt())
    assert made.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert PasswordHasher().verify(PASSWORD, made)
    assert not PasswordHasher().verify(PASSWORD.upper(), made)
    assert not PasswordHasher().must_update(made)


def test_hash_of_other_parameters_opens_and_is_made_anew():
    other = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=2).hash(PASSWORD)
    assert PasswordHasher().verify(PASSWORD, f"argon2{other}")
    assert PasswordHasher().must_update(f"argon2{other}")


def test_it_is_the_one_in_use():
    assert base.PASSWORD_HASHERS[0] == f"{PasswordHasher.__module__}.{PasswordHasher.__qualname__}"


@pytest.mark.parametrize(
    "password", ["San-Giao-Dich-2026!", "Mật khẩu 123456", "techmart.vietnam", "congnghe99x"]
)
def test_password_of_the_exchanges_own_words_is_refused(password):
    with pytest.raises(ValidationError, match="đoán được"):
        OwnWordsValidator().validate(password)


@pytest.mark.parametrize(
    "password", ["hoa-xoan-1975", "bà tôi bán công nghệ ở chợ Lớn", "9#kQz!!7"]
)
def test_password_of_ones_own_passes(password):
    OwnWordsValidator().validate(password)
