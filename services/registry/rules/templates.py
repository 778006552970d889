"""The county's forms to fill in (导入模板): people as the national register prints them, and wishes; choices are the register's lists."""

from __future__ import annotations

from collections.abc import Mapping

from libs.common.codes.lists import education_steps, ethnic_groups, register_list
from libs.common.codes.occupations import trainings
from libs.common.sheets.template import Template, TemplateColumn
from services.registry.rules.words import ACCOMMODATIONS, CERTIFICATES, NEEDS, RESTRICTIONS

_YES_NO = register_list("yes_no")
_NUMBER = TemplateColumn("证件号码", "18 位身份证号码，按文本填写，不要让表格改成数值。", needed=True)


def _first_words(words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(forms[0] for forms in words.values())


PEOPLE = Template(
    "people",
    "建档立卡贫困人口信息",
    "people-1",
    (
        TemplateColumn("年度", "这些情况是哪一年的，如 2026。", needed=True),
        TemplateColumn("县", "县的名称，如 花垣县。"),
        TemplateColumn("乡", "乡镇的全称。", needed=True, kind="township"),
        TemplateColumn("村", "先选乡镇，再选村。", needed=True, kind="village"),
        TemplateColumn("户编号", "一户一个，同户的人相同；按文本填写。", needed=True),
        TemplateColumn("人口编号", "没有可不填。"),
        TemplateColumn("姓名", "按身份证填写，不加空格。", needed=True),
        TemplateColumn("性别", "应与证件号码一致。", needed=True, options=register_list("sex")),
        TemplateColumn("出生日期", "年-月-日，应与证件号码一致。", needed=True, kind="day"),
        _NUMBER,
        TemplateColumn("民族", "", options=ethnic_groups()),
        TemplateColumn("与户主关系", "每户一名户主。", needed=True, options=register_list("kinship")),
        TemplateColumn("文化程度", "在校的不填，填在校生状况。", options=tuple(education_steps())),
        TemplateColumn("在校生状况", "不在校的不填。", options=register_list("pupils")),
        TemplateColumn("劳动技能", "16 至 59 岁不在校的都要填。", options=register_list("ability")),
        TemplateColumn("健康状况", "有几项的用顿号隔开。", needed=True, options=register_list("health"), several=True),
        TemplateColumn("残疾类别", "健康状况为残疾的按残疾证填写，如 肢体残疾。"),
        TemplateColumn("政治面貌", "", options=register_list("political_status")),
        TemplateColumn("户联系电话", "11 位手机号码。"),
        TemplateColumn("成员联系电话", "本人的 11 位手机号码。"),
        TemplateColumn("务工所在地", "没有务工的不填。", options=register_list("work_place")),
        TemplateColumn("务工时间（月）", "本年务工的月数，0 至 12；与务工所在地同填或同不填。", kind="number"),
        TemplateColumn("务工企业名称"),
        TemplateColumn("就业渠道", "", options=register_list("channel")),
        TemplateColumn("是否享受低保", "", needed=True, options=_YES_NO),
        TemplateColumn("特困供养", "", needed=True, options=_YES_NO),
    ),
    ("一人一行，同户的人放在一起；不要改动表头，不要合并单元格。", "红底的栏目必填。多余的行留空即可。"),
)

WISHES = Template(
    "wishes",
    "求职意愿登记表",
    "wishes-1",
    (
        TemplateColumn("姓名", "与名册一致。", needed=True),
        _NUMBER,
        TemplateColumn("是否愿意外出务工", "", needed=True, options=_YES_NO),
        TemplateColumn(
            "不愿外出原因", "不愿意的填写，如 照顾老人。", options=("照顾老人", "照顾小孩", "身体原因", "其他")
        ),
        TemplateColumn("意向地区", "按先后，用顿号隔开，如 深圳、长沙；哪里都行填 不限。"),
        TemplateColumn("意向工种", "如 缝纫工、焊工、保安。"),
        TemplateColumn("期望月薪", "元/月，如 4500。", kind="number"),
        TemplateColumn("最低月薪", "元/月，不高于期望月薪。", kind="number"),
        TemplateColumn("可上岗时间", "年-月-日；随时能走的不填。", kind="day"),
        TemplateColumn("从事年限", "做这一行几年，如 3。", kind="number"),
        TemplateColumn("技能证书", "有几种的用顿号隔开。", options=_first_words(CERTIFICATES), several=True),
        TemplateColumn("不能从事", "有几项的用顿号隔开。", options=_first_words(RESTRICTIONS), several=True),
        TemplateColumn("所需便利", "有几项的用顿号隔开。", options=_first_words(ACCOMMODATIONS), several=True),
        TemplateColumn("食宿需求", "有几项的用顿号隔开。", options=_first_words(NEEDS), several=True),
        TemplateColumn("是否夫妻同往", "配偶也在本表中的填写。", options=("必须同往", "希望同往", "否")),
        TemplateColumn("配偶证件号码", "夫妻同往的填写，双方互填。"),
        TemplateColumn("亲友所在城市", "如 深圳。"),
        TemplateColumn("零就业家庭", "", needed=True, options=_YES_NO),
        TemplateColumn("培训意愿", "想学什么。", options=trainings()),
        TemplateColumn("结伴小组", "同村结伴的填同一个名称，20 字以内。"),
        TemplateColumn("联系方式有变", "换了号码的填新号码。"),
        TemplateColumn("走访日期", "年-月-日。", needed=True, kind="day"),
        TemplateColumn("走访人"),
    ),
    ("一人一行；本人须已在本县名册中。", "红底的栏目必填。没有谈到的栏目留空。"),
)

TEMPLATES = {each.kind: each for each in (PEOPLE, WISHES)}
