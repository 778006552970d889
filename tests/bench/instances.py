"""Realistic instances of a province's market, written in the files' format of matching v1.

People: the 51 poor counties of Hunan (`poor` in libs/common/codes/divisions) with lognormal sizes; ages 18-60 (beta, more
in the thirties and forties); schooling mostly junior middle; 60 occupation groups in 10 majors by Zipf 0.8; 16 % hold a
certificate; a third of the older cannot do some kind of work; 3 % are disabled and may need an accommodation; hoped-for
wages lognormal around 3,000 yuan, four of five name a minimum; 25 % would go anywhere, 35 % anywhere in the province, the
others to 1-6 cities, the greater ones far more often (so wishes overlap); 35 % have a relative in a city; 15 % are of
zero-employment households. With `couples`, that share of the people are halves of a couple, half of them `only`.

Vacancies: 24 cities (Changsha 25 %), occupations by Zipf 0.9, openings lognormal to an exact sum, ages, schooling,
certificates, demands, wages by city and schooling, offers, latest start; 30 % of openings reserved for the three groups.
Weights: the published ones with closeness from invented coordinates and some agreements. Everything follows from the seed.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from libs.common.codes.divisions import divisions
from services.matching import files

CITIES = (
    "430100",
    "440300",
    "440100",
    "441900",
    "440600",
    "330100",
    "320500",
    "310000",
    "330200",
    "350200",
    "370100",
    "420100",
    "430200",
    "430300",
    "430400",
    "430600",
    "441300",
    "442000",
    "330300",
    "320100",
    "350100",
    "360100",
    "450100",
    "520100",
)
MAJORS, GROUPS_IN_MAJOR = 10, 6
FIRST_DAY = 17_226  # 2017-03-01 in days since 1970
PERSON_NAMES = {"certificates": 7, "restrictions": 8, "accommodations": 4}
Ints = npt.NDArray[np.int64]
Random = np.random.Generator


@dataclass(frozen=True)
class Size:
    """How large an instance is."""

    people: int
    vacancies: int
    openings: int


SIZES = {
    "1k": Size(1_000, 50, 330),
    "10k": Size(10_000, 500, 3_300),
    "50k": Size(50_000, 2_000, 16_500),
    "760k": Size(760_000, 8_000, 250_000),
    "1520k": Size(1_518_662, 8_000, 250_000),
    "3m": Size(3_000_000, 8_000, 250_000),
}


def write_instance(folder: Path, size: Size, seed: int, *, identical: bool = False, couples: float = 0.0) -> None:
    """people.parquet, vacancies.parquet, weights.json and seed.txt; `identical`: everybody has the first person's wishes."""
    random = np.random.Generator(np.random.PCG64(seed))
    weights = _weights(random)
    vacancies = _vacancies(random, size, weights)
    people = _people(random, size, couples)
    if identical:
        people = _same_wishes(people)
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(people), folder / "people.parquet", row_group_size=128 * 1024)
    pq.write_table(pa.table(vacancies), folder / "vacancies.parquet")
    (folder / "weights.json").write_text(json.dumps(weights), encoding="utf-8")
    (folder / "seed.txt").write_text(random.bytes(16).hex() + "\n", encoding="utf-8")


def counties() -> list[str]:
    return sorted(code for code, division in divisions().items() if division.poor)


def _weights(random: Random) -> dict[str, Any]:
    weights: dict[str, Any] = json.loads(files.weights_file("2017.1"))
    homes, places = counties(), CITIES
    home_at, place_at = random.uniform(0, 300, (len(homes), 2)), random.uniform(0, 1200, (len(places), 2))
    local = np.array([place.startswith("43") for place in places])
    place_at[local] = random.uniform(0, 300, (int(local.sum()), 2))
    distance = np.linalg.norm(home_at[:, None] - place_at[None], axis=2)
    near = np.clip(110 - distance // 8, 0, 110).astype(int)
    weights["closeness"] = {
        home: {place: int(points) for place, points in zip(places, row, strict=True) if points}
        for home, row in zip(homes, near, strict=True)
    }
    weights["agreements"] = [
        [home, places[at]] for home in homes for at in random.choice(len(places), 2, replace=False)
    ]
    return weights


def _zipf(count: int, exponent: float) -> npt.NDArray[np.float64]:
    share = 1 / np.arange(1, count + 1) ** exponent
    return np.asarray(share / share.sum())


def _occupations(random: Random, count: int, exponent: float) -> pa.Array:
    names = [f"{1 + at % MAJORS}-{1 + at // MAJORS:02d}" for at in range(MAJORS * GROUPS_IN_MAJOR - 1)] + ["9-99"]
    return _texts(random.choice(len(names), count, p=_zipf(len(names), exponent)), names)


def _texts(codes: npt.ArrayLike, names: list[str] | tuple[str, ...]) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(np.asarray(codes)))


