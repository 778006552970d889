"""What a service announces is read again as its own: type, source and topic belong together for every event of every service."""

from __future__ import annotations

import importlib

import pytest

from deploy.local.postgres import SERVICES
from libs.common.events.records import OF_EVERY_SERVICE
from libs.common.service import Service


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_announces_its_own_events_and_what_every_service_tells_of_itself(name: str) -> None:
    service: Service = importlib.import_module(f"services.{name}.app").SERVICE
    assert service.announces
    for event in service.announces:
        assert event.TYPE.split(".")[0] in (name, OF_EVERY_SERVICE), event.TYPE
