"""Vetting (审核) of a vacancy's words and wage: reasons why it may not be published, each with the law behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping

VETTING_RULE = "vetting rules 2017.1"
# 就业促进法 §27 (sex), §28 (ethnicity), §30 and 人社部发〔2010〕12号 (hepatitis B), 最低工资规定 §12.
LAW = {
    "below_minimum_wage": "最低工资规定 §12",
    "discriminatory_sex": "就业促进法 §27",
    "discriminatory_ethnicity": "就业促进法 §28",
    "discriminatory_health": "人社部发〔2010〕12号",
}
_MARK = r"[、/,或和及与\s]*"
_SEXES = rf"(?:男{_MARK}女|女{_MARK}男)(?:性|工|生|士|员工|职工|青年)?"
_OPEN_TO_BOTH = re.compile(
    rf"{_SEXES}(?:\S{{0,2}})?(?:不限|均可|皆可|都可以?|都行|都要|兼收|兼招|不拘|不论|通招|各半|平等|同工同酬|同酬|搭配|均招|都招|同招|无要求|不要求|不等)"
    rf"|(?:不限|不分|无论|不论|不拘|不管){_SEXES}|(?:性别|男女){_MARK}(?:要求)?[::]?(?:不限|无要求|均可|不要求|不作要求)|不限性别|夫妻(?:双职工|工|房|宿舍|套房|优先|档|均可|可|二人|同厂|同住|一起)*"
)
_NO_SEX_OF_PEOPLE = re.compile(
    r"子女|儿女|女儿|(?:照顾|看护|接送|带)(?:[男女]孩)+|孙女|侄女|妇女节|三八节|女神节|女职工(?:权益|保护|特殊|节|委员会|产假|卫生费|体检)|女性(?:健康)?(?:体检|检查)|女(?:员工|职工|性|工)?(?:特殊)?(?:产假|卫生费|福利|经期|生理期|节日)"
    r"|(?:男女|[男女])(?:生|员工|工|职工|士|性)?(?:分)?(?:宿舍|公寓|更衣室|浴室|卫生间|寝室|厕所|洗手间|澡堂)"
    r"|[男女](?:士|式|性)?(?:装|式|鞋|包包|包(?![吃住食])|裤|裙|袜|衣|衬衫|西服|西装|内衣|皮具|皮鞋|表|帽|羽绒服|时装|毛衣|箱包|用品)"
    r"|(?:联系人|咨询|联系)[::]?\S{1,4}女士|[\u4e00-\u9fff]女士(?=[:\s]*\d)"
)
_ONLY = r"限|仅|只|要求|须|必须|需|优先|勿扰|勿|免|不招|不要|不收|不考虑|谢绝|拒绝|除外|为主|为佳|最好|最佳|专招|急招"
_MAN = r"男|小伙"
_WOMAN = r"女|姑娘|妹子"
_MINORITY = r"(?:少数民族|[\u4e00-\u9fff]{1,4}族|维吾尔|藏民|维人|(?:新疆|西藏)(?:、?(?:新疆|西藏))*(?:籍|人))"
_OPEN_TO_ALL = re.compile(
    r"(?:各|不限|不分|无论|不论)民族(?:均可|不限|都可以?|皆可)?|民族[::]?(?:不限|均可|不作要求|无要求|不要求)|汉族?[、和或及/]?(?:或|及|与)?(?:各?少数民族|[\u4e00-\u9fff]{1,3}族)[^,;。|]{0,3}(?:均可|不限|皆可|都可以?|都行)"
    r"|少数民族(?:均可|不限|皆可|可以?报名|也可|亦可|优先|同等|欢迎)|民族(?:餐|服|工艺|团结|饰|风|特色|文化|刺绣|食堂|灶|习惯)|尊重[^,;。|]{0,4}民族[^,;。|]{0,4}"
)
_KEPT_OUT = (
    r"(?:暂?不(?:予)?(?:招收|招|接收|接受|收|要|考虑|录用|录取|聘用)|非|谢绝|拒绝|拒收|拒招|禁止|勿扰|勿|免谈|免)"
)
_ETHNIC = re.compile(
    rf"汉族|汉人|限汉|只招汉|仅汉|民族:汉(?!语)|{_KEPT_OUT}{_MINORITY}|除{_MINORITY}[之以]?外"
    rf"|{_MINORITY}(?:者|同胞|人员|务工者)?(?:请|一律|一概|概|均|都)?(?:{_KEPT_OUT}|除外|绕)"
    rf"|(?:只招|仅招|限招|只限|仅限|限|只要|要求){_MINORITY}"
)
_LIVER_HARMLESS = re.compile(
    r"(?:不查|不检|不验|不体检|不检查|不检测|不做|无需|不需|不要求|不看|不限)(?:查|检查|检测|体检)?(?:乙肝|两对半|二对半|表面抗原)(?:五项|检查|项目)?|乙肝(?:携带者?|患者|阳性)?(?:病毒)?(?:携带者)?(?:不限|均可|也可|亦可|可以?|不歧视|不影响)"
    r"|(?:接受|欢迎|可招|不歧视|不拒)乙肝\S{0,6}|(?:免费)?(?:接种)?乙肝疫苗(?:接种)?|[甲戊]肝"
)
_LIVER = re.compile(
    r"乙肝|乙型肝炎|[两二2]对半|[大小]三阳|澳抗|hbv|hbsag|表面抗原|肝炎|乙肝五项|乙型病毒", re.IGNORECASE
)


def discriminates_by_sex(text: str) -> bool:
    """Only or preferably one sex. 男女不限, 夫妻房 and clothes (女装车工) are not."""
    tidy = _NO_SEX_OF_PEOPLE.sub("|", _OPEN_TO_BOTH.sub("|", text))
    man, woman = re.search(_MAN, tidy), re.search(_WOMAN, tidy)
    if (man is None) != (woman is None):
        return True
    return any(_prefers_one(part) for part in re.split(r"[,;。、|()\s]+", tidy)) if man else False


def _prefers_one(part: str) -> bool:
    one = (re.search(_MAN, part) is None) != (re.search(_WOMAN, part) is None)
    return one and re.search(_ONLY, part) is not None


def discriminates_by_ethnicity(text: str) -> bool:
    """Only 汉族, or some people kept away. 民族不限 and 少数民族优先 are not."""
    return _ETHNIC.search(_OPEN_TO_ALL.sub("|", text)) is not None


def discriminates_by_health(text: str) -> bool:
    """Hepatitis B asked about (无乙肝, 两对半 …). 身体健康 and 需办健康证 are not."""
    return _LIVER.search(_LIVER_HARMLESS.sub("|", text)) is not None


_RULES = (
    ("discriminatory_ethnicity", discriminates_by_ethnicity),
    ("discriminatory_health", discriminates_by_health),
    ("discriminatory_sex", discriminates_by_sex),
)


def vet_words(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Reasons found in texts by column, as (reason, column)."""
    return [
        (reason, column)
        for reason, holds in _RULES
        for column, text in texts.items()
        if holds(text) or holds(text.replace(" ", ""))
    ]


def below_minimum(monthly_min: int | None, minimum: int | None) -> bool:
    """The lower figure as a month's wage is under the local minimum (yuan a month)."""
    return monthly_min is not None and minimum is not None and monthly_min < minimum
