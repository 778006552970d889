"""The mirror's settings: what may leave a partner, and what keeps a mesh from echoing."""

import re
from pathlib import Path

from deploy.local.mirror import properties
from deploy.local.node import nodes_of

_SETTINGS = dict(
    line.split("=", 1)
    for line in properties(
        "n440300", "127.0.0.1:1", {"n433124": "127.0.0.1:2", "n430000": "127.0.0.1:3"}, Path("wires")
    ).splitlines()
)


def _allowed(topic: str) -> bool:
    pattern = _SETTINGS["n433124->n440300.topics"].replace("\\\\", "\\")
    return re.fullmatch(pattern, topic) is not None


def test_what_is_public_or_addressed_to_this_node_is_taken() -> None:
    assert _allowed("public.jobs.vacancy")
    assert _allowed("to.n440300.registry.card")


def test_what_stays_home_or_is_for_others_is_not() -> None:
    assert not _allowed("home.registry.labourer")
    assert not _allowed("to.n430100.registry.card")
    assert not _allowed("to.n4403001.registry.card")


def test_what_was_mirrored_once_is_not_mirrored_again() -> None:
    assert not _allowed("n430000__public.matching.run")


def test_only_flows_towards_this_node_run_here() -> None:
    assert _SETTINGS["n433124->n440300.enabled"] == "true"
    assert _SETTINGS["n440300->n433124.enabled"] == "false"


def test_plugins_are_found_by_service_loading_in_both_places() -> None:
    assert _SETTINGS["plugin.discovery"] == _SETTINGS["n440300.plugin.discovery"] == "service_load"


def test_no_heartbeat_travels() -> None:
    assert _SETTINGS["emit.heartbeats.enabled"] == _SETTINGS["heartbeats.replication.enabled"] == "false"


def test_every_node_has_a_directory_of_its_own() -> None:
    assert len({node.places.root for node in nodes_of()}) == 6
