"""The front door of a node in one process: only the first part of the path counts."""

from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse

from deploy.local.single_process_node import FrontDoor


def _app(name: str) -> Any:
    return PlainTextResponse(name)


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/jobs/v1/vacancies", "jobs"),
        ("/jobs", "jobs"),
        ("/", "console"),
        ("/province", "console"),
        ("/jobsx/v1", "console"),
        ("/console/v1/province", "console"),
        ("/registry/v1/jobs", "registry"),
    ],
)
async def test_a_request_goes_to_the_service_that_its_path_names(path: str, who: str) -> None:
    door = FrontDoor({name: _app(name) for name in ("registry", "jobs", "console")}, otherwise="console")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url="http://node") as client:
        assert (await client.get(path)).text == who
