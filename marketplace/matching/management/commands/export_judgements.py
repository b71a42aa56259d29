"""`manage.py export_judgements`: what staff judged, as a set that `evaluate` measures on."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand

from marketplace.matching.judging.exporting import write_set


class Command(BaseCommand):
    help = "Writes the judged needs in the BEIR layout; no personal data is in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DATASET_DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        count = write_set(options["folder"])
        self.stdout.write(f"{count} judgements in {options['folder']}")
