"""六 场地设施: rooms, equipment and books, practical training or a partner for it, safety, and teaching online."""

from core.i18n import marked
from regulation.form.field import COMPARABLE, NO, SQUARE_METRES, YES, Choice, Condition, Field, Kind, Section, money

LEASED = Condition("premises_ownership", "leased")
OWN_PRACTICE = Condition("practice_means", "own")
PARTNER_PRACTICE = Condition("practice_means", "partner")
ONLINE = Condition("has_platform", YES.key)

OWNERSHIPS = (Choice("owned", marked("自有")), Choice("leased", marked("租赁")))

NO_PRACTICE = Choice("none", marked("申报专业不要求实训"))
PRACTICE_MEANS = (
    Choice("own", marked("有实训场所")),
    Choice("partner", marked("有实训合作单位")),
    NO_PRACTICE,
)
"""Art. 4(3) asks strongly practical fields for one of the first two."""

PLATFORM_KINDS = (Choice("own", marked("自建")), Choice("shared", marked("合作共建或租用")))


def _area(key: str, title: str, *, required: bool = True, source: str = "") -> Field:
    return Field(key, title, Kind.NUMBER, required, source or COMPARABLE, unit=SQUARE_METRES, most=10**7)


def _count(key: str, title: str, unit: str, source: str = "Art. 4(3)") -> Field:
    return Field(key, title, Kind.INTEGER, source=source, unit=unit)


ROOMS = (
    _area("site_area", marked("占地面积")),
    _area("building_area", marked("建筑面积")),
    _count("classrooms", marked("固定教室数"), marked("间")),
    _area("classroom_area", marked("固定教室面积"), source="Art. 4(3)"),
    _count("capacity", marked("最多可同时容纳"), marked("人"), COMPARABLE),
)

OWNERSHIP = (
    Field("premises_ownership", marked("场地权属"), Kind.CHOICE, choices=OWNERSHIPS),
    Field("lease_starts_on", marked("租赁起始日期"), Kind.DAY, when=LEASED),
    Field("lease_ends_on", marked("租赁到期日期"), Kind.DAY, ahead=True, when=LEASED),
    Field(
        "premises_proof",
        marked("场地权属证明"),
        Kind.FILE,
        hint=marked("不动产权证书等权属证明，租赁的上传租赁合同，PDF 扫描件。"),
    ),
)

EQUIPMENT = (
    Field(
        "equipment",
        marked("教学设备"),
        Kind.ROWS,
        source="Art. 4(3)",
        rows_least=1,
        columns=(
            Field("name", marked("设备名称"), longest=60),
            Field("model", marked("型号"), required=False, longest=60),
            Field("quantity", marked("台（套）数"), Kind.INTEGER, unit=marked("台/套"), most=100_000),
            money("value", marked("原值")),
        ),
    ),
    _count("books", marked("专业图书资料"), marked("册")),
    _count("electronic_resources", marked("电子资源"), marked("种")),
    Field(
        "electronic_resources_note",
        marked("电子资源说明"),
        Kind.LONG,
        required=False,
        source="Art. 4(3)",
        hint=marked("主要数据库、电子图书和课程资源的名称。"),
        longest=300,
    ),
)

PRACTICE = (
    Field(
        "practice_means",
        marked("实训条件"),
        Kind.CHOICES,
        source="Art. 4(3)",
        hint=marked("实践性强的专业应有实训场所或实训合作单位，可多选。"),
        choices=PRACTICE_MEANS,
    ),
    Field(
        "practice_places",
        marked("实训场所"),
        Kind.ROWS,
        source="Art. 4(3)",
        rows_least=1,
        when=OWN_PRACTICE,
        columns=(
            Field("name", marked("场所名称"), longest=60),
            _area("area", marked("面积"), source="Art. 4(3)"),
            Field("places", marked("工位数"), Kind.INTEGER, unit=marked("个"), most=100_000),
            money("equipment_value", marked("设备总值")),
        ),
    ),
    Field(
        "practice_partners",
        marked("实训合作单位"),
        Kind.ROWS,
        source="Art. 4(3)",
        rows_least=1,
        when=PARTNER_PRACTICE,
        columns=(
            Field("name", marked("合作单位名称")),
            Field("agreement", marked("协议名称")),
            Field("starts_on", marked("协议起始日期"), Kind.DAY, ahead=True),
            Field("ends_on", marked("协议到期日期"), Kind.DAY, ahead=True),
        ),
    ),
    Field(
        "practice_agreement",
        marked("实训合作协议"),
        Kind.FILE,
        source="Art. 4(3)",
        hint=marked("PDF 扫描件。"),
        when=PARTNER_PRACTICE,
    ),
)

SAFETY = (
    Field("board_and_lodging", marked("能否为学员提供食宿"), Kind.CHOICE, choices=(YES, NO)),
    Field("fire_safety", marked("消防验收或检查是否合格"), Kind.CHOICE, choices=(YES, NO)),
    Field("safety_measures", marked("是否落实安全管理措施"), Kind.CHOICE, choices=(YES, NO)),
    Field(
        "safety_proof",
        marked("消防、安全证明"),
        Kind.FILE,
        hint=marked("消防验收或检查合格文件、安全管理文件，合订为一个 PDF。"),
    ),
    Field(
        "lodging_proof", marked("食宿条件证明"), Kind.FILE, required=False, hint=marked("提供食宿的上传，PDF 扫描件。")
    ),
)

PLATFORM = (
    Field(
        "has_platform", marked("是否有在线学习平台"), Kind.CHOICE, required=False, source="Art. 14", choices=(YES, NO)
    ),
    Field("platform_name", marked("平台名称"), source="Art. 14", when=ONLINE),
    Field("platform_url", marked("平台网址"), Kind.URL, source="Art. 14", when=ONLINE),
    Field("platform_kind", marked("建设方式"), Kind.CHOICE, source="Art. 14", choices=PLATFORM_KINDS, when=ONLINE),
    Field("platform_record", marked("备案号"), required=False, longest=60, when=ONLINE),
    Field("platform_courses", marked("在线课程数"), Kind.INTEGER, source="Art. 14", unit=marked("门"), when=ONLINE),
    Field(
        "platform_concurrent",
        marked("可同时在线人数"),
        Kind.INTEGER,
        required=False,
        source="Art. 14",
        unit=marked("人"),
        when=ONLINE,
    ),
    Field("platform_users", marked("注册人数"), Kind.INTEGER, source="Art. 14", unit=marked("人"), when=ONLINE),
)

FACILITIES = Section(
    "facilities", "六", marked("场地设施"), ROOMS + OWNERSHIP + EQUIPMENT + PRACTICE + SAFETY + PLATFORM
)
