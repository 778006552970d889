"""A process whose worker fails by its own fault ends with 1, so that whoever supervises it sees it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from tests.support.nodes import Nodes
from tests.support.sample import SERVICE

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from dataclasses import replace
from libs.common import supervision
from libs.common.runtime import main
from tests.support.sample import SERVICE

async def slip(context):
    raise KeyError("a slip of the programmer")

supervision.RESTART_SECONDS = 0.01
sys.argv = ["sample", "worker"]
main(replace(SERVICE, background=[slip], subscriptions={}, announces=[]))
"""


async def test_a_process_whose_worker_keeps_failing_ends_with_its_trace_in_the_log(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    given = context.settings.model_dump(
        include={"node", "kafka", "kafka_certificates", "keys", "partners", "database_url"}
    )
    settings = {f"XIELI_{name.upper()}": str(value) for name, value in given.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM),
        env=os.environ | settings | {"XIELI_WORKER_FAULTS": "3", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1, said.decode()
    told = [line for line in said.decode().splitlines() if '"worker_failed"' in line and "sample.slip" in line]
    assert [json.loads(line)["in_a_row"] == number for number, line in enumerate(told, 1)] == [True] * 3
    assert all("a slip of the programmer" in line and "Traceback" in line for line in told)
