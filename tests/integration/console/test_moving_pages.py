"""Pages that move people between households, in front of the real register: chosen by head, refused in the service's words, done."""

from __future__ import annotations

import re

import httpx

from tests.integration.console.own_pages import open_county
from tests.support.console import browser, sign_in
from tests.support.nodes import Nodes

HOUSEHOLDS = "/registry/v1/households"


def homes_on(page: httpx.Response) -> list[str]:
    """Households that may be chosen there."""
    return re.findall(r'<option value="([0-9a-f-]{36})">', page.text) or re.findall(r"other=([0-9a-f-]{36})", page.text)


def residents_of(page: httpx.Response) -> list[str]:
    return re.findall(r'href="/people/([0-9a-f-]{36})"', page.text)


async def test_somebody_moves_a_household_is_split_and_joined_again(nodes: Nodes) -> None:
    county = await open_county(nodes)
    alone = county.other
    async with browser(county.door) as client:  # type: ignore[arg-type]
        await sign_in(client, county.console)
        assert f"/people/{alone}/move" in (await client.get(f"/people/{alone}")).text
        nowhere = await client.get(f"/people/{alone}/move", params={"township": "雅酉镇"})
        [home] = homes_on(await client.get(f"/people/{alone}/move"))
        second_head = await client.post(f"/people/{alone}/move", data={"household": home})
        moved = await client.post(f"/people/{alone}/move", data={"household": home, "kinship": "之子"})
        page = await client.get(f"/households/{home}")
        split_form = await client.get(f"/households/{home}/split")
        nobody = await client.post(f"/households/{home}/split", data={"number": "990001"})
        split = {"number": "990001", "member": alone, f"kinship.{alone}": "户主"}
        parted = await client.post(f"/households/{home}/split", data=split)
        formed = parted.headers["location"].rsplit("/", 1)[-1]
        choice = await client.get(f"/households/{home}/join")
        who = await client.get(f"/households/{home}/join", params={"other": formed})
        joined = await client.post(
            f"/households/{home}/join", params={"other": formed}, data={f"kinship.{alone}": "之子", "reason": "并回"}
        )
        after = residents_of(await client.get(f"/households/{home}"))
        forms = (await client.get("/households/new")).text
    assert homes_on(nowhere) == []
    assert (second_head.status_code, moved.headers["location"]) == (422, f"/people/{alone}")
    assert {f"/households/{home}/split", f"/households/{home}/join"} <= set(re.findall(r'href="([^"]+)"', page.text))
    assert f'value="{alone}"' in split_form.text
    assert nobody.status_code == 422
    assert formed in homes_on(choice)
    assert f"kinship.{alone}" in who.text
    assert joined.headers["location"] == f"/households/{home}"
    assert alone in after
    assert re.search(r'<option value="[^"]+村">花垣镇</option>', forms)
