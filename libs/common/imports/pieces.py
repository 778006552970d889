"""A file on its way through the database (待导入文件): in sealed pieces, so that neither side ever has the whole of it in memory."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator
from typing import IO

from libs.common.privacy import Vault

# Turning keys takes hundreds of pieces at once.
PIECE_BYTES = 1 << 17
_LENGTH_BYTES = 4


def seal_pieces(content: IO[bytes], vault: Vault, context: str) -> IO[bytes]:
    """The sealed pieces on disk, without a name, each behind its length: enciphering is over before a row is held."""
    laid = tempfile.TemporaryFile()  # noqa: SIM115 whoever asked closes it
    content.seek(0)
    while part := content.read(PIECE_BYTES):
        sealed = vault.encrypt(base64.b64encode(part).decode(), context=context)
        laid.write(len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed)
    laid.seek(0)
    return laid


def read_pieces(laid: IO[bytes]) -> Iterator[bytes]:
    while length := laid.read(_LENGTH_BYTES):
        yield laid.read(int.from_bytes(length, "big"))


def open_piece(sealed: bytes, vault: Vault, context: str) -> bytes:
    return base64.b64decode(vault.decrypt(sealed, context=context))
