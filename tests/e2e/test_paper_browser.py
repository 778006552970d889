"""What is printed in a real browser, in front of the real services, is clean paper; and a list leaves by its link as a workbook."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from playwright.async_api import Page, expect
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from services.console.rendering.qr import qr
from tests.integration.console.test_real_neighbours import open_node
from tests.support.browser import enter, follow, tab
from tests.support.nodes import Nodes

pytestmark = pytest.mark.browser
A4 = (595, 842)
WHOLE_NUMBER = re.compile(r"\d{17}[\dX]|1\d{10}")


async def printed(page: Page) -> PdfReader:
    """The page as the browser prints it, on the paper that its styles ask for."""
    return PdfReader(io.BytesIO(await page.pdf(prefer_css_page_size=True)))


def sizes(paper: PdfReader) -> set[tuple[int, int]]:
    return {(round(one.mediabox.width), round(one.mediabox.height)) for one in paper.pages}


def words(paper: PdfReader) -> list[str]:
    return [re.sub(r"\s+", "", unicodedata.normalize("NFKC", page.extract_text())) for page in paper.pages]


async def for_the_cabinet(page: Page, address: str, person: str) -> None:
    """In plain, with why on the paper and on the person's trail; the others of the household stay masked."""
    await page.click(".tools summary")
    await page.fill("#plain input[name=reference]", "存档第 8 号")
    await follow(page, "#plain button")
    await expect(page.locator("#facts td").first).not_to_contain_text("*")
    await expect(page.locator("#household tbody tr").first).to_contain_text("*")
    (text,) = words(await printed(page))
    assert WHOLE_NUMBER.search(text)
    assert "未遮盖:核实身份,存档第8号" in text
    await page.goto(f"{address}/people/{person}")
    await expect(page.locator("#accesses")).to_contain_text("存档第 8 号")


async def test_card_register_and_index_print_clean_on_a4(nodes: Nodes) -> None:
    door, context = await open_node(nodes, "n433124")
    async with tab(context, app=door) as (page, address, complaints):
        await enter(page, address, context)
        await page.goto(f"{address}/people")
        await follow(page, page.locator("td a[href^='/people/']").first)
        person = page.url.rsplit("/", 1)[-1]
        await follow(page, "a[href$='/card']")
        # Nobody's data in it: it is the picture of the page's address and of nothing else.
        told = await page.locator("svg.qr path").last.get_attribute("d")
        assert told
        assert f'd="{told}"' in qr(f"{context.settings.gateway}/people/{person}", scale=3)
        await expect(page.locator("#facts td").first).to_contain_text("*")
        await expect(page.locator("#household tbody tr").first).to_contain_text("*")
        card = await printed(page)
        assert (len(card.pages), sizes(card)) == (1, {A4})
        (text,) = words(card)
        assert person not in text
        assert "1/1" in text
        assert "求职意愿" in text
        assert not WHOLE_NUMBER.search(text)
        assert "Excel" not in text
        assert "A4" not in text  # what belongs to the screen stays there

        await for_the_cabinet(page, address, person)
        await page.goto(f"{address}/people/townships")
        rows = await page.locator("#townships tbody tr").count()
        index = await printed(page)
        assert sizes(index) == {A4}
        assert rows > 5
        first = page.locator("#townships a[href*='village=']").first
        await follow(page, first)
        await expect(page.locator("section.village")).to_have_count(1)
        await page.goto(page.url.split("&village")[0])
        villages = await page.locator("section.village").count()
        register = await printed(page)
        assert villages > 1
        assert len(register.pages) >= villages
        assert sizes(register) == {(A4[1], A4[0])}
        pages = words(register)
        assert all("证件号码" in each for each in pages), "heads stand on each page"
        assert all(f"{number}/{len(pages)}" in each for number, each in enumerate(pages, 1))
        assert complaints == []


async def test_a_list_leaves_by_its_link_with_the_filters_of_the_page(nodes: Nodes) -> None:
    door, context = await open_node(nodes, "n433124")
    async with tab(context, app=door) as (page, address, complaints):
        await enter(page, address, context)
        await page.goto(f"{address}/people?labourer=true&township=花垣镇")
        async with page.expect_download() as asked:
            await page.click("a[href^='/people.xlsx']")
        taken = await asked.value
        book = CalamineWorkbook.from_path(str(await taken.path()))
        total = await page.locator("#total").inner_text()
        rows = book.get_sheet_by_index(0).to_python()[3:]
        assert (taken.suggested_filename.startswith("人员名册-n433124-"), str(len(rows))) == (True, total.split()[0])
        assert complaints == []
