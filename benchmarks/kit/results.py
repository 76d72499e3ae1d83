"""The figures of the last run of each benchmark, kept beside the code: `docs/reliability.py` makes a page of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from benchmarks.kit.figures import Goal, machine

RESULTS = Path(__file__).parent.parent / "results"


def keep(name: str, title: str, goals: Sequence[Goal], told: Mapping[str, str] | None = None) -> Path:
    """Keep what a run has found in place of the run before it; `told` are figures that have no goal."""
    kept = {
        "title": title,
        "measured_on": date.today().isoformat(),  # noqa: DTZ011 - the day where it was measured
        "machine": machine(),
        "goals": [{**asdict(goal), "reached": goal.reached} for goal in goals],
        "told": dict(told or {}),
    }
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.json"
    file.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file
