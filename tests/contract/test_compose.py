"""docker-compose.yml is what it says: valid, every command in it exists, its variables are those of the settings."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from libs.common.settings import Settings

ROOT = Path(__file__).parents[2]
SERVICES = ["registry", "jobs", "matching", "retention", "console"]
ONCE = {"keys", "mirror-settings", "migrate"}


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8")))


def test_it_validates_against_the_compose_specification() -> None:
    command = [str(Path(sys.executable).parent / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_one_container_after_migrate(service: str) -> None:
    container = compose()["services"][service]
    assert container["command"] == ["python", "-m", f"services.{service}", "all"]
    assert container["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_every_python_command_exists() -> None:
    for name, container in compose()["services"].items():
        command = container.get("command", [])
        if command[:2] == ["python", "-m"]:
            assert importlib.util.find_spec(command[2]), f"{name}: {command[2]}"


def test_every_file_it_mounts_exists() -> None:
    for container in compose()["services"].values():
        for mount in container.get("volumes", []):
            if mount.startswith("./"):
                assert (ROOT / mount.split(":")[0]).is_file(), mount


def test_whatever_stays_up_has_a_health_check() -> None:
    image_has = "HEALTHCHECK" in (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
    for name, container in compose()["services"].items():
        if name not in ONCE | {"mirror"}:
            assert "healthcheck" in container or ("build" in container and image_has), name


def test_images_of_ours_run_as_somebody_without_rights() -> None:
    lines = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER")] == ["USER xieli"]


@pytest.mark.parametrize("service", SERVICES)
def test_its_variables_are_those_of_the_settings(service: str) -> None:
    module = importlib.import_module(f"services.{service}.settings")
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Settings) and kind is not Settings]
    (settings,) = kinds
    known = {f"XIELI_{name.upper()}" for name in settings.model_fields} | {"XIELI_SERVICE"}
    given = set(compose()["services"][service]["environment"])
    required = {f"XIELI_{name.upper()}" for name, field in settings.model_fields.items() if field.is_required()}
    assert required <= given <= known


def test_the_gateway_knows_every_service() -> None:
    config = (ROOT / "deploy/gateway/nginx.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"http://(\w+):8000", config)) == set(SERVICES)
