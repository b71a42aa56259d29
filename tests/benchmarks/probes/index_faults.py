"""What the index holds that the rows do not say, and the other way round; on any engine."""

import json

from tests.benchmarks.probes.stage import index_faults


def main() -> None:
    print(json.dumps(index_faults(), ensure_ascii=False))
