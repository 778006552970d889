"""Where people would go, as they say it at the door: lists in any form, exceptions, refusals, words for home."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.rules.places import read_city, read_places

HUAYUAN = "433124"
# text -> destinations, elsewhere, refused, whether some part is no place
SAID: list[tuple[str, tuple[list[str], str, list[str], bool]]] = [
    ("深圳、长沙", (["440300", "430100"], "none", [], False)), ("1深圳2东莞", (["440300", "441900"], "none", [], False)),
    ("1.深圳 2.东莞", (["440300", "441900"], "none", [], False)),
    ("1.深圳2.东莞3.省内", (["440300", "441900"], "province", [], False)),
    ("1、深圳；2、东莞", (["440300", "441900"], "none", [], False)),
    ("①深圳②东莞③都可以", (["440300", "441900"], "anywhere", [], False)),
    ("⑴深圳 ⑵东莞", (["440300", "441900"], "none", [], False)), ("⒈深圳⒉东莞", (["440300", "441900"], "none", [], False)),
    ("（1）深圳（2）东莞", (["440300", "441900"], "none", [], False)),
    ("（一）深圳（二）东莞", (["440300", "441900"], "none", [], False)),
    ("㈠深圳㈡东莞", (["440300", "441900"], "none", [], False)),
    ("一、深圳；二、东莞", (["440300", "441900"], "none", [], False)),
    ("一是深圳，二是东莞", (["440300", "441900"], "none", [], False)),
    ("首选深圳，其次东莞，最后省内", (["440300", "441900"], "province", [], False)),
    ("首选深圳其次东莞", (["440300", "441900"], "none", [], False)),
    ("首选：深圳；次选：东莞", (["440300", "441900"], "none", [], False)),
    ("第一深圳，第二东莞", (["440300", "441900"], "none", [], False)),
    ("第一志愿深圳，第二志愿东莞", (["440300", "441900"], "none", [], False)),
    ("首先深圳，然后东莞", (["440300", "441900"], "none", [], False)),
    ("优先深圳，东莞也行", (["440300", "441900"], "none", [], False)),
    ("A.深圳 B.东莞", (["440300", "441900"], "none", [], False)),
    ("A深圳B东莞", (["440300", "441900"], "none", [], False)), ("a)深圳b)东莞", (["440300", "441900"], "none", [], False)),
    ("深圳>东莞>长沙", (["440300", "441900", "430100"], "none", [], False)),
    ("深圳→东莞", (["440300", "441900"], "none", [], False)), ("深圳/东莞", (["440300", "441900"], "none", [], False)),
    ("深圳\n东莞\n省内", (["440300", "441900"], "province", [], False)),
    ("深圳\r\n东莞", (["440300", "441900"], "none", [], False)),
    ("深圳 东莞 省内", (["440300", "441900"], "province", [], False)),
    ("深圳\u3000东莞", (["440300", "441900"], "none", [], False)),
    ("深 圳、东 莞", (["440300", "441900"], "none", [], False)),
    ("深圳;东莞；长沙", (["440300", "441900", "430100"], "none", [], False)),
    ("深圳|东莞", (["440300", "441900"], "none", [], False)),
    ("深圳,东莞.长沙", (["440300", "441900", "430100"], "none", [], False)),
    ("深圳。东莞", (["440300", "441900"], "none", [], False)), ("深圳·东莞", (["440300", "441900"], "none", [], False)),
    ("深圳和东莞", (["440300", "441900"], "none", [], False)), ("深圳或者东莞", (["440300", "441900"], "none", [], False)),
    ("深圳或东莞", (["440300", "441900"], "none", [], False)), ("深圳及东莞", (["440300", "441900"], "none", [], False)),
    ("深圳东莞", (["440300", "441900"], "none", [], False)), ("深圳-东莞", (["440300", "441900"], "none", [], False)),
    ("深圳 + 东莞", (["440300", "441900"], "none", [], False)), ("深圳\t东莞", (["440300", "441900"], "none", [], False)),
    ("深圳\u200b、东莞\ufeff", (["440300", "441900"], "none", [], False)),
    ("深圳、、东莞、", (["440300", "441900"], "none", [], False)), ("深圳，深圳市，广东深圳，深圳龙岗", (["440300"], "none", [], False)),
    ("广东省深圳市龙岗区", (["440300"], "none", [], False)), ("深圳市宝安区沙井", (["440300"], "none", [], False)),
    ("广东深圳市", (["440300"], "none", [], False)), ("广东（深圳）", (["440300"], "none", [], False)),
    ("广东(深圳、东莞)", (["440300", "441900"], "none", [], False)), ("广东-深圳", (["440300"], "none", [], False)),
    ("广东、深圳", (["44", "440300"], "none", [], False)), ("深圳（龙岗）", (["440300"], "none", [], False)),
    ("東莞、廣州、廈門、蘇州", (["441900", "440100", "350200", "320500"], "none", [], False)),
    ("溫州、寧波、濟南、青島、長沙、張家界、懷化", (["330300", "330200", "370100", "370200", "430100", "430800", "431200"], "none", [], False)),
    ("廣東省深圳市", (["440300"], "none", [], False)),
    ("廣東、湖南、山東、浙江、江蘇、福建、湖北", (["44", "37", "33", "32", "35", "42"], "province", [], False)),
    ("湖南省", ([], "province", [], False)), ("湖南", ([], "province", [], False)),
    ("湖南省内", ([], "province", [], False)), ("省內", ([], "province", [], False)),
    ("在省内", ([], "province", [], False)), ("省内都行", ([], "province", [], False)),
    ("省内其他地方也可以", ([], "province", [], False)), ("不出省", ([], "province", [], False)),
    ("县外省内", ([], "province", [], False)), ("州内", (["433100"], "none", [], False)),
    ("湘西州", (["433100"], "none", [], False)), ("湘西", (["433100"], "none", [], False)),
    ("湘西自治州", (["433100"], "none", [], False)), ("湖南湘西", (["433100"], "none", [], False)),
    ("湘西土家族苗族自治州", (["433100"], "none", [], False)), ("本州", (["433100"], "none", [], False)),
    ("縣內", (["433124"], "none", [], False)), ("本县城", (["433124"], "none", [], False)),
    ("县城", (["433124"], "none", [], False)), ("花垣县", (["433124"], "none", [], False)),
    ("花垣", (["433124"], "none", [], False)), ("花垣县内", (["433124"], "none", [], False)),
    ("在家门口就业", (["433124"], "none", [], False)), ("家门口上班", (["433124"], "none", [], False)),
    ("家附近", (["433124"], "none", [], False)), ("只在县内", (["433124"], "none", [], False)),
    ("不出县", (["433124"], "none", [], False)), ("吉首", (["433101"], "none", [], False)),
    ("哪里都行", ([], "anywhere", [], False)), ("哪里都可以", ([], "anywhere", [], False)),
    ("哪里都好", ([], "anywhere", [], False)), ("哪儿都行", ([], "anywhere", [], False)),
    ("去哪都行", ([], "anywhere", [], False)), ("都可以", ([], "anywhere", [], False)),
    ("都行", ([], "anywhere", [], False)), ("不限", ([], "anywhere", [], False)),
    ("地点不限", ([], "anywhere", [], False)), ("不限地区", ([], "anywhere", [], False)),
    ("全国各地", ([], "anywhere", [], False)), ("全国都行", ([], "anywhere", [], False)),
    ("随便", ([], "anywhere", [], False)), ("无所谓", ([], "anywhere", [], False)),
    ("服从安排", ([], "anywhere", [], False)), ("无要求", ([], "anywhere", [], False)),
    ("没有要求", ([], "anywhere", [], False)), ("其他也可以", ([], "anywhere", [], False)),
    ("其它也行", ([], "anywhere", [], False)), ("深圳，其他也可以", (["440300"], "anywhere", [], False)),
    ("深圳优先，其他都可以", (["440300"], "anywhere", [], False)), ("深圳，别处也行", (["440300"], "anywhere", [], False)),
    ("深圳或其他城市都可以", (["440300"], "anywhere", [], False)), ("深圳，都可以", (["440300"], "anywhere", [], False)),
    ("深圳、东莞都可以", (["440300", "441900"], "none", [], False)), ("广东都行", (["44"], "none", [], False)),
    ("深圳也可以", (["440300"], "none", [], False)), ("", ([], "anywhere", [], False)),
    ("无", ([], "anywhere", [], False)), ("不去济南", ([], "anywhere", ["370100"], False)),
    ("深圳、不去济南", (["440300"], "none", ["370100"], False)), ("不去济南，深圳", (["440300"], "none", ["370100"], False)),
    ("不去济南和青岛", ([], "anywhere", ["370100", "370200"], False)), ("不去山东济南", ([], "anywhere", ["370100"], False)),
    ("不想去广东", ([], "anywhere", ["44"], False)), ("不考虑济南", ([], "anywhere", ["370100"], False)),
    ("济南不考虑", ([], "anywhere", ["370100"], False)), ("济南不去", ([], "anywhere", ["370100"], False)),
    ("济南不想去", ([], "anywhere", ["370100"], False)), ("山东的不考虑", ([], "anywhere", ["37"], False)),
    ("不愿去济南", ([], "anywhere", ["370100"], False)), ("深圳（不去龙岗）", (["440300"], "none", ["440300"], False)),
    ("除济南外都行", ([], "anywhere", ["370100"], False)), ("除济南外，都行", ([], "anywhere", ["370100"], False)),
    ("除了济南以外哪里都行", ([], "anywhere", ["370100"], False)), ("除了济南都可以", ([], "anywhere", ["370100"], False)),
    ("除了山东济南之外其他地方都可以", ([], "anywhere", ["370100"], False)),
    ("除济南、青岛外都行", ([], "anywhere", ["370100", "370200"], False)),
    ("除济南和青岛外均可", ([], "anywhere", ["370100", "370200"], False)), ("除广东外都行", ([], "anywhere", ["44"], False)),
    ("除 济南 外 都行", ([], "anywhere", ["370100"], False)), ("除濟南外都行", ([], "anywhere", ["370100"], False)),
    ("深圳，除济南外都行", (["440300"], "anywhere", ["370100"], False)), ("济南除外，其他都行", ([], "anywhere", ["370100"], False)),
    ("都可以，济南除外", ([], "anywhere", ["370100"], False)), ("除深圳外不去", (["440300"], "none", [], False)),
    ("除了深圳都不去", (["440300"], "none", [], False)), ("只去深圳，其他不考虑", (["440300"], "none", [], False)),
    ("深圳，其他地方不去", (["440300"], "none", [], False)), ("只想去深圳", (["440300"], "none", [], False)),
    ("沿海", ([], "none", [], True)), ("珠三角", ([], "none", [], True)), ("表哥那里", ([], "none", [], True)),
    ("长三角", ([], "none", [], True)), ("厂多的地方", ([], "none", [], True)), ("大城市", ([], "none", [], True)),
    ("广州、沿海", (["440100"], "none", [], True)), ("广州 沿海", (["440100"], "none", [], True)),
    ("沿海，其他也可以", ([], "anywhere", [], True)), ("沿海城市", ([], "none", [], True)), ("沿海地区都行", ([], "none", [], True)),
    ("江浙沪", ([], "none", [], True)), ("外省", ([], "none", [], True)), ("上海", (["31"], "none", [], False)),
    ("北京市", (["11"], "none", [], False)), ("呼和浩特", (["150100"], "none", [], False)),
    ("想去深圳打工", (["440300"], "none", [], False)), ("深圳的电子厂", (["440300"], "none", [], False)),
    ("到深圳去", (["440300"], "none", [], False)), ("希望去长沙", (["430100"], "none", [], False)),
    ("长沙为主", (["430100"], "none", [], False)), ("长沙附近", (["430100"], "none", [], False)),
    ("深圳、东莞等地", (["440300", "441900"], "none", [], False)), ("深圳等", (["440300"], "none", [], False)),
    ("深圳 等", (["440300"], "none", [], False)), ("东莞长安", (["441900"], "none", [], False)),
    ("广州番禺、佛山顺德", (["440100", "440600"], "none", [], False)), ("东莞 虎门", (["441900"], "none", [], False)),
    ("苏州昆山", (["320500"], "none", [], False)), ("昆山", (["320500"], "none", [], False)),
    ("番禺", (["440100"], "none", [], False)), ("长沙县", (["430100"], "none", [], False)),
    ("长沙星沙", (["430100"], "none", [], False)), ("浏阳", (["430100"], "none", [], False)),
    ("深圳龙岗、长沙望城、济南历城", (["440300", "430100", "370100"], "none", [], False)),
    ("深圳 龙岗", (["440300"], "none", [], False)), ("第1：深圳 第2：广东", (["440300", "44"], "none", [], False)),
    ("首选省内，其次深圳", (["440300"], "province", [], False)), ("省内优先", ([], "province", [], False)),
    ("最好是长沙", (["430100"], "none", [], False)), ("最好省内", ([], "province", [], False)),
    ("长沙 深圳 其他也可以 不去济南", (["430100", "440300"], "anywhere", ["370100"], False)),
    ("长沙；不去 济南", (["430100"], "none", ["370100"], False)),
    ("長沙\n深圳\n不去濟南", (["430100", "440300"], "none", ["370100"], False)),
    ("①长沙 ②深圳 ③不去济南", (["430100", "440300"], "none", ["370100"], False)),
    ("1)长沙 2)深圳", (["430100", "440300"], "none", [], False)),
    ("1）长沙；2）深圳；3）其他也可以", (["430100", "440300"], "anywhere", [], False)),
    ("1:长沙 2:深圳", (["430100", "440300"], "none", [], False)),
    ("1-长沙 2-深圳", (["430100", "440300"], "none", [], False)),
    ("１．长沙\u3000２．深圳", (["430100", "440300"], "none", [], False)),
    ("第一选择长沙，第二选择深圳，第三其他也可以", (["430100", "440300"], "anywhere", [], False)),
    ("首选 长沙，其次 深圳，再次 广东", (["430100", "440300", "44"], "none", [], False)),
    ("主要长沙，备选深圳", (["430100", "440300"], "none", [], False)),
    ("先长沙后深圳", (["430100", "440300"], "none", [], False)), ("【长沙】【深圳】", (["430100", "440300"], "none", [], False)),
    ("“长沙”“深圳”", (["430100", "440300"], "none", [], False)), ("长沙＼深圳", (["430100", "440300"], "none", [], False)),
    ("长沙～深圳", (["430100", "440300"], "none", [], False)), ("长沙＆深圳", (["430100", "440300"], "none", [], False)),
    ("长沙、深圳 ", (["430100", "440300"], "none", [], False)), ("中山", (["442000"], "none", [], False)),
    ("广东中山市", (["442000"], "none", [], False)),
]  # fmt: skip
RELATIVES: list[tuple[str, tuple[str | None, bool]]] = [
    ("深圳", ("440300", False)), ("表哥那里", (None, True)), ("表哥在深圳", ("440300", False)), ("广东", (None, False)),
    ("上海", ("310000", False)), ("深圳、东莞", ("440300", False)), ("无", (None, False)), ("没有", (None, False)),
    ("", (None, False)), ("深圳龙岗", ("440300", False)), ("湖南省长沙市", ("430100", False)),
    ("姐姐在东莞打工", ("441900", False)), ("深圳，老乡", ("440300", True)), ("縣內", ("433124", False)), ("/", (None, False)),
    ("-", (None, False)), ("東莞", ("441900", False)), ("沿海", (None, True)), ("广东省", (None, False)),
    ("湖南", (None, False)), ("省内", (None, False)), ("东莞（哥哥）", ("441900", False)),
]  # fmt: skip
MARKS = [
    "、",
    "，",
    ",",
    "；",
    ";",
    "/",
    "|",
    " ",
    "　",
    "\n",
    "\r\n",
    "+",
    "。",
    "·",
    "&",
    "\\",
    "→",
    " > ",
    "—",
    "和",
    "或",
]


@pytest.mark.parametrize(("text", "meaning"), SAID)
def test_a_wish_for_places_is_understood(text: str, meaning: tuple[list[str], str, list[str], bool]) -> None:
    places = read_places(text, HUAYUAN)
    elsewhere = "anywhere" if places.only_refuses else places.elsewhere
    assert (places.destinations, elsewhere, sorted(places.refused), places.unknown) == meaning


@pytest.mark.parametrize(("text", "meaning"), RELATIVES)
def test_the_city_of_relatives_is_understood(text: str, meaning: tuple[str | None, bool]) -> None:
    assert read_city(text, HUAYUAN) == meaning


@given(
    st.lists(
        st.sampled_from(["深圳", "长沙市", "广东东莞", "湖南省怀化市", "济南"]), min_size=2, max_size=5, unique=True
    ),
    st.sampled_from(MARKS),
)
def test_any_mark_between_cities_keeps_their_order(cities: list[str], mark: str) -> None:
    alone = [read_places(city, HUAYUAN).destinations[0] for city in cities]
    assert read_places(mark.join(cities), HUAYUAN).destinations == alone


@given(st.text(alphabet="深圳长沙东莞省内州县都可以不去除外其他也行，、 \n（）-12①首选", max_size=24))
def test_any_jumble_of_places_is_read_without_a_fault(text: str) -> None:
    places = read_places(text, HUAYUAN)
    assert len(set(places.destinations)) == len(places.destinations)
