from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.accounts.emails import normal_email
from marketplace.accounts.models import User
from marketplace.accounts.services.second_factor import reset_second_factor
from marketplace.core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Takes away the second factors of somebody who lost them, after staff made sure who it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--reason", required=True, help="a code or words on the matter, no names"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=normal_email(options["email"])).first()
        if user is None:
            raise CommandError("no account has this address")
        try:
            taken = reset_second_factor(user, by="operator", reason=options["reason"])
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"{taken} taken away; the person is told and signs in anew")
