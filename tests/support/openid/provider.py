"""The provider as a fixture: its packages once beside the cache, its process for one test, and what a browser does there."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from deploy.local.paths import cache_directory
from deploy.local.ports import free_ports
from tests.support.eventually import eventually

PACKAGE = "django-oauth-toolkit==3.4.1"
SERVE = Path(__file__).parent / "serve.py"
BACK = "http://node/sign-in/openid/back"


@pytest.fixture(scope="session")
def provider_packages() -> Path:
    """The provider's packages, installed once beside the cache and apart from ours."""
    place = cache_directory() / f"openid-{hashlib.sha256(f'{PACKAGE}{sys.version}'.encode()).hexdigest()[:12]}"
    if not (place / "complete").exists():
        pip = [sys.executable, "-m", "pip"]
        if subprocess.run([*pip, "--version"], capture_output=True).returncode:
            pip = [str(getattr(sys, "_base_executable", sys.executable)), "-m", "pip", "--python", sys.executable]
        subprocess.run(
            [*pip, "install", "-q", "--disable-pip-version-check", "--target", str(place), PACKAGE], check=True
        )
        (place / "complete").touch()
    return place


@pytest.fixture
async def provider(provider_packages: Path, tmp_path: Path) -> AsyncIterator[str]:
    """A running provider; answers its issuer."""
    port = free_ports(1)[0]
    process = _start(provider_packages, port, tmp_path)
    issuer = f"http://127.0.0.1:{port}/o"

    async def answers() -> bool:
        assert process.poll() is None, "the provider has ended"
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(f"{issuer}/.well-known/openid-configuration")).status_code == 200
        except httpx.HTTPError:
            return False

    try:
        await eventually(answers, within=60)
        yield issuer
    finally:
        process.terminate()
        process.wait(20)


def _start(packages: Path, port: int, place: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(SERVE), str(port), BACK, str(place)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(packages)}, **quiet)


async def at_the_provider(address: str, person: str) -> str:
    """What a browser does there: sign in, and follow back to the node; answers the address that it is sent to."""
    base = f"{urlsplit(address).scheme}://{urlsplit(address).netloc}"
    async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
        door = (await client.get(address)).headers["location"]
        entered = await client.post(door, data={"username": person, "password": f"{person} at the provider"})
        return (await client.get(entered.headers["location"])).headers["location"]
