"""Jars: only the locked ones are used."""

from pathlib import Path

import pytest

from deploy.local import jars


@pytest.fixture
def one_jar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache in which every jar is missing but one, which is not the locked one."""
    monkeypatch.setenv("XIELI_CACHE", str(tmp_path))
    jar = jars._lock().dependencies[0]
    place = jars._place(tmp_path / "maven", jar)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"something else")
    return place


def test_every_locked_jar_has_a_digest_and_no_address() -> None:
    assert all(len(jar.sha256) == 64 for jar in jars._lock().dependencies)
    assert "://" not in jars.LOCK.read_text()


def test_broker_client_and_mirror_have_one_version() -> None:
    wanted = {"kafka_2.13", "connect-mirror", "kafka-clients"}
    assert {jar.version for jar in jars._lock().dependencies if jar.artifactId in wanted} == {"4.3.1"}


def test_a_changed_jar_counts_as_missing(one_jar: Path) -> None:
    assert jars.missing() == len(jars._lock().dependencies)


def test_a_fetched_jar_that_is_not_the_locked_one_is_refused_and_removed(
    monkeypatch: pytest.MonkeyPatch, one_jar: Path
) -> None:
    jar = jars._lock().dependencies[0]

    class Elsewhere:
        def project(self, *_: str) -> "Elsewhere":
            return self

        at_version = artifact = project

        def resolve(self) -> None:
            one_jar.write_bytes(b"tampered with on the way")

    with pytest.raises(jars.JarsUnusable, match="SHA-256"):
        jars._fetch(Elsewhere(), jar, one_jar)
    assert not one_jar.exists()
