"""Words of the wishes sheet to codes: certificates, restrictions, aids, trades, training, couples, yes and no."""

from __future__ import annotations

import pytest

from services.registry.rules.words import (
    ACCOMMODATIONS,
    CERTIFICATES,
    NEEDS,
    NOT_HELD,
    NOT_NEEDED,
    RESTRICTIONS,
    read_codes,
    read_occupation,
    read_reason,
    read_together,
    read_training,
    read_years,
    read_yes_no,
)

Codes = tuple[tuple[str, ...], bool]
HELD: list[tuple[str, Codes]] = [
    ("叉车证", (("forklift",), False)), ("叉车、焊工", (("forklift", "welding"), False)),
    ("焊工证/电工证", (("electrician", "welding"), False)), ("1.焊工证2.电工证", (("electrician", "welding"), False)),
    ("焊工证 电工证", (("electrician", "welding"), False)), ("焊工证\n电工证", (("electrician", "welding"), False)),
    ("①焊工②电工", (("electrician", "welding"), False)), ("C1驾照", (("driving",), False)),
    ("C1驾驶证", (("driving",), False)), ("驾驶证（C1）", (("driving",), False)), ("驾照C1", (("driving",), False)),
    ("B2驾照、叉车证", (("driving", "forklift"), False)), ("A2驾驶证", (("driving",), False)), ("无", ((), False)),
    ("没有", ((), False)), ("", ((), False)), ("/", ((), False)), ("-", ((), False)), ("茶艺师证", ((), True)),
    ("茶艺师证、叉车证", (("forklift",), True)), ("无证书", ((), False)), ("无证", ((), False)), ("暂无", ((), False)),
    ("高级育婴师", (("infant_care",), False)), ("養老護理員證", (("elderly_care",), False)), ("駕駛證", (("driving",), False)),
    ("叉車證", (("forklift",), False)), ("焊工證、電工證", (("electrician", "welding"), False)), ("廚師證", (("cook",), False)),
    ("初级厨师", (("cook",), False)), ("有叉车证", (("forklift",), False)), ("叉车操作证（N1）", (("forklift",), False)),
    ("焊工（初级）", (("welding",), False)), ("低压电工作业证", (("electrician",), False)),
    ("育婴员四级", (("infant_care",), False)), ("电工证3年", (("electrician",), False)), ("叉车 证", (("forklift",), False)),
    ("叉 车 证", (("forklift",), False)), ("焊 工 证、电工证", (("electrician", "welding"), False)), ("无叉车证", ((), False)),
    ("没有证", ((), False)), ("计算机二级", ((), True)), ("会计证", ((), True)), ("无人机驾驶证", (("driving",), False)),
    ("焊工证和电工证", (("electrician", "welding"), False)),
    ("焊工证,电工证;叉车证", (("electrician", "forklift", "welding"), False)), ("否", ((), False)), ("×", ((), False)),
]  # fmt: skip
NOT_ABLE: list[tuple[str, Codes]] = [
    ("高空", (("heights",), False)), ("恐高", (("heights",), False)), ("恐高症", (("heights",), False)),
    ("不能上夜班", (("night",), False)), ("不能熬夜", (("night",), False)), ("夜班、久站", (("night", "standing"), False)),
    ("重体力活", (("lifting",), False)), ("不能搬重物", (("lifting",), False)), ("接触化学品", (("chemicals",), False)),
    ("油漆过敏", (("chemicals",), False)), ("站不久", (("standing",), False)), ("不能久站", (("standing",), False)),
    ("眼睛不好", (("fine_vision",), False)), ("听力要求高的", (("hearing",), False)), ("听不见", (("hearing",), False)),
    ("怕吵", (("noise",), False)), ("噪音大的", (("noise",), False)), ("1、高空 2、夜班", (("heights", "night"), False)),
    ("高空 夜班 久站", (("heights", "night", "standing"), False)), ("高空\n夜班", (("heights", "night"), False)),
    ("（1）高空（2）夜班", (("heights", "night"), False)), ("晕车", ((), True)), ("高空、怕冷", (("heights",), True)),
    ("无", ((), False)), ("没有", ((), False)), ("", ((), False)), ("无尘车间", ((), True)), ("無", ((), False)),
    ("重體力", (("lifting",), False)), ("夜 班", (("night",), False)),
    ("高空作业；重体力劳动；接触化学品", (("chemicals", "heights", "lifting"), False)), ("高空和夜班", (("heights", "night"), False)),
    ("高空夜班", (("heights", "night"), False)), ("化學品、聽力", (("chemicals", "hearing"), False)),
    ("高空/夜班/重体力", (("heights", "lifting", "night"), False)), ("无限制", ((), False)), ("無特殊要求", ((), False)),
    ("不能上夜班，眼睛不好，怕吵", (("fine_vision", "night", "noise"), False)), ("都可以", ((), False)), ("都能做", ((), False)),
    ("不限", ((), False)), ("不要上夜班", (("night",), False)), ("不想上夜班", (("night",), False)),
]  # fmt: skip
AIDS: list[tuple[str, Codes]] = [
    ("手语", (("sign_language",), False)), ("需手语翻译", (("sign_language",), False)), ("无障碍", (("wheelchair",), False)),
    ("无障碍设施", (("wheelchair",), False)), ("坐轮椅", (("wheelchair",), False)),
    ("坐岗、无障碍", (("seated", "wheelchair"), False)), ("坐着干的活", (("seated",), False)), ("安静环境", (("quiet",), False)),
    ("专人带", ((), True)), ("无", ((), False)), ("無障礙", (("wheelchair",), False)),
    ("手語", (("sign_language",), False)), ("安靜", (("quiet",), False)), ("不需要", ((), False)), ("无需", ((), False)),
    ("不用", ((), False)), ("手语翻译 坐岗", (("seated", "sign_language"), False)), ("没有电梯不行", ((), True)),
    ("坐岗\n手语", (("seated", "sign_language"), False)), ("无特殊需要", ((), False)), ("坐 岗", (("seated",), False)),
]  # fmt: skip
NEEDED: list[tuple[str, tuple[str, ...]]] = [
    ("包吃住", ("board", "lodging")), ("包吃、包住", ("board", "lodging")), ("包吃包住", ("board", "lodging")),
    ("包吃", ("board",)), ("管吃管住", ("board", "lodging")), ("管吃住", ("board", "lodging")),
    ("包住、社保", ("insurance", "lodging")), ("吃住", ("lodging",)), ("住宿", ("lodging",)), ("提供住宿", ("lodging",)),
    ("社保", ("insurance",)), ("買社保", ("insurance",)), ("包吃住+社保", ("board", "insurance", "lodging")),
    ("1.包吃 2.社保", ("board", "insurance")), ("包吃 包住 社保", ("board", "insurance", "lodging")), ("", ()), ("无", ()),
    ("包 吃", ("board",)), ("要包吃包住，要有社保", ("board", "insurance", "lodging")), ("无要求", ()), ("不需要包吃住", ()),
    ("社保、包吃（中餐）", ("board", "insurance")),
]  # fmt: skip
WORK: list[tuple[str, str | None]] = [
    ("普工", "普工"), ("首饰普工", "首饰普工"), ("电子厂", "电子"), ("汽车厂", "汽车零部件"), ("电子厂普工", "普工"), ("服装厂、普工", "服装"),
    ("不限", None), ("", None), ("都可以", None), ("叉车司机、普工", "叉车司机"), ("1.缝纫工2.普工", "缝纫工"), ("想做缝纫工", "缝纫工"),
    ("首选普工，其次保安员", "普工"), ("随便、普工", "普工"), ("玻璃厂", "玻璃制造"), ("首饰厂", "首饰加工"), ("餐饮服务", "餐饮"), ("餐饮服务员", "服务员"),
    ("物流公司", "物流"), ("物业保安员", "保安员"), ("家政", "家政"), ("家政员", "家政员"), ("養老護理員", "养老护理员"), ("電子廠", "电子"),
    ("縫紉工", "缝纫工"), ("焊錫工", "焊锡工"), ("水電工", "水电工"), ("鑲石工", "镶石工"), ("普 工", "普工"), ("缝纫工 普工", "缝纫工"),
    ("保安員", "保安员"), ("①传菜员②服务员", "传菜员"), ("(1)普工(2)门卫", "普工"), ("门卫/保洁员", "门卫"), ("跟表哥一起、普工", "普工"),
    ("手工包裝工", "手工包装工"), ("質檢員", "质检员"), ("裝配工", "装配工"), ("汽车零部件", "汽车零部件"), ("服装 普工", "服装"), ("普工（电子厂）", "普工"),
    ("電子廠、普工", "电子"), ("冲压工", "冲压工"), ("冲壓工", "冲压工"), ("衝壓工", "冲压工"), ("綠化工", "绿化工"), ("門衛", "门卫"), ("洗碗工", "洗碗工"),
    ("宿舍管理員", "宿舍管理员"), ("維修工", "维修工"), ("裝卸工", "装卸工"), ("分揀員", "分拣员"), ("絲印工", "丝印工"), ("拋光工", "抛光工"),
    ("品檢員", "品检员"), ("貼片操作員", "贴片操作员"), ("執模學徒", "执模学徒"), ("車位學徒", "车位学徒"), ("熨燙工", "熨烫工"), ("食堂幫廚", "食堂帮厨"),
    ("打包員", "打包员"), ("切配工", "切配工"), ("傳菜員", "传菜员"), ("服務員", "服务员"), ("月嫂", "月嫂"), ("叉車司機", "叉车司机"), ("技術員", "技术员"),
    ("首飾普工", "首饰普工"), ("物業", "物业"),
]  # fmt: skip
TRAINING: list[tuple[str, str | None]] = [
    ("电工", "电工"), ("想学电工", "电工"), ("电工培训", "电工"), ("无", None), ("", None), ("订单班", "订单班"), ("參加訂單班", "订单班"),
    ("養老護理", "养老护理"), ("叉车、电工", "叉车"), ("烹饪", "烹饪"), ("烹飪", "烹饪"), ("电商", "电商"), ("不想", None), ("縫紉", "缝纫"),
    ("學電商", "电商"), ("茶艺", None), ("育嬰", "育婴"), ("电 工", "电工"), ("不学电工", None), ("焊工或叉车", "焊工"),
]  # fmt: skip
TOGETHER: list[tuple[str, str | None]] = [
    ("必须", "only"), ("必须一起", "only"), ("必須一起", "only"), ("希望", "preferred"), ("希望一起", "preferred"),
    ("最好", "preferred"), ("最好一起", "preferred"), ("否", None), ("", None), ("不必须", None), ("是", None),
    ("必 须", "only"), ("必须同往，否则不去", "only"), ("希望能一起", "preferred"), ("无", None), ("不希望", None), ("非必须", None),
    ("不一定必须", None),
]  # fmt: skip
REASONS: list[tuple[str | None, str | None]] = [
    ("照顾老人", "care_elderly"), ("家里有老人要照顾", "care_elderly"), ("照顾小孩", "care_children"), ("带孩子", "care_children"),
    ("孩子上学", "care_children"), ("身体不好", "health"), ("有病", "health"), ("生病", "health"), ("准备盖房", "other"),
    ("其他", "other"), ("", None), (None, None), ("照顧老人", "care_elderly"), ("身體原因", "health"),
    ("老人生病", "care_elderly"), ("老 人", "care_elderly"), ("带小孩，照顾老人", "care_elderly"), ("家人不同意", "other"),
    ("孩子生病", "care_children"), ("-", None), ("/", None), ("无", None),
]  # fmt: skip
YEARS: list[tuple[object, int]] = [
    ("5年", 5), (5.0, 5), ("5", 5), ("5年以上", 5), ("５年", 5), ("半年", 0), ("无", 0), ("", 0), ("两年", 2), ("十年", 10),
    ("3年半", 3), ("3年多", 3), ("三年", 3), ("1年6个月", 1), ("6个月", 0), ("10余年", 10), ("约5年", 5), ("2-3年", 2), ("没做过", 0),
    ("近10年", 10), ("一年半", 1), ("5 年", 5), ("从2010年至今", 0), ("12年", 12), ("十二年", 12), ("五年以上", 5), ("做过3年", 3),
    ("3.5年", 3), ("0", 0), ("无经验", 0), ("0.5", 0), ("8个月", 0), ("十几年", 10), ("二十多年", 20), ("1年半", 1),
    ("5年（缝纫）", 5),
]  # fmt: skip
WILLING: list[tuple[str, bool | None]] = [
    ("是", True), ("否", False), ("愿意", True), ("不愿意", False), ("√", True), ("×", False), ("愿", True), ("不愿", False),
    ("想去", True), ("不想去", False), ("愿意，不去广东", True), ("☑是 □否", True), ("□是 ☑否", False), ("是√ 否□", True),
    ("是□否√", False), ("", None), ("看情况", None), ("願意", True), ("不願意", False), ("是 ", True), ("\u3000是", True),
    ("✓", True), ("✗", False), ("X", False), ("暂不愿意", False), ("x", False), ("Y", True), ("无意愿", False),
    ("有意愿", True), ("是的", True), ("不是", False), ("✔", True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meaning"), HELD)
def test_certificates_are_read_and_unknown_ones_noticed(text: str, meaning: Codes) -> None:
    assert read_codes(text, CERTIFICATES, NOT_HELD) == meaning


@pytest.mark.parametrize(("text", "meaning"), NOT_ABLE)
def test_what_somebody_cannot_do_is_read(text: str, meaning: Codes) -> None:
    assert read_codes(text, RESTRICTIONS) == meaning


@pytest.mark.parametrize(("text", "meaning"), AIDS)
def test_aids_are_read(text: str, meaning: Codes) -> None:
    assert read_codes(text, ACCOMMODATIONS, NOT_NEEDED) == meaning


@pytest.mark.parametrize(("text", "needs"), NEEDED)
def test_board_lodging_and_insurance_asked_for_are_read(text: str, needs: tuple[str, ...]) -> None:
    assert read_codes(text, NEEDS, NOT_NEEDED)[0] == needs


@pytest.mark.parametrize(("text", "work"), WORK)
def test_the_first_post_or_trade_named_is_the_occupation(text: str, work: str | None) -> None:
    assert read_occupation(text) == work


@pytest.mark.parametrize(("text", "training"), TRAINING)
def test_the_training_wished_for_is_read(text: str, training: str | None) -> None:
    assert read_training(text) == training


@pytest.mark.parametrize(("text", "together"), TOGETHER)
def test_must_go_together_or_would_like_to(text: str, together: str | None) -> None:
    assert read_together(text) == together


@pytest.mark.parametrize(("text", "reason"), REASONS)
def test_the_reason_for_staying_is_read(text: str | None, reason: str | None) -> None:
    assert read_reason(text) == reason


@pytest.mark.parametrize(("value", "years"), YEARS)
def test_years_of_experience_are_the_first_number(value: str, years: int) -> None:
    assert read_years(value) == years


@pytest.mark.parametrize(("text", "answer"), WILLING)
def test_willing_or_not_in_words_and_signs(text: str, answer: bool | None) -> None:
    unwilling = ("否", "不愿", "不是", "不想", "暂不", "无意")
    assert read_yes_no(text, yes=("是", "愿", "想"), no=unwilling) is answer
