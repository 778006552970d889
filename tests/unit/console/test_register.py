"""A register on paper is in the order of its households, the head first, whatever order the list came in."""

from __future__ import annotations

from random import Random

from services.console.rules.register import in_order


def a_row(person: int, household: int, village: str, kinship: str = "之子") -> dict[str, str]:
    return {
        "id": f"p{person}",
        "household": f"h{household}",
        "township": "花垣镇",
        "village": village,
        "kinship": kinship,
    }


def test_households_stay_together_with_the_head_first_in_any_order_of_the_list() -> None:
    rows = [
        a_row(1, 2, "老寨村"),
        a_row(2, 1, "老寨村"),
        a_row(3, 1, "老寨村", "户主"),
        a_row(4, 3, "卡子村", "户主"),
        a_row(5, 2, "老寨村", "户主"),
    ]
    for seed in range(20):
        shuffled = Random(seed).sample(rows, len(rows))
        shown = [
            (one.village, one.people, [[row["id"] for row in home] for home in one.homes]) for one in in_order(shuffled)
        ]
        assert shown == [("卡子村", 1, [["p4"]]), ("老寨村", 4, [["p3", "p2"], ["p5", "p1"]])]


def test_nobody_makes_no_page() -> None:
    assert in_order([]) == []
