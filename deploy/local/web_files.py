"""The browser's libraries (htmx, Chart.js): WebJars of a committed lock, laid out as the files that the console serves.

`python -m deploy.local.web_files DIRECTORY` lays them out elsewhere, as an image does.
"""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZipFile

from deploy.local import jars
from deploy.local.paths import cache_directory

LOCK = Path(__file__).with_name("web.lock.toml")
# Which file of which library: one that runs by itself under a content policy without eval and inline styles.
WANTED = ("chart.umd.js", "htmx.min.js")


def directory() -> Path:
    """Where they lie on this machine; those of another lock lie elsewhere."""
    return cache_directory() / "web" / jars.versions(LOCK)


def missing() -> bool:
    return not all((directory() / name).is_file() for name in WANTED)


def lay_out(into: Path) -> None:
    """Fetch what is missing and write each wanted file, whole or not at all."""
    into.mkdir(parents=True, exist_ok=True)
    for jar in jars.fetched(LOCK):
        with ZipFile(jar) as archive:
            for name in archive.namelist():
                if name.rsplit("/", 1)[-1] in WANTED:
                    made = into / f".{Path(name).name}"
                    made.write_bytes(archive.read(name))
                    made.replace(into / Path(name).name)


if __name__ == "__main__":
    lay_out(Path(sys.argv[1]))
