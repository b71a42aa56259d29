"""`manage.py activate_weights`: which weights are in force, and putting others in force."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from marketplace.core.errors import DomainError
from marketplace.matching.models import MatchRun, WeightActivation
from marketplace.matching.weighing import activate_weights, active_weights


class Command(BaseCommand):
    help = "Puts kept weights, or those the project ships, in force; without a version tells which are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version", nargs="?", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["version"]:
            try:
                activate_weights(options["version"], by="activate_weights")
            except DomainError as error:
                raise CommandError(str(error)) from error
        version = active_weights().version
        self.stdout.write(f"in force: {version}")
        self.stdout.write(f"runs by other weights: {MatchRun.objects.behind(version).count()}")
        for activation in WeightActivation.objects.select_related("weight_set")[:10]:
            self.stdout.write(f"{activation.activated_at:%Y-%m-%d %H:%M} {activation.weight_set}")
