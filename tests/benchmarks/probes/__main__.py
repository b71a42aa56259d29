"""`python -m tests.benchmarks.probes NAME [ARGUMENT…]`: sets Django up and runs the probe."""

import importlib
import sys

import django


def main() -> None:
    name, *arguments = sys.argv[1:]
    django.setup()
    # Models may be imported only from here on.
    importlib.import_module(f"tests.benchmarks.probes.{name}").main(*arguments)


if __name__ == "__main__":
    main()
