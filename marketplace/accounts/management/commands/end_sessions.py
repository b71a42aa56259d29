from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.accounts.emails import normal_email
from marketplace.accounts.models import User
from marketplace.accounts.sessions import end_sessions


class Command(BaseCommand):
    help = "Ends the sessions of one person, or of everybody, at once; accounts stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("email", nargs="?")
        whose.add_argument("--everybody", action="store_true")
        parser.add_argument(
            "--reason", required=True, help="a code or words on the matter, no names"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = None
        if not options["everybody"]:
            user = User.objects.filter(email=normal_email(options["email"])).first()
            if user is None:
                raise CommandError("no account has this address")
        ended = end_sessions(user, by="operator", reason=options["reason"])
        self.stdout.write(f"{ended} ended")
