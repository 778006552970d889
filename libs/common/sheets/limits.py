"""What reading one file may cost (读取一份文件的上限)."""

from __future__ import annotations

# Address space of the child: a sheet of 100,000 rows and 30 columns needs some 700 MB while it is laid out.
MEMORY_BYTES = 1536 * 1024 * 1024
# The largest sheet, 100,000 rows of 40 columns, takes half a minute; beside other work it may take several times as long.
CPU_SECONDS = 90
WALL_SECONDS = 300.0
# Of a long file more: so many bytes are read in a second at least.
_BYTES_A_SECOND = 500_000
# What the child may say; a table is taken apart into lines of one row each.
ANSWER_BYTES = 256 * 1024 * 1024
# A file that is read whole; one of plain records is read in pieces, whatever its length.
WHOLE_BYTES = 50 * 1024 * 1024


def processor_seconds(size: int) -> int:
    return CPU_SECONDS + size // _BYTES_A_SECOND


def answer_bytes(size: int) -> int:
    """Of a long file ten times what it holds: each cell stands in quotation marks."""
    return max(ANSWER_BYTES, 10 * size)


# A cell of a workbook holds no more (Excel's own limit); a CSV's may try.
MAX_CELL_TEXT = 32_767
# Files that a process reads at once; others wait their turn.
READERS = 2
TURN_SECONDS = 30.0
