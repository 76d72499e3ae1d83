"""一 基本情况: who applies, on what papers, and whom to call."""

from core.i18n import marked
from regulation.areas import AREAS
from regulation.form.field import COMPARABLE, NO, YES, Choice, Condition, Field, Kind, Section

QUALIFIED = Condition("has_qualification", YES.key)

NATURES = (
    Choice("government", marked("机关")),
    Choice("public-institution", marked("事业单位")),
    Choice("enterprise", marked("企业")),
    Choice("social-organisation", marked("社会团体")),
    Choice("private-non-enterprise", marked("民办非企业单位")),
    Choice("other", marked("其他")),
)

CATEGORIES = (
    Choice("university", marked("高等院校")),
    Choice("research-institute", marked("科研院所")),
    Choice("training-institution", marked("地方、部门或行业教育培训机构")),
    Choice("association", marked("专业协会（学会）")),
    Choice("enterprise-training", marked("大中型企业培训机构")),
    Choice("other", marked("其他")),
)
"""Art. 5(2) names these groups and says “mainly”, hence the last one."""

UNIT = (
    Field("unit_name", marked("申报单位名称（全称）"), source=COMPARABLE, hint=marked("须与登记证书一致。")),
    Field("base_name", marked("拟挂牌基地名称"), source=COMPARABLE),
    Field(
        "credit_code",
        marked("统一社会信用代码"),
        Kind.CREDIT_CODE,
        source="GB 32100-2015",
        longest=18,
        hint=marked("18 位，与登记证书一致。"),
    ),
    Field(
        "registration_certificate",
        marked("登记证书"),
        Kind.FILE,
        source=COMPARABLE,
        hint=marked("事业单位法人证书、营业执照、社会团体或民办非企业单位登记证书的 PDF 扫描件。"),
    ),
    Field("unit_nature", marked("单位性质"), Kind.CHOICE, source=COMPARABLE, choices=NATURES),
    Field("applicant_category", marked("申报主体类别"), Kind.CHOICE, source="Art. 5(2)", choices=CATEGORIES),
    Field(
        "host_name",
        marked("依托单位名称"),
        required=False,
        source="Art. 2",
        hint=marked("依托单位与申报单位（施教机构）不同时填写。"),
    ),
    Field(
        "host_credit_code",
        marked("依托单位统一社会信用代码"),
        Kind.CREDIT_CODE,
        required=False,
        source="Art. 2",
        longest=18,
    ),
)

QUALIFICATION = (
    Field("has_qualification", marked("是否具有培训资质"), Kind.CHOICE, source="Art. 4(1)", choices=(YES, NO)),
    Field("qualification_number", marked("资质证件号"), source="Art. 4(1)", when=QUALIFIED),
    Field("qualification_issuer", marked("资质发证机关"), source="Art. 4(1)", when=QUALIFIED),
    Field(
        "qualification_valid_until",
        marked("资质有效期至"),
        Kind.DAY,
        required=False,
        source="Art. 4(1)",
        hint=marked("长期有效的不必填写。"),
        ahead=True,
        when=QUALIFIED,
    ),
    Field(
        "qualification_certificate",
        marked("培训资质证明"),
        Kind.FILE,
        source="Art. 4(1)",
        hint=marked("PDF 扫描件。"),
        when=QUALIFIED,
    ),
)

PLACE = (
    Field("supervising_body", marked("主管部门（隶属关系）"), source=COMPARABLE),
    Field(
        "area",
        marked("注册所在地"),
        Kind.CHOICE,
        source="GB/T 2260",
        choices=tuple(Choice(area.code, area.name) for area in AREAS),
    ),
    Field("registered_address", marked("注册地址"), source=COMPARABLE),
    Field("mailing_address", marked("通讯地址"), source=COMPARABLE),
    Field("postcode", marked("邮政编码"), Kind.POSTCODE, source=COMPARABLE, longest=6),
)

PEOPLE = (
    Field("legal_representative_name", marked("法定代表人姓名"), source=COMPARABLE, longest=40),
    Field("legal_representative_position", marked("法定代表人职务"), source=COMPARABLE, longest=40),
    Field("legal_representative_phone", marked("法定代表人电话"), Kind.PHONE, source=COMPARABLE),
    Field("base_head_name", marked("基地负责人姓名"), longest=40),
    Field("base_head_position", marked("基地负责人职务"), longest=40),
    Field("base_head_professional_title", marked("基地负责人职称"), longest=40),
    Field("base_head_phone", marked("基地负责人电话"), Kind.PHONE),
    Field("contact_name", marked("联系人姓名"), source=COMPARABLE, longest=40),
    Field("contact_department", marked("联系人部门"), source=COMPARABLE, longest=60),
    Field("contact_mobile", marked("联系人手机"), Kind.PHONE, source=COMPARABLE),
    Field("contact_phone", marked("联系人座机"), Kind.PHONE, required=False, source=COMPARABLE),
    Field("contact_fax", marked("联系人传真"), Kind.PHONE, required=False, source=COMPARABLE),
    Field("contact_email", marked("联系人邮箱"), Kind.EMAIL, source=COMPARABLE),
)

STANDING = (
    Field("website", marked("单位网址"), Kind.URL, required=False, source=COMPARABLE),
    Field("founded_on", marked("单位成立时间"), Kind.DAY),
    Field("training_since", marked("开展专业技术人员继续教育起始年份"), Kind.YEAR, least=1949),
    Field(
        "introduction",
        marked("单位简介及在本地区、本行业的影响"),
        Kind.LONG,
        source="Art. 4",
        hint=marked("重点说明培养培训专业技术人员的经验和影响。"),
        longest=1500,
    ),
)

BASICS = Section("basics", "一", marked("基本情况"), UNIT + QUALIFICATION + PLACE + PEOPLE + STANDING)
