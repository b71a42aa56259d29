"""What the parts of one run share: the seed, data folders that are dear to make, progress."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks import processes


@dataclass(slots=True)
class Run:
    work: Path
    seed: int
    needs: int
    points: int
    say: Callable[[str], None]
    imported: Path | None = None
    #: What `import` measured, for whoever needs the folder it left.
    import_figures: dict[str, Any] = field(default_factory=dict)
    _demo: Path | None = None

    def random(self, name: str) -> random.Random:
        """Its own stream for each part: one part does not move the samples of another."""
        return random.Random(f"{self.seed}:{name}")

    def demo_template(self) -> Path:
        """A folder with the demo's data, indexed and matched; copy it, leave it as it is."""
        if self._demo is None:
            folder = self.work / "demo"
            folder.mkdir()
            self.say("preparing a demo …")
            processes.run(processes.manage("demo", "--prepare"), folder, timeout=300)
            self._demo = folder
        return self._demo
