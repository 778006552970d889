"""A register on paper is in the order of its households, the head first, whatever order the list came in."""

from __future__ import annotations

from random import Random

from services.console.rules.register import in_order, shares_of


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


def a_township(name: str, *villages: tuple[int, int]) -> dict[str, object]:
    facts = [
        {"labourers": labourers, "employed": employed, "with_wish": employed, "with_phone": labourers}
        for labourers, employed in villages
    ]
    return {"township": name, "people": 30, "households": 9, "villages": facts}


def test_the_countys_line_is_the_sum_of_its_townships() -> None:
    *townships, county = shares_of([a_township("花垣镇", (20, 11), (0, 0)), a_township("边城镇", (5, 0))])
    assert [(one.labourers, one.employed) for one in townships] == [(20, 11), (5, 0)]
    assert (county.people, county.labourers, county.employed, county.share) == (60, 25, 11, 0.44)
    assert shares_of([a_township("空镇", (0, 0))])[0].share is None
    assert shares_of([]) == []
