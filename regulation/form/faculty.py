"""四 师资: how many teach, and who they are. Birth is asked as year and month; nobody's ID-card number is asked."""

from core.i18n import marked
from regulation.form.field import DEGREES, FULL_TIME, PART_TIME, Choice, Field, Kind, Section

EMPLOYMENT = (FULL_TIME, PART_TIME)
"""The lines of the summary, in this order."""

TITLE_RANKS = ("senior", "associate_senior", "intermediate", "other")
"""Columns that split the teachers by professional title; together they are all of them."""

DEGREE_RANKS = ("doctors", "masters", "bachelors")

GENDERS = (Choice("male", marked("男")), Choice("female", marked("女")))


def persons(key: str, title: str) -> Field:
    """Declare a column that counts teachers."""
    return Field(key, title, Kind.INTEGER, unit=marked("人"), most=100_000)


SUMMARY = Field(
    "faculty_summary",
    marked("师资汇总"),
    Kind.ROWS,
    source="Art. 4(1)",
    hint=marked("没有的填 0。"),
    row_titles=tuple(choice.title for choice in EMPLOYMENT),
    columns=(
        persons("senior", marked("正高级")),
        persons("associate_senior", marked("副高级")),
        persons("intermediate", marked("中级")),
        persons("other", marked("其他职称")),
        persons("doctors", marked("博士")),
        persons("masters", marked("硕士")),
        persons("bachelors", marked("本科")),
    ),
)

TEACHERS = Field(
    "teachers",
    marked("师资明细"),
    Kind.ROWS,
    source="Art. 4(1); 陕人社发〔2011〕55号 (model)",
    hint=marked("讲授科目请写明所对应的培训专业名称；请勿填写身份证号。"),
    rows_least=1,
    columns=(
        Field("name", marked("姓名"), longest=40),
        Field("employment", marked("专职或兼职"), Kind.CHOICE, choices=EMPLOYMENT),
        Field("gender", marked("性别"), Kind.CHOICE, choices=GENDERS),
        Field("born", marked("出生年月"), Kind.MONTH, private=True),
        Field("education", marked("学历学位"), Kind.CHOICE, choices=DEGREES),
        Field("specialty", marked("所学专业"), longest=60),
        Field("professional_title", marked("职称"), longest=40),
        Field("employer", marked("工作单位")),
        Field("subjects", marked("讲授科目"), longest=200),
        Field("hours", marked("近三年授课学时"), Kind.INTEGER, unit=marked("学时"), most=10_000),
        Field("achievements", marked("主要业绩"), Kind.LONG, required=False, longest=300),
    ),
)

CONTRACTS = Field(
    "part_time_contracts",
    marked("兼职教师聘用证明"),
    Kind.FILE,
    required=False,
    source="Art. 4(1)",
    hint=marked("聘书或聘用协议，合订为一个 PDF。"),
)

FACULTY = Section("faculty", "四", marked("师资队伍"), (SUMMARY, TEACHERS, CONTRACTS))
