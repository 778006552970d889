"""The files of matching v1 as Parquet and JSON: the one room of matching that reads and writes files.

`rows` reads them into the facts of `rules`, one object for each row; `columns` reads as many people as a province has.
"""

from services.matching.files.marking import count_rows, mark_parquet
from services.matching.files.rows import (
    MAY_BE_MISSING,
    MAY_BE_NULL,
    NAMES,
    PEOPLE,
    PLACES,
    RESERVED,
    VACANCIES,
    WEIGHTS,
    Source,
    people_among,
    people_in_company,
    people_replaced,
    people_without,
    published_weights,
    read_people,
    read_places,
    read_vacancies,
    read_weights,
    unknown_columns,
    weights_file,
    write_people,
    write_places,
    write_vacancies,
)

__all__ = [
    "MAY_BE_MISSING",
    "MAY_BE_NULL",
    "NAMES",
    "PEOPLE",
    "PLACES",
    "RESERVED",
    "VACANCIES",
    "WEIGHTS",
    "Source",
    "count_rows",
    "mark_parquet",
    "people_among",
    "people_in_company",
    "people_replaced",
    "people_without",
    "published_weights",
    "read_people",
    "read_places",
    "read_vacancies",
    "read_weights",
    "unknown_columns",
    "weights_file",
    "write_people",
    "write_places",
    "write_vacancies",
]