def _lists(counts: Ints, codes: npt.ArrayLike, names: list[str] | tuple[str, ...]) -> pa.Array:
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), _texts(codes, names))


def _sets(held: npt.NDArray[np.bool_], names: list[str] | tuple[str, ...]) -> pa.Array:
    """A list column from a table of who has which name."""
    return _lists(held.sum(axis=1), np.nonzero(held)[1], names)


def _names(kind: str) -> list[str]:
    weights: dict[str, list[str]] = json.loads(files.weights_file("2017.1"))
    return weights[kind]


def _ids(random: Random, prefix: str, count: int) -> pa.Array:
    """Pseudonyms as a node draws them: a letter and 64 random bits in hexadecimal digits."""
    draws = random.integers(0, 2**64, count, np.uint64)
    return pa.array([f"{prefix}{draw:016x}" for draw in draws.tolist()], pa.string())


def _people(random: Random, size: Size, couples: float) -> dict[str, pa.Array]:
    count = size.people
    age = (18 + 42 * random.beta(2.2, 2.0, count)).astype(np.int16)
    education = np.clip(random.normal(2.1 - (age - 35) / 40, 0.8), 0, 5).astype(np.int8)
    disabled, zero = random.random(count) < 0.03, random.random(count) < 0.15
    expected = (np.exp(random.normal(8.0, 0.22, count)) // 50 * 50).astype(np.int32)
    reserve = np.where(random.random(count) < 0.8, expected * random.uniform(0.6, 0.95, count) // 50 * 50, 0).astype(
        np.int32
    )
    size_of_county = np.exp(random.normal(0, 0.6, len(counties())))
    ids = _ids(random, "p", count)
    return {
        "person": ids,
        "county": _texts(random.choice(len(counties()), count, p=size_of_county / size_of_county.sum()), counties()),
        "age": pa.array(age),
        "education": pa.array(education),
        "occupation": _occupations(random, count, 0.8),
        "experience": pa.array(np.minimum(random.poisson(3.0, count), 10).astype(np.int8)),
        "certificates": _sets(random.random((count, 7)) < 0.024, _names("certificates")),
        "restrictions": _sets(
            random.random((count, 8)) < np.where(age > 45, 0.06, 0.02)[:, None], _names("restrictions")
        ),
        "accommodations": _sets((random.random((count, 4)) < 0.3) & disabled[:, None], _names("accommodations")),
        "wage_expected": pa.array(expected),
        "wage_reserve": pa.array(reserve),
        "available_from": pa.array((FIRST_DAY + 7 * random.geometric(0.25, count)).astype(np.int32), pa.int32()).cast(
            pa.date32()
        ),
        **_wishes(random, count),
        "needs": _sets(random.random((count, 3)) < np.array([0.4, 0.55, 0.35]), ["board", "lodging", "insurance"]),
        "groups": _sets(
            np.stack([zero, disabled, (age >= 45) | (education <= 1)], axis=1),
            ["zero_employment", "disabled", "older_or_low_schooled"],
        ),
        "burden": pa.array(np.minimum(random.gamma(2.0, 15.0, count), 100).astype(np.int16)),
        "shared": pa.nulls(count, pa.int16()),
        **_couples(random, ids, couples),
    }


def _wishes(random: Random, count: int) -> dict[str, pa.Array]:
    """Ranked cities, drawn with the greater ones more often (Gumbel trick for drawing without putting back)."""
    scores = random.gumbel(size=(count, len(CITIES))) + np.log(_zipf(len(CITIES), 0.9))
    order = np.argsort(-scores, axis=1)
    kind = random.choice(4, count, p=[0.25, 0.35, 0.25, 0.15])
    listed = np.where(
        kind == 2,
        random.integers(3, 7, count),
        np.where(kind == 3, random.integers(1, 3, count), random.integers(0, 4, count)),
    )
    refuses = (random.random(count) < 0.1) & (kind < 2)
    relatives = random.random(count) < 0.35
    codes = order[np.arange(len(CITIES)) < listed[:, None]]
    return {
        "destinations": _lists(listed, codes, CITIES),
        "elsewhere": _texts(np.minimum(kind, 2), ["anywhere", "province", "none"]),
        "refused": _lists(refuses.astype(np.int64), order[refuses, -1], CITIES),
        "relatives_city": pa.array(np.array(CITIES)[order[:, 0]], pa.string(), mask=~relatives),
    }


def _couples(random: Random, ids: pa.Array, share: float) -> dict[str, pa.Array]:
    """Neighbours in a random order are couples; every second of them goes `only` together."""
    count = len(ids)
    pairs = int(count * share) // 2
    order = random.permutation(count)[: 2 * pairs].reshape(pairs, 2)
    partner, together = np.full(count, -1), np.full(count, -1)
    partner[order[:, 0]], partner[order[:, 1]] = order[:, 1], order[:, 0]
    together[order] = (np.arange(pairs) % 2)[:, None]
    none = partner < 0
    return {
        "partner": ids.take(pa.array(partner, mask=none)),
        "together": pa.array(["only", "preferred"]).take(pa.array(together, mask=none)),
    }


def _same_wishes(people: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """What everybody wants and can do becomes the same; who they are (burden, groups, county's people) stays."""
    count = len(people["person"])
    wishes = (
        "occupation",
        "wage_expected",
        "needs",
        "experience",
        "education",
        "county",
        "age",
        "certificates",
        "restrictions",
        "accommodations",
    )
    same = {name: people[name].take(pa.array(np.zeros(count, np.int64))) for name in wishes}
    none = pa.array([[]] * count, pa.list_(pa.string()))
    return {
        **people,
        **same,
        "wage_reserve": pa.array(np.zeros(count, np.int32)),
        "elsewhere": _texts(np.zeros(count, np.int64), ["anywhere"]),
        "destinations": none,
        "refused": none,
        "relatives_city": pa.nulls(count, pa.string()),
        "available_from": people["available_from"].take(pa.array(np.zeros(count, np.int64))),
    }


def _vacancies(random: Random, size: Size, weights: dict[str, Any]) -> dict[str, pa.Array]:
    count = size.vacancies
    share = np.where(np.arange(len(CITIES)) == 0, 0.25, 0.75 * _zipf(len(CITIES), 0.5))
    city = random.choice(len(CITIES), count, p=share / share.sum())
    openings = _exact(np.exp(random.normal(0, 1.2, count)), size.openings)
    education = random.choice(6, count, p=[0.3, 0.25, 0.25, 0.13, 0.05, 0.02]).astype(np.int8)
    level = np.where(city == 0, 3000, 3300) + 250 * education.astype(np.int64)
    low, high = random.random(count) < 0.5, random.random(count) < 0.6
    starts = FIRST_DAY + 7 * random.integers(2, 18, count)
    return {
        "vacancy": _ids(random, "v", count),
        "city": _texts(city, CITIES),
        "openings": pa.array(openings.astype(np.int32)),
        "reserved": _reserved(openings, weights["reserve_groups"]),
        "occupation": _occupations(random, count, 0.9),
        "age_min": pa.array(random.choice([16, 18, 20, 22], count).astype(np.int8), mask=~low),
        "age_max": pa.array(random.choice([35, 40, 45, 50, 55], count).astype(np.int8), mask=~high),
        "education_min": pa.array(education),
        "certificates": _sets(random.random((count, 7)) < 0.015, _names("certificates")),
        "demands": _sets(random.random((count, 8)) < 0.2, _names("restrictions")),
        "accommodations": _sets(random.random((count, 4)) < 0.25, _names("accommodations")),
        "wage": pa.array((level * np.exp(random.normal(0, 0.18, count)) // 10 * 10).astype(np.int32)),
        "starts_by": pa.array(starts.astype(np.int32), pa.int32()).cast(pa.date32()),
        "offers": _sets(random.random((count, 3)) < np.array([0.6, 0.7, 0.5]), ["board", "lodging", "insurance"]),
        "experience_points": pa.array(random.integers(0, 16, count).astype(np.int8)),
    }


def _exact(shares: npt.NDArray[np.float64], total: int) -> Ints:
    """Whole numbers in proportion that sum exactly to the total, at least 1 each."""
    counts = np.maximum(1, np.floor(shares / shares.sum() * total)).astype(np.int64)
    order = np.argsort(-shares)
    while (short := total - int(counts.sum())) != 0:
        step = order[: min(abs(short), len(order))]
        counts[step] += np.sign(short)
        counts = np.maximum(counts, 1)
    return counts


def _reserved(openings: Ints, groups: list[str]) -> pa.Array:
    parts = np.stack([openings * share // 100 for share in (2, 20, 8)], axis=1)
    entries = [
        [{"group": group, "openings": int(part)} for group, part in zip(groups, row, strict=True) if part]
        for row in parts.tolist()
    ]
    return pa.array(entries, pa.list_(pa.struct([("group", pa.string()), ("openings", pa.int32())])))


if __name__ == "__main__":
    # folder, size, seed, share of couples: in a process of its own, so that whoever measures does not inherit its memory
    write_instance(
        Path(sys.argv[1]),
        SIZES[sys.argv[2]],
        int(sys.argv[3]),
        couples=float(sys.argv[4]) if len(sys.argv) > 4 else 0.0,
    )
