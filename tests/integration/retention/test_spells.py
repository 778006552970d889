"""A spell starts in the city, the county hears of it, and it ends: over two offices with databases of their own."""

from __future__ import annotations

from datetime import date

from libs.common.events.matching import IntroductionReleased
from libs.common.events.retention import RetentionIndicatorsStated, SituationChanged, SpellReported, SpellStarted
from services.retention.app import SERVICE
from tests.support.keeping import OTHER_FIRM, Hired, hire, start, told_by
from tests.support.nodes import Nodes, carry, client_of
from tests.support.telling import tell

COUNTY, CITY = "n433124", "n440300"


async def test_a_spell_that_starts_in_the_city_reaches_the_county(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    async with client_of(city) as door, client_of(county) as home:
        spell = await start(door, hired)
        await carry(county, city)
        [copy] = (await home.get("/retention/v1/spells")).json()["items"]
    assert spell["guest"] == str(hired.guest)
    assert spell["person"] is None, "the city knows the guest alone"
    assert copy["id"] == spell["id"]
    assert copy["person"] == str(hired.person)
    assert (copy["start"], copy["wage_fen"], copy["end"]) == ("2017-02-20", 380000, None)


async def test_the_registry_and_the_province_hear_of_it(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    async with client_of(city) as door:
        await start(door, hired)
    await carry(county, city)
    [situation] = await told_by(county, SituationChanged)
    assert (situation.person, situation.work_place, situation.channel) == (hired.person, "04", "帮扶就业")
    [stated] = await told_by(county, RetentionIndicatorsStated)
    assert (stated.as_of, stated.figures["in_work"], stated.figures["wage_sum_fen"]) == (date(2017, 2, 20), 1, 380000)
    assert await told_by(city, RetentionIndicatorsStated) == [], "the city states nothing about guests"


async def test_nobody_starts_before_being_hired_or_twice(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    body = {"introduction": str(hired.introduction), "start": "2017-02-20", "wage_fen": 380000}
    async with client_of(city) as door, client_of(county) as home:
        assert (await home.post("/retention/v1/spells", json=body)).status_code == 409
        await start(door, hired)
        again = await door.post("/retention/v1/spells", json=body)
        unknown = await door.post(
            "/retention/v1/spells", json={**body, "introduction": "01890a5d-ac96-774b-bcce-b302099a8057"}
        )
        future = await door.post("/retention/v1/spells", json={**body, "start": "2999-01-01"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:xieli:problem:already-in-work")
    assert unknown.status_code == 404
    assert future.json()["errors"][0]["pointer"] == "/start"


async def test_whoever_does_not_have_the_place_any_more_begins_no_spell_and_ends_one_that_began_meanwhile(
    nodes: Nodes,
) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    gone, crossed = await hire(county, city), await hire(county, city)

    def released(hired: Hired) -> IntroductionReleased:
        place = {"introduction": hired.introduction, "county": "433124", "city": "440300", "vacancy": hired.vacancy}
        return IntroductionReleased(**place, on=date(2017, 3, 1), turn=6, state="cancelled")

    async with client_of(city) as door, client_of(county) as home:
        spell = await start(door, crossed)
        await tell(city, released(gone), released(crossed), service="matching")
        body = {"introduction": str(gone.introduction), "start": "2017-03-02", "wage_fen": 380000}
        assert (await door.post("/retention/v1/spells", json=body)).json()["type"] == "urn:xieli:problem:not-hired"
        ended = (await door.get(f"/retention/v1/spells/{spell['id']}")).json()
        assert (ended["end"], ended["reason"]) == ("2017-03-01", "other_job")
        await carry(county, city)
        assert (await home.get(f"/retention/v1/spells/{spell['id']}")).json()["end"] == "2017-03-01"


async def test_a_repeated_request_starts_one_spell(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    body = {"introduction": str(hired.introduction), "start": "2017-02-20", "wage_fen": 380000}
    async with client_of(city) as door:
        answers = [
            await door.post("/retention/v1/spells", json=body, headers={"Idempotency-Key": "one"}) for _ in range(2)
        ]
    assert answers[0].json() == answers[1].json()
    assert len(await told_by(city, SpellStarted)) == 1


async def test_who_returned_home_is_out_of_work_and_the_figures_follow(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired, other = await hire(county, city), await hire(county, city)
    async with client_of(city) as door, client_of(county) as home:
        spell = await start(door, hired)
        await start(door, other, on="2017-04-01", wage_fen=400000)
        await carry(county, city)
        end = {"end": "2017-03-15", "reason": "family", "returned_home": True}
        assert (await door.post(f"/retention/v1/spells/{spell['id']}/end", json=end)).status_code == 200
        assert (await door.post(f"/retention/v1/spells/{spell['id']}/end", json=end)).status_code == 409
        await carry(county, city)
        copy = (await home.get(f"/retention/v1/spells/{spell['id']}")).json()
    assert (copy["end"], copy["reason"], copy["returned_home"]) == ("2017-03-15", "family", True)
    last = (await told_by(county, SituationChanged))[-1]
    assert (last.person, last.work_place, last.since) == (hired.person, None, date(2017, 3, 16))
    stated = {s.as_of: s.figures for s in await told_by(county, RetentionIndicatorsStated)}
    assert [stated[day]["in_work"] for day in sorted(stated)] == [1, 0, 1], (
        "February, March, April: restated after the end"
    )
    assert stated[date(2017, 4, 1)]["placed"] == 2


async def test_a_correction_needs_the_version_that_was_read_and_reaches_the_county(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    async with client_of(city) as door, client_of(county) as home:
        spell = await start(door, hired)
        path = f"/retention/v1/spells/{spell['id']}"
        read = (await door.get(path)).headers["ETag"]
        assert (await door.patch(path, json={"wage_fen": 390000})).status_code == 428
        assert (await door.patch(path, json={"wage_fen": 390000}, headers={"If-Match": read})).status_code == 200
        assert (await door.patch(path, json={"wage_fen": 400000}, headers={"If-Match": read})).status_code == 412
        await carry(county, city)
        copy = await home.get(path)
        assert copy.json()["wage_fen"] == 390000
        mine = {"If-Match": copy.headers["ETag"]}
        assert (await home.patch(path, json={"wage_fen": 1}, headers=mine)).status_code == 409, "the city keeps it"
    assert len(await told_by(city, SpellReported)) == 2


async def test_an_employer_sees_and_starts_its_own_alone(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    mine, theirs = await hire(county, city, firm=OTHER_FIRM), await hire(county, city)
    async with client_of(city, role="employer", organisation=OTHER_FIRM) as firm, client_of(city) as door:
        spell = await start(firm, mine)
        other = await start(door, theirs)
        body = {"introduction": str(theirs.introduction), "start": "2017-02-20", "wage_fen": 1}
        assert (await firm.post("/retention/v1/spells", json=body)).status_code == 404
        assert [item["id"] for item in (await firm.get("/retention/v1/spells")).json()["items"]] == [spell["id"]]
        assert (await firm.get(f"/retention/v1/spells/{other['id']}")).status_code == 404
        assert (await firm.get("/retention/v1/claims")).status_code == 403
        assert (await firm.get("/retention/v1/retention-rate?month=1")).status_code == 403


async def test_a_cadre_sees_the_own_township_and_another_region_nothing(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    here, there = await hire(county, city, township="花垣镇"), await hire(county, city, township="边城镇")
    async with client_of(city) as door:
        for hired in (here, there):
            await start(door, hired)
    await carry(county, city)
    async with (
        client_of(county, role="cadre", regions=["433124:花垣镇"]) as cadre,
        client_of(county, regions=["433126"]) as stranger,
    ):
        seen = (await cadre.get("/retention/v1/spells")).json()["items"]
        assert [item["person"] for item in seen] == [str(here.person)]
        assert (await stranger.get("/retention/v1/spells")).status_code == 403


async def test_a_docking_centre_in_the_city_sees_its_own_county_and_changes_nothing(nodes: Nodes) -> None:
    county, other, city = (
        await nodes.open(SERVICE, COUNTY),
        await nodes.open(SERVICE, "n433126"),
        await nodes.open(SERVICE, CITY),
    )
    mine, theirs = await hire(county, city), await hire(other, city)
    async with client_of(city) as door, client_of(city, "station", regions=["433124"]) as centre:
        spells = [await start(door, hired) for hired in (mine, theirs)]
        seen = (await centre.get("/retention/v1/spells")).json()["items"]
        assert [spell["id"] for spell in seen] == [spells[0]["id"]]
        end = {"end": "2017-03-01", "reason": "own_wish"}
        assert (await centre.post(f"/retention/v1/spells/{spells[0]['id']}/end", json=end)).status_code == 403
        rate = (await centre.get("/retention/v1/retention-rate?month=1&as_of=2017-04-01")).json()
    assert rate["any_employer"]["denominator"] == 1


async def test_the_list_goes_page_by_page_and_by_filter(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    async with client_of(city) as door:
        spells = [await start(door, await hire(county, city)) for _ in range(5)]
        await door.post(f"/retention/v1/spells/{spells[0]['id']}/end", json={"end": "2017-03-01", "reason": "own_wish"})
        seen, after = [], ""
        while True:
            page = (await door.get(f"/retention/v1/spells?limit=2{after}")).json()
            seen += [item["id"] for item in page["items"]]
            if not page["next"]:
                break
            after = f"&after={page['next']}"
        assert seen == [spell["id"] for spell in spells]
        assert len((await door.get("/retention/v1/spells?open=true")).json()["items"]) == 4
        assert (await door.get("/retention/v1/spells?after=rubbish")).status_code == 422


async def test_a_month_outside_the_spell_has_no_wage(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    async with client_of(city) as door:
        spell = await start(door, await hire(county, city))
        path = f"/retention/v1/spells/{spell['id']}/wages"
        paid = {"month": "2017-03", "amount_fen": 382000, "evidence": "wage_line"}
        assert (await door.post(path, json=paid)).status_code == 201
        assert (await door.post(path, json={**paid, "amount_fen": 383000})).status_code == 201, (
            "stated again, it replaces"
        )
        assert (await door.post(path, json={**paid, "month": "2017-01"})).json()["errors"][0]["code"] == "outside_spell"
        wages = (await door.get(f"/retention/v1/spells/{spell['id']}")).json()["wages"]
    assert [(wage["month"], wage["amount_fen"]) for wage in wages] == [("2017-03", 383000)]
