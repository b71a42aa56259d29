"""What a test run did, in one line: `python -m tests.tools.ran report.xml`."""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree


def main() -> None:
    path = Path(sys.argv[1])
    if not path.exists():
        print("DID NOT END")
        return
    cases = list(ElementTree.parse(path).iter("testcase"))  # noqa: S314 - written by this run
    outcomes = Counter(outcome(case) for case in cases)
    counts = ", ".join(
        f"{outcomes[name]} {name}" for name in ("passed", "failed", "skipped") if outcomes[name]
    )
    line = counts or "no tests"
    walked = sorted(
        {
            case.get("name", "").split("[")[0].removeprefix("test_")
            for case in cases
            if "journeys" in case.get("classname", "")
        }
    )
    print(f"{line}: {', '.join(walked)}" if walked else line)


def outcome(case: ElementTree.Element) -> str:
    found = {child.tag for child in case}
    if found & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in found else "passed"


if __name__ == "__main__":
    main()
