"""A Parquet file that leaves carries its mark (导出标记) in the file's metadata; its rows are the same."""

from __future__ import annotations

import io

import pyarrow.parquet as pq

from libs.common.exports import ExportMark

KEY = b"xieli.export"


def count_rows(content: bytes) -> int:
    return int(pq.read_metadata(io.BytesIO(content)).num_rows)


def mark_parquet(content: bytes, mark: ExportMark) -> bytes:
    """The same table, with the mark beside what the metadata holds already."""
    table = pq.read_table(io.BytesIO(content))
    sink = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata({**(table.schema.metadata or {}), KEY: mark.model_dump_json().encode()}), sink
    )
    return sink.getvalue()
