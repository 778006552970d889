"""A client that somebody generates from our documents reads every answer, and nothing is lost on the way."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from tests.fuzz.collecting import Answer, Operation
from tests.fuzz.house import House
from tests.support.doors import SERVICES

CONTRACT = Path(__file__).parents[1] / "contract"


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The five clients as packages of one folder, generated without a warning."""
    folder = tmp_path_factory.mktemp("clients")
    for service in SERVICES:
        command = [
            sys.executable,
            "-m",
            "openapi_python_client",
            "generate",
            "--path",
            str(CONTRACT / "openapi" / f"{service}.json"),
            "--meta",
            "none",
            "--output-path",
            str(folder / f"{service}_client"),
            "--config",
            str(CONTRACT / "client" / "config.yaml"),
            "--fail-on-warning",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


def test_it_reads_every_answer_and_loses_nothing(house: House, clients: Path) -> None:
    read: set[tuple[str, str]] = set()
    problems = 0
    for node in house.nodes.values():
        for operation in node.answers.operations:
            module = module_of(clients, operation)
            for answer in node.answers.of(operation):
                parsed = read_by(module, operation, answer)
                assert_whole(parsed, answer)
                read |= {(operation.service, operation.name)} if answer.status < 300 else set()
                problems += answer.status >= 400
    everything = {(one.service, one.name) for one in next(iter(house.nodes.values())).answers.operations}
    assert everything - read == set()
    assert problems > 50


def module_of(clients: Path, operation: Operation) -> ModuleType:
    """The client's function for an operation, wherever its tag has put it."""
    [file] = (clients / f"{operation.service}_client" / "api").glob(f"*/{operation.name}.py")
    return importlib.import_module(f"{operation.service}_client.api.{file.parent.name}.{operation.name}")


def read_by(module: ModuleType, operation: Operation, answer: Answer) -> Any:
    client = importlib.import_module(f"{operation.service}_client.client").Client(
        "http://node", raise_on_unexpected_status=True
    )
    headers = {"Content-Type": answer.headers.get("content-type", "")}
    return module._build_response(
        client=client, response=httpx.Response(answer.status, headers=headers, content=answer.content)
    ).parsed


def assert_whole(parsed: Any, answer: Answer) -> None:
    """What was read, written again, is what came; a file is its bytes, a text its characters."""
    if hasattr(parsed, "to_dict"):
        assert _same(parsed.to_dict(), json.loads(answer.content)), answer.address
    elif hasattr(parsed, "payload"):
        assert parsed.payload.read() == answer.content, answer.address
    elif isinstance(parsed, str):
        assert parsed.encode() == answer.content, answer.address
    else:
        assert parsed is None, f"{answer.address}: {type(parsed)}"
        assert answer.content == b"", answer.address


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other) or (
        isinstance(one, str) and isinstance(other, str) and _moment(one) == _moment(other) is not None
    )


def _moment(text: str) -> datetime | None:
    """A moment can be written with Z or with +00:00."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
