"""Asks the package `munkres` what forcing each pair of a matrix would cost, and prints the answers and the seconds."""

import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

munkres: Any = importlib.import_module("munkres")


def main() -> None:
    """Reads a matrix of fit, and prints the cost of forcing each pair."""
    fit = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["fit"]
    start = time.perf_counter()
    margins = munkres.edge_margins(fit, maximize=True)
    seconds = time.perf_counter() - start
    costs = [[int(margins[row, column]["force_penalty"]) for column in range(len(fit))] for row in range(len(fit))]
    print(json.dumps({"seconds": seconds, "costs": costs}))


if __name__ == "__main__":
    main()
