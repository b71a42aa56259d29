"""`manage.py match`: what answers a need that is a text in a file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import get_language

from marketplace.matching.finding import SHOWN, find_matches
from marketplace.matching.scoring import MatchList, NeedText, Reason, Scored, render_reason
from marketplace.matching.texts import complete
from search.engines import SearchUnavailable


class Command(BaseCommand):
    help = "Matches the need in a text file against everything that is searchable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--text-file", type=Path, required=True, metavar="FILE")
        parser.add_argument("--limit", type=int, default=SHOWN, metavar="N")
        parser.add_argument("--json", action="store_true", help="JSON alone on standard output")
        parser.add_argument("--language", default="", help="language of the reasons: vi, en")

    def handle(self, *args: Any, **options: Any) -> None:
        text = _read(options["text_file"])
        if options["limit"] < 1:
            raise CommandError("--limit: a number from 1 on is expected.")
        try:
            found = find_matches(NeedText(text=text), limit=options["limit"], complete=complete)
        except SearchUnavailable as error:
            raise CommandError(
                f"The index is not there yet ({error}): run search_rebuild."
            ) from error
        language = options["language"] or get_language() or "vi"
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found, language), ensure_ascii=False, indent=2))
            return
        self._print(found, language)

    def _print(self, found: MatchList, language: str) -> None:
        if found.abstained:
            self.stdout.write("Nothing is good enough; the nearest:")
        for place, scored in enumerate(found.scored, 1):
            self.stdout.write(
                f"{place:3}. {scored.probability:.2f} {scored.candidate.title} [{scored.candidate.id}]"
            )
            for reason in scored.reasons:
                self.stdout.write(f"       {render_reason(reason, language)}")
                if reason.evidence:
                    self.stdout.write(f"       “{reason.evidence.text}”")
            if scored.similar:
                self.stdout.write(f"       +{len(scored.similar)} similar")
        for one in found.left_out:
            told = render_reason(one.reason, language)
            self.stdout.write(f"left out: {one.candidate.title} [{one.candidate.id}]: {told}")


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig").strip()
    except FileNotFoundError as error:
        raise CommandError(f"There is no file {path}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read as UTF-8 text.") from error
    if not text:
        raise CommandError(f"{path} is empty: write the need into it.")
    return text


def _as_json(found: MatchList, language: str) -> dict[str, Any]:
    return {
        "abstained": found.abstained,
        "candidates": [_candidate(scored, language) for scored in found.scored],
        "left_out": [
            {
                "kind": one.candidate.kind,
                "id": one.candidate.key,
                "title": one.candidate.title,
                "reason": _reason(one.reason, language),
            }
            for one in found.left_out
        ],
    }


def _candidate(scored: Scored, language: str) -> dict[str, Any]:
    return {
        "kind": scored.candidate.kind,
        "id": scored.candidate.key,
        "title": scored.candidate.title,
        "score": scored.score,
        "probability": scored.probability,
        "band": scored.band,
        "reasons": [_reason(reason, language) for reason in scored.reasons],
        "parts": dict(scored.components),
        "similar": [
            {"kind": one.kind, "id": one.key, "title": one.title} for one in scored.similar
        ],
    }


def _reason(reason: Reason, language: str) -> dict[str, Any]:
    return {
        "code": reason.code,
        "text": render_reason(reason, language),
        "evidence": reason.evidence.text if reason.evidence else None,
    }
