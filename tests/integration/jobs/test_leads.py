"""A post heard of over HTTP: noted, dropped with a reason, or become a vacancy, once."""

from __future__ import annotations

from services.jobs.app import SERVICE
from tests.integration.jobs.test_employers import FIRM, TODAY, enter
from tests.support.nodes import Nodes, client_of

LEADS = "/jobs/v1/leads"
HEARD = {"source": "villager", "employer_name": "深圳参宿食品有限公司", "title": "叉车司机", "heard_on": TODAY}


async def test_a_lead_becomes_one_vacancy_or_is_dropped(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, "n440300")
    async with client_of(context) as client, client_of(context, "employer", organisation=FIRM) as firm:
        await enter(client)
        lead, other = [(await client.post(LEADS, json=HEARD)).json()["id"] for _ in range(2)]
        entered = {"employer_uscc": FIRM, "title": "叉车司机", "openings": 2, "wage": 4500, "on": TODAY, "lead": lead}
        made = await client.post("/jobs/v1/vacancies", json=entered)
        again = await client.post("/jobs/v1/vacancies", json=entered)
        assert (made.status_code, again.status_code) == (201, 409)
        assert len((await client.get("/jobs/v1/vacancies")).json()["items"]) == 1
        became = (await client.get(f"{LEADS}/{lead}")).json()
        assert (became["state"], became["vacancy"]) == ("listed", made.json()["id"])
        assert (await client.post(f"{LEADS}/{lead}/drop", json={"reason": "已招满"})).status_code == 409
        dropped = await client.post(f"{LEADS}/{other}/drop", json={"reason": "单位已招满", "on": TODAY})
        assert (dropped.json()["state"], dropped.json()["closed_because"]) == ("dropped", "单位已招满")
        assert (await client.get(LEADS, params={"state": "open"})).json()["items"] == []
        assert (await firm.get(LEADS)).status_code == 403
        assert (await firm.post("/jobs/v1/vacancies", json={**entered, "lead": other})).status_code == 403
