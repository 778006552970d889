"""The city's forms to fill in (导入模板): its list of employers and its sheet of vacancies."""

from __future__ import annotations

from libs.common.sheets.template import Template, TemplateColumn

_YES_NO = ("是", "否")

EMPLOYERS = Template(
    "employers",
    "企业名单",
    "employers-1",
    (
        TemplateColumn("企业名称", "按营业执照填写全称。", needed=True),
        TemplateColumn("统一社会信用代码", "18 位，按文本填写。", needed=True),
        TemplateColumn("所属区县", "如 南山区。"),
        TemplateColumn("行业", "如 电子信息。"),
        TemplateColumn("用工人数", "现有员工人数。", kind="number"),
        TemplateColumn("定点接收单位", "", options=_YES_NO),
        TemplateColumn("就业扶贫基地", "", options=_YES_NO),
        TemplateColumn("联系人"),
        TemplateColumn("联系电话", "手机或固定电话。"),
        TemplateColumn("备注"),
    ),
    ("一家企业一行，不要改动表头，不要合并单元格。", "红底的栏目必填。"),
)

VACANCIES = Template(
    "vacancies",
    "岗位表",
    "vacancies-1",
    (
        TemplateColumn("企业名称", "与企业名单一致。", needed=True),
        TemplateColumn("岗位名称", "如 普工、缝纫工；年龄要求另填一栏。", needed=True),
        TemplateColumn("招聘人数", "人数，如 20。", needed=True, kind="number"),
        TemplateColumn("薪资待遇", "如 5000-6500元/月；按小时的写 24元/小时。", needed=True),
        TemplateColumn("地区", "工作地点所在的区县，如 南山区。"),
        TemplateColumn("行业", "如 电子信息。"),
        TemplateColumn("班次", "如 白班、两班倒。", options=("白班", "两班倒", "三班倒"), several=True),
        TemplateColumn("学历要求", "", options=("不限", "小学", "初中", "高中", "大专", "本科")),
        TemplateColumn("年龄要求", "如 18-50岁；没有要求的填 不限。"),
        TemplateColumn(
            "福利待遇", "包吃、包住、五险等，用顿号隔开。", options=("包吃包住", "五险", "五险一金"), several=True
        ),
        TemplateColumn("联系人"),
        TemplateColumn("联系电话", "手机或固定电话。"),
        TemplateColumn("其他要求", "不得限定性别、民族，不得以乙肝为由限制。"),
        TemplateColumn("备注"),
    ),
    ("一个岗位一行，不要改动表头，不要合并单元格。", "红底的栏目必填。企业须在企业名单中，请先导入企业名单。"),
)

TEMPLATES = {each.kind: each for each in (EMPLOYERS, VACANCIES)}
