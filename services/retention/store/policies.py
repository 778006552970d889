"""The policy files (政策): rules as data, one file for a region and year."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from services.retention.rules.subsidy import Policy, read_policy

_FILES = Path(__file__).parent.parent / "policies"


@cache
def list_policies() -> tuple[tuple[str, Policy], ...]:
    """Every policy with the division prefix it holds for; read once."""
    files = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(_FILES.glob("*.json"))]
    return tuple(
        (file["region"], read_policy(policy, file["version"])) for file in files for policy in file["policies"]
    )
