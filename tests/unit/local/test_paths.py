"""Places: state may lie anywhere, sockets must stay short."""

from pathlib import Path

import pytest

from deploy.local import paths
from deploy.local.paths import LONGEST_SOCKET_DIRECTORY, NodePaths, PlaceTaken, own_directory, socket_directory


@pytest.mark.parametrize("name", ["a" * 150, "花垣县 劳务协作/数 据", "plain"])
def test_a_socket_directory_is_short_however_long_the_path(tmp_path: Path, name: str) -> None:
    found = socket_directory(tmp_path / name)
    assert len(str(found).encode()) <= LONGEST_SOCKET_DIRECTORY
    assert str(found).isascii()


def test_two_data_directories_never_share_a_socket_directory(tmp_path: Path) -> None:
    assert socket_directory(tmp_path / "one") != socket_directory(tmp_path / "two")
    assert socket_directory(tmp_path / "one") == socket_directory(tmp_path / "one")


def test_a_very_long_temporary_directory_gives_way_to_a_short_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(paths.tempfile, "gettempdir", lambda: "/" + "t" * 90)
    assert socket_directory(tmp_path).parent == Path("/tmp")


def test_a_link_put_in_place_of_a_socket_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "socket").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PlaceTaken):
        own_directory(tmp_path / "socket", paths.os.getuid(), paths.os.getgid())


def test_state_and_cache_can_be_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XIELI_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XIELI_CACHE", str(tmp_path / "cache"))
    assert paths.state_directory() == tmp_path / "state"
    assert paths.cache_directory() == tmp_path / "cache"
    assert NodePaths.of("n433124").keys == tmp_path / "state" / "nodes" / "n433124" / "keys"


def test_keys_and_logs_are_for_their_owner_alone(tmp_path: Path) -> None:
    node = NodePaths(tmp_path / "n433124")
    node.create()
    assert {directory.stat().st_mode & 0o777 for directory in (node.keys, node.log, node.run)} == {0o700}
