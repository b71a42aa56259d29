"""Passwords are hashed as the settings of every size say; what was hashed otherwise opens and is renewed."""

from hashlib import sha1

import argon2
import pytest
from django.core.exceptions import ValidationError

from marketplace.accounts.hashers import PasswordHasher
from marketplace.accounts.passwords import BreachedPasswordsValidator, OwnWordsValidator
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


@pytest.mark.parametrize("many", [1, 2, 3, 1000])
def test_every_password_of_the_thieves_list_is_refused_and_no_other(tmp_path, settings, many):
    words = [f"hoa-xoan-{number}" for number in range(many)]
    sums = [sha1(word.encode(), usedforsecurity=False).hexdigest().upper() for word in words]
    lines = sorted(f"{one}:{number}" for number, one in enumerate(sums))
    file = tmp_path / "lo.txt"
    file.write_text("\r\n".join(lines) + "\r\n")
    settings.BREACHED_PASSWORDS = str(file)

    for word in words:
        with pytest.raises(ValidationError, match="bị lộ"):
            BreachedPasswordsValidator().validate(word)
    for word in (f"hoa-xoan-{many}", "", "0" * 40, PASSWORD):
        BreachedPasswordsValidator().validate(word)


def test_without_a_list_nothing_is_asked():
    BreachedPasswordsValidator().validate("hoa-xoan-1")
    names = [one["NAME"] for one in base.AUTH_PASSWORD_VALIDATORS]
    assert f"{BreachedPasswordsValidator.__module__}.BreachedPasswordsValidator" in names
