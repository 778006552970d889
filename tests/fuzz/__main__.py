"""`python -m tests.fuzz CASES SEED OUT`: what `./xieli fuzz` runs; progress on stderr, the figures as JSON into a file."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from libs.common.telemetry import start_logging
from tests.fuzz.engine import Figures, fuzz
from tests.fuzz.house import open_house


def main(cases: int, seed: int, out: Path) -> int:
    start_logging("CRITICAL")
    figures, begun = Figures(seed), time.monotonic()

    def tell(what: str) -> None:
        sys.stderr.write(
            f"{time.monotonic() - begun:6.0f} s  {sum(figures.cases.values()):7} cases  {len(figures.faults)} faults  {what}\n"
        )

    tell(f"seed {seed}")
    tell("a county's and a city's node with people, vacancies, introductions and spells")
    with open_house() as house:
        fuzz(house, cases, tell, figures)
    out.write_text(
        json.dumps({**figures.as_json(), "seconds": round(time.monotonic() - begun)}, ensure_ascii=False, indent=1),
        encoding="utf-8",
    )
    return 1 if figures.faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
