"""What the parts of one run share: the seed, data folders that are dear to make, progress."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import processes


@dataclass(slots=True)
class Run:
    work: Path
    seed: int
    needs: int
    points: int
    other_points: int
    deal_points: int
    #: How long the kills of deals may take; what did not fit is missed.
    seconds: int
    say: Callable[[str], None]
    imported: Path | None = None
    demo: Path | None = None
    stages: list[str] | None = None
    sets: list[str] | None = None
    documents: int | None = None
    server: str = ""

    def random(self, name: str) -> random.Random:
        """Its own stream for each part: one part does not move the samples of another."""
        return random.Random(f"{self.seed}:{name}")

    def demo_template(self) -> Path:
        """A folder with the demo's data, indexed and matched; copy it, leave it as it is."""
        folder = self.demo or self.work / "demo"
        if not (folder / "prepared").exists():
            folder.mkdir(parents=True, exist_ok=True)
            self.say("preparing a demo …")
            processes.run(processes.manage("demo", "--prepare"), folder, timeout=600)
            (folder / "prepared").touch()
        return folder
