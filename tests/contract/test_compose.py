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

from deploy.local.errors import OperatorError
from deploy.local.node_certificates import ADMIN, BROKER, GATEWAY, MIRROR, PARTNER, NodeCertificates
from deploy.local.production import FIRST, LAST, write_settings
from libs.common.settings import Settings

ROOT = Path(__file__).parents[2]
SERVICES = ["registry", "jobs", "matching", "retention", "console"]
ONCE = {"keys", "roles", "migrate"}


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8")))


def test_it_validates_against_the_compose_specification() -> None:
    command = [
        str(Path(sys.executable).parent / "check-jsonschema"),
        "--builtin-schema",
        "vendor.compose-spec",
        "docker-compose.yml",
    ]
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
            if isinstance(mount, str) and mount.startswith("./"):
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
    kinds = [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Settings) and kind is not Settings
    ]
    (settings,) = kinds
    known = {f"XIELI_{name.upper()}" for name in settings.model_fields} | {"XIELI_SERVICE"}
    given = set(compose()["services"][service]["environment"])
    required = {f"XIELI_{name.upper()}" for name, field in settings.model_fields.items() if field.is_required()}
    assert required <= given <= known


def test_the_gateway_knows_every_service() -> None:
    config = (ROOT / "deploy/gateway/nginx.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"http://(\w+):8000", config)) == set(SERVICES)


# --- wires: who sees which certificates, and what can be reached from outside --------------------------------------------


def _mounts(name: str) -> dict[str, str]:
    """Of a container: where a volume is seen -> the volume and the part of it."""
    found = {}
    for mount in compose()["services"][name].get("volumes", []):
        if isinstance(mount, str):
            source, target = mount.split(":")[:2]
            found[target] = source
        else:
            found[mount["target"]] = "/".join([mount["source"], mount.get("volume", {}).get("subpath", "")])
    return found


def test_the_authority_is_seen_by_the_job_that_issues_and_by_nobody_else() -> None:
    seen = {
        name
        for name in compose()["services"]
        if any(source.startswith("authority") for source in _mounts(name).values())
    }
    assert seen == {"keys"}
    assert _mounts("keys")["/wires/authority"] == "authority"


@pytest.mark.parametrize(
    ("container", "principals"),
    [
        *((one, {one}) for one in SERVICES),
        ("migrate", {ADMIN}),
        ("kafka", {BROKER}),
        ("mirror", {MIRROR, PARTNER}),
        ("gateway", {GATEWAY}),
    ],
)
def test_every_container_sees_the_certificates_of_its_own_principals_alone(
    container: str, principals: set[str]
) -> None:
    assert {source for source in _mounts(container).values() if source.startswith("wires")} == {
        f"wires/{one}" for one in principals
    }
    assert all(_mounts(container)[f"/wires/{one}"] == f"wires/{one}" for one in principals)


def test_nothing_is_reached_from_outside_but_tls_and_a_redirect_to_it() -> None:
    ports = {name: container["ports"] for name, container in compose()["services"].items() if "ports" in container}
    assert {name: [port.rpartition(":")[2] for port in listed] for name, listed in ports.items()} == {
        "kafka": [f"{FIRST}-{LAST}"],
        "gateway": ["8443", "8080"],
    }


def test_the_gateway_shows_plain_callers_the_way_to_tls_and_nobody_metrics() -> None:
    config = (ROOT / "deploy/gateway/nginx.conf").read_text(encoding="utf-8")
    plain, own, outside = config.split("  server {")[1:]
    assert "listen 8080;" in plain
    assert "proxy_pass" not in plain
    assert "redirect.conf" in plain
    assert "listen 127.0.0.1:8081;" in own
    assert "listen 8443 ssl;" in outside
    (hidden,) = re.findall(r"location ~ (\S+) \{ return 404; \}", outside)
    for service in SERVICES:
        for path in ("metrics", "health/live", "health/ready"):
            assert re.search(hidden, f"/{service}/{path}")
        assert not re.search(hidden, f"/{service}/v1/events")


def test_the_settings_that_the_job_writes_speak_tls_alone_and_know_every_partner(tmp_path: Path) -> None:
    node, partners = "n433124", []
    for number, other in enumerate(("n440300", "n430000")):
        authority = NodeCertificates(other, tmp_path / other).authority
        partners.append(
            {
                "node": other,
                "kafka": f"kafka{number}.example:9100",
                "certificates": authority.trusted(),
                "revoked": ["ab"],
            }
        )
    wires = NodeCertificates(node, tmp_path / "wires")
    write_settings(wires, partners, "kafka.huayuan.example", "https://huayuan.example")
    broker = dict(line.split("=", 1) for line in (wires.root / "broker/server.properties").read_text().splitlines())
    assert set(broker["listener.security.protocol.map"].split(",")) == {
        f"{one}:SSL" for one in ("INSIDE", "CONTROLLER", "N440300", "N430000")
    }
    assert broker["advertised.listeners"] == (
        "INSIDE://kafka:9092,N440300://kafka.huayuan.example:9100,N430000://kafka.huayuan.example:9101"
    )
    assert broker["listener.name.n440300.ssl.truststore.location"] == f"{wires.root}/broker/n440300.pem"
    mirror = (wires.root / "mirror/mirror.properties").read_text()
    assert all(f"{one}.security.protocol=SSL" in mirror for one in (node, "n440300", "n430000"))
    assert (wires.root / "gateway/redirect.conf").read_text() == "return 308 https://huayuan.example$request_uri;\n"
    write_settings(wires, partners[1:], "kafka.huayuan.example", "https://huayuan.example")
    assert "N430000://kafka.huayuan.example:9101" in (wires.root / "broker/server.properties").read_text()
    assert not (wires.root / "broker/n440300.pem").exists()


@pytest.mark.parametrize("gateway", ["http://huayuan.example", "https://", "https://a;return 200 x", "huayuan.example"])
def test_a_gateway_without_tls_is_refused(gateway: str, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="https"):
        write_settings(NodeCertificates("n433124", tmp_path), [], "kafka.huayuan.example", gateway)
