from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from marketplace.core.ticks import run_stage
from marketplace.privacy.services import clear_batch, preview


class Command(BaseCommand):
    help = (
        "Clears personal data whose time is over, as marketplace/privacy/data/personal_data.toml says; "
        "the tick privacy.clear does the same each hour. --preview counts and changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--preview", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["preview"]:
            self.stdout.write(f"{run_stage('privacy.clear', clear_batch)} rows cleared")
            return
        for due in preview():
            one = due.clearing
            after = f"{one.years} years" if one.years else f"{one.days} days"
            what = f"{one.act} {', '.join(one.fields)}".strip()
            self.stdout.write(
                f"{due.purpose.code:12} {one.model._meta.label:32} {after:>9} after {one.since}: {what}; "
                f"{due.rows} rows due"
                + (f", the oldest of {due.oldest:%Y-%m-%d}" if due.rows else "")
                + (f" (by {one.by})" if one.by != "privacy.clear" else "")
            )
