"""The browser's libraries come from a lock: the file of the lock or none, and no address in it."""

from __future__ import annotations

from pathlib import Path

from deploy.local import jars, web_files


def test_the_lock_names_what_is_fetched_by_its_digest() -> None:
    assert all(len(jar.sha256) == 64 for jar in jars._lock(web_files.LOCK).dependencies)
    assert "://" not in web_files.LOCK.read_text()


def test_every_wanted_file_is_laid_out(tmp_path: Path) -> None:
    web_files.lay_out(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(web_files.WANTED)
    assert "htmx" in (tmp_path / "htmx.min.js").read_text(encoding="utf-8")
