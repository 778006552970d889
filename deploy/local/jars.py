"""Jars (Kafka's, and the browser's libraries as WebJars): fetched once through jgo from a committed lock, verified before every use."""

from __future__ import annotations

import hashlib
import logging
import os
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from jgo.config import GlobalSettings
from jgo.env import LockFile
from jgo.env._lockfile import LockedDependency
from jgo.maven import MavenContext

from deploy.local.errors import OperatorError
from deploy.local.paths import cache_directory

LOCK = Path(__file__).with_name("jgo.lock.toml")
Progress = Callable[[int, int], None]
_FETCHERS = 6
_log = logging.getLogger(__name__)


class JarsUnusable(OperatorError):
    """Jars are missing or are not the ones that were locked."""


@cache
def _lock(lock: Path = LOCK) -> LockFile:
    return LockFile.load(lock)


def versions(lock: Path = LOCK) -> str:
    """The digest of the lock: everything that is made from the jars is kept under it."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()[:12]


def _place(repository: Path, jar: LockedDependency) -> Path:
    folder = repository.joinpath(*jar.groupId.split("."), jar.artifactId, jar.version)
    tail = f"-{jar.classifier}" if jar.classifier else ""
    return folder / f"{jar.artifactId}-{jar.version}{tail}.{jar.packaging}"


def _is_the_locked_one(path: Path, jar: LockedDependency) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == jar.sha256


def _trust_what_the_machine_trusts() -> None:
    """jgo asks with `requests`, which brings its own list of authorities; offices behind a proxy have another."""
    if not os.environ.get("REQUESTS_CA_BUNDLE") and not os.environ.get("CURL_CA_BUNDLE"):
        found = ssl.get_default_verify_paths()
        for candidate in (os.environ.get("PIP_CERT"), found.cafile, "/etc/ssl/certs/ca-certificates.crt"):
            if candidate and Path(candidate).is_file():
                os.environ["REQUESTS_CA_BUNDLE"] = candidate
                return


def _fetch(context: MavenContext, jar: LockedDependency, path: Path) -> None:
    path.unlink(missing_ok=True)  # half a download, or not the locked file
    component = context.project(jar.groupId, jar.artifactId).at_version(jar.version)
    try:
        component.artifact(jar.classifier or "", jar.packaging).resolve()
    except (OSError, RuntimeError) as error:
        raise JarsUnusable(
            f"{path.name} cannot be fetched. The first start needs the network; the repositories are those of jgo "
            f"(JGO_CONFIG_FILE or ~/.config/jgo.conf, section [repositories]). Reason: {error}"
        ) from error
    if not _is_the_locked_one(path, jar):
        path.unlink(missing_ok=True)
        raise JarsUnusable(f"{path.name} as fetched is not the file that its lock names (SHA-256 differs)")


def _context(repository: Path) -> MavenContext:
    chosen = GlobalSettings.load().repositories
    return MavenContext(repo_cache=repository, remote_repos=chosen or None, timeout=60)


def missing(lock: Path = LOCK) -> int:
    """How many jars are not here, or not the locked ones."""
    repository = cache_directory() / "maven"
    return sum(not _is_the_locked_one(_place(repository, jar), jar) for jar in _lock(lock).dependencies)


@cache
def class_path(progress: Progress | None = None) -> tuple[Path, ...]:
    """Kafka's jars in a fixed order."""
    return fetched(LOCK, progress)


def fetched(lock: Path, progress: Progress | None = None) -> tuple[Path, ...]:
    """All jars of a lock in a fixed order, fetched where missing and verified; no network once they are here."""
    repository = cache_directory() / "maven"
    jars = sorted(_lock(lock).dependencies, key=lambda jar: (jar.groupId, jar.artifactId))
    places = [_place(repository, jar) for jar in jars]
    wanted = [(jar, at) for jar, at in zip(jars, places, strict=True) if not _is_the_locked_one(at, jar)]
    if wanted:
        _fetch_all(repository, wanted, progress or (lambda done, total: None))
    return tuple(places)


def _fetch_all(repository: Path, wanted: list[tuple[LockedDependency, Path]], progress: Progress) -> None:
    _trust_what_the_machine_trusts()
    context = _context(repository)
    _log.info("fetching %d jars", len(wanted))
    with ThreadPoolExecutor(_FETCHERS) as pool:
        fetched = [pool.submit(_fetch, context, jar, at) for jar, at in wanted]
        for done, one in enumerate(fetched, 1):
            one.result()
            progress(done, len(wanted))
