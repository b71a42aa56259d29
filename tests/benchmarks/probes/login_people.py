"""So many people with a password and a proved address, for the flood of logins."""

import json

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from marketplace.accounts.models import User
from marketplace.privacy.models import Consent
from marketplace.privacy.services import agree_on_opening


def main(count: str, password: str) -> None:
    hashed = make_password(password)
    people = User.objects.bulk_create(
        User(email=f"nguoi{number}@example.vn", full_name=f"Người {number}", password=hashed)
        for number in range(int(count))
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True)
        for person in people
    )
    for person in people:
        agree_on_opening(person)
    assert Consent.objects.filter(user=people[-1]).exists()
    print(json.dumps({"people": len(people)}))
