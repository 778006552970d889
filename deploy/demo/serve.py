"""精准服务, step 6 of the story: a training, a guidance, and a transport subsidy that is paid once.

Uses `kept`, `left` and `people` of the step before.
"""

from __future__ import annotations

from typing import Any

from deploy.demo.cast import Answer, Spell
from deploy.demo.keep import near_home
from deploy.demo.story import Story, StoryBroken

TRAINED_ON, GUIDED_ON = "2017-05-03", "2017-06-02"
ASKED_ON, PARTLY_ON, COMPLETE_ON, CITY_ON = "2017-07-07", "2017-08-10", "2017-08-15", "2017-08-21"
MONTHS = ("2017-05", "2017-06", "2017-07")
ID, CONTRACT = {"kind": "id_copy"}, {"kind": "contract"}
WAGES = [{"kind": "wage_line", "month": month} for month in MONTHS]


async def play(story: Story) -> None:
    """What both sides do for a person is counted at home; what is paid is paid by one book."""
    who = await _choose(story)
    await _train(story, who)
    await _guide(story, who)
    await _claim_at_home(story, who)
    await _claim_in_the_city(story, who)


async def _choose(story: Story) -> Spell:
    """Somebody still in work outside the province, whose wages the city has recorded."""
    for spell in story.cast.kept:
        if spell["introduction"] in story.cast.left or near_home(spell):
            continue
        shown = await story.get(f"n{spell['city']}", f"/retention/v1/spells/{spell['id']}")
        if {wage["month"] for wage in shown["wages"]} >= set(MONTHS):
            return dict(spell)
    raise StoryBroken("nobody works outside the province with three months of wages")


async def _train(story: Story, who: Spell) -> None:
    """The county trains the person before the journey; sent twice with the same key, it is one training."""
    county, person = f"n{who['county']}", story.cast.people[who["introduction"]]
    training = {"person": person, "kind": "training", "topic": "safety", "hours": 16, "on": TRAINED_ON}
    key = {"Idempotency-Key": f"training-{person}"}
    first, again = [await story.post(county, "/retention/v1/services", training, headers=key) for _ in range(2)]
    listed = await story.pages(county, "/retention/v1/services", kind="training", person=person)
    story.check(
        "a training is on record at home, once",
        first["id"] == again["id"] and len(listed) == 1,
        f"{training['topic']}, {training['hours']} hours",
    )


async def _guide(story: Story, who: Spell) -> None:
    """The city advises its guest; the home county, which counts its people's services, hears of it."""
    county, city = f"n{who['county']}", f"n{who['city']}"
    await story.post(
        city, "/retention/v1/services", {"introduction": who["introduction"], "kind": "guidance", "on": GUIDED_ON}
    )

    async def heard() -> list[Any]:
        given = await story.pages(county, "/retention/v1/services", kind="guidance")
        return [one for one in given if one["introduction"] == who["introduction"] and one["region"] == who["city"]]

    story.check(
        "a guidance given in the city is counted at home",
        await story.eventually(heard, what="the guidance at home"),
        who["city"],
    )


async def _claim_at_home(story: Story, who: Spell) -> None:
    """交通补贴 at the home county: the clock says what is missing, until nothing is."""
    county, person = f"n{who['county']}", story.cast.people[who["introduction"]]
    asked = {"person": person, "policy": "transport", "on": ASKED_ON, "evidence": [ID]}
    claim = await story.post(county, "/retention/v1/claims", asked)
    _check_clock(story, claim)
    path = f"/retention/v1/claims/{claim['id']}"
    partly = await story.post(county, f"{path}/evidence", {"on": PARTLY_ON, "evidence": [CONTRACT, *WAGES[:2]]})
    story.check_equal(
        "two of three months of wages are not enough",
        [one["text"] for one in partly["clock"]["missing"]],
        ["wage_line: 2 of 3"],
    )
    _check_granted(story, await story.post(county, f"{path}/evidence", {"on": COMPLETE_ON, "evidence": WAGES[2:]}))


def _check_clock(story: Story, claim: Answer) -> None:
    missing = {one["what"]: one for one in claim["clock"]["missing"]}
    told = (
        claim["state"] == "open"
        and missing.keys() == {"months_of_work", "contract", "wage_line"}
        and missing["months_of_work"]["due_on"]
    )
    story.check(
        "a claim's clock says what is missing, and when time will bring it",
        told,
        [one["text"] for one in missing.values()],
    )


def _check_granted(story: Story, done: Answer) -> None:
    paid = (done["state"], done["decided_on"], done["clock"]["complete"]) == ("granted", COMPLETE_ON, True) and done[
        "amount_fen"
    ] > 0
    story.check(
        "a complete claim is granted by the ledger, with the rule",
        paid,
        f"{done['amount_fen']} fen by {done['clock']['rule']}",
    )


async def _claim_in_the_city(story: Story, who: Spell) -> None:
    """The city would pay the same for the same year: the ledger of the home county says no, and says why."""
    city = f"n{who['city']}"
    asked = {"introduction": who["introduction"], "policy": "transport", "on": CITY_ON, "evidence": [ID, CONTRACT]}
    claim = await story.post(city, "/retention/v1/claims", asked)
    if claim["state"] != "asked":
        raise StoryBroken(f"the city's claim is {claim['state']}: {claim['clock']['missing']}")

    async def answered() -> Answer | None:
        seen: Answer = await story.get(city, f"/retention/v1/claims/{claim['id']}")
        return seen if seen["state"] != "asked" else None

    answer = await story.eventually(answered, what="the home county's answer to the city's claim")
    assert answer is not None
    because = (answer["state"], answer["reason"], answer["earlier_region"], answer["earlier_period"])
    expected = ("refused", "already_claimed", who["county"], CITY_ON[:4])
    story.check_equal("the same claim by the city is refused by the home county's ledger", because, expected)
