"""The words that made-up cases consist of: what customers of the trade complain of, common words and planted rare ones."""

from __future__ import annotations

from random import Random

COMMON = ("霉", "异味", "送货员", "当面拆开")
"""Words of one to four characters that many cases hold."""
RARE = ("鼠", "虫蛀", "荧光剂", "夹心胶囊")
"""Words of one to four characters that one case in `RARITY` holds."""
RARITY = 4000

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰春梅建国志红海燕波宁云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞"
_SHOPS = [
    "鑫瑞达",
    "福源",
    "永兴",
    "百汇",
    "裕丰",
    "聚友",
    "顺发",
    "同心",
    "利民",
    "恒信",
    "东升",
    "金港",
    "华联",
    "和美",
    "万家",
    "兴隆",
    "德润",
    "惠康",
    "天意",
    "富民",
]
_TRADES = ["商行", "烟酒店", "便利店", "超市", "副食店", "批发部", "百货", "综合店"]
_PRODUCTS = ["云岭", "青山", "金叶", "红河谷", "江南", "松涛", "紫荆", "玉泉", "长风", "晨曦", "华章", "锦绣"]
_STYLES = ["（硬）", "（软）", "（细支）", "（中支）", "（金）", "（典藏）"]
_OPENINGS = (
    "客户来电反映", "上门拜访时客户提出", "客户到柜台说", "客户在微信群里反映", "十二三一五转来：客户称", "客户经理走访时得知",
)  # fmt: skip
_SYMPTOMS = (
    "烟支发霉，霉点明显",
    "有异味，顾客退货",
    "外包装有水渍",
    "条盒压扁变形",
    "数量与订单不符",
    "小盒没有封签",
    "烟丝脱落严重",
    "空头，滤嘴松动",
    "条码扫不出来",
    "生产日期看不清",
    "怀疑被调包",
    "口味和以前不一样",
    "过滤嘴有油渍",
    "燃烧不匀，掉灰",
)
_CIRCUMSTANCES = (
    "送货员放下就走，没有等清点",
    "送货员当面拆开后拒绝带回",
    "送货比通知晚了两天",
    "仓库潮湿，已按要求保存",
    "订货时客服态度生硬",
    "电话打了三次没有人回",
    "合理定量后只给两条",
    "明码标价牌没有及时更换",
    "电子结算扣款两次",
    "上个月说好的促销礼品没有到",
    "客户等级被调低，没有说明原因",
    "停车卸货占了店门口",
)
_WISHES = (
    "换货",
    "退货退款",
    "换货并赔偿停售损失",
    "要求当面道歉",
    "希望说明原因",
    "补齐数量",
    "送货前先打电话",
    "恢复原来的等级",
)


def person(random: Random) -> str:
    """A name."""
    return random.choice(_SURNAMES) + "".join(random.choices(_GIVEN, k=random.choice((1, 2, 2))))


def shop(random: Random, number: int) -> str:
    """A customer's name; they repeat rarely."""
    return f"{random.choice(_SURNAMES)}记{_SHOPS[number % len(_SHOPS)]}{random.choice(_TRADES)}{number // 40 or ''}"


def products() -> list[str]:
    """All products of the trade."""
    return [name + style for name in _PRODUCTS for style in _STYLES]


def phone(random: Random) -> str:
    """A mobile number."""
    return f"13{random.randrange(10**9):09}"


def description(random: Random, product: str, number: int) -> str:
    """What happened; one in `RARITY` cases holds the rare words."""
    choice = random.choice
    told = f"{choice(_OPENINGS)}{product}{random.randrange(1, 60)}条{choice(_SYMPTOMS)}，{choice(_CIRCUMSTANCES)}。"
    if random.random() < 0.5:
        told += f"批号{20260101 + random.randrange(300)}，{person(random)}在场，{choice(_CIRCUMSTANCES)}。"
    if number % RARITY == 17:
        told += "拆开见虫蛀和鼠咬痕迹，疑有荧光剂，滤嘴里的夹心胶囊破裂。"
    return told


def wish(random: Random) -> str:
    """What the customer wants."""
    return random.choice(_WISHES)
