"""八 培训业绩: what was taught year by year, the ground of the threshold of Art. 4(4), and class by class."""

from core.i18n import marked
from regulation.form.achievements import PARTNERS, PROJECTS
from regulation.form.field import Choice, Field, Kind, Section

CLASS_KINDS = (
    Choice("provincial-project", marked("省级重大专项工程项目")),
    Choice("commissioned", marked("委托培训班、研修班或进修班")),
    Choice("subject-training", marked("公需科目或专业科目培训")),
    Choice("research", marked("继续教育理论研究与课程开发")),
    Choice("exchange", marked("继续教育交流服务活动")),
)
"""The five forms of service of Art. 10."""

LEVELS = (
    Choice("senior", marked("高级")),
    Choice("intermediate", marked("中级")),
    Choice("junior", marked("初级")),
    Choice("mixed", marked("不同层次")),
)

YEARS = Field(
    "training_years",
    marked("逐年培训业绩"),
    Kind.ROWS,
    source="Art. 4(4)",
    hint=marked("填写最近几个完整年度；专业技术人才按人数计，同一人一年内只计一次。"),
    rows_by="years_declared",
    columns=(
        Field("year", marked("年度"), Kind.YEAR, least=2000),
        Field("classes", marked("培训期数"), Kind.INTEGER, unit=marked("期"), most=100_000),
        Field("attendances", marked("培训人次"), Kind.INTEGER, unit=marked("人次")),
        Field("specialists", marked("专业技术人才人数"), Kind.INTEGER, unit=marked("人")),
        Field("senior", marked("其中高级"), Kind.INTEGER, unit=marked("人")),
        Field("intermediate", marked("其中中级"), Kind.INTEGER, unit=marked("人")),
        Field("junior", marked("其中初级"), Kind.INTEGER, unit=marked("人")),
        Field("in_person", marked("面授期数"), Kind.INTEGER, unit=marked("期"), most=100_000),
        Field("online", marked("网络培训期数"), Kind.INTEGER, unit=marked("期"), most=100_000),
        Field("hours", marked("总学时"), Kind.INTEGER, unit=marked("学时")),
    ),
)

CLASSES = Field(
    "training_classes",
    marked("班次明细"),
    Kind.ROWS,
    source="Art. 10",
    rows_least=1,
    columns=(
        Field("name", marked("班次名称")),
        Field("kind", marked("类型"), Kind.CHOICE, choices=CLASS_KINDS),
        Field("commissioned_by", marked("委托单位"), required=False),
        Field("starts_on", marked("开始日期"), Kind.DAY),
        Field("ends_on", marked("结束日期"), Kind.DAY),
        Field("place", marked("培训地点")),
        Field("days", marked("天数"), Kind.NUMBER, unit=marked("天"), most=366),
        Field("hours", marked("学时"), Kind.INTEGER, unit=marked("学时"), most=10_000),
        Field("people", marked("培训人数"), Kind.INTEGER, unit=marked("人")),
        Field("level", marked("对象层次"), Kind.CHOICE, choices=LEVELS),
        Field("passed", marked("考核合格人数"), Kind.INTEGER, unit=marked("人")),
        Field("satisfaction", marked("满意度"), Kind.NUMBER, required=False, unit="%", most=100),
    ),
)

TRAINING = Section("training", "八", marked("培训业绩"), (YEARS, CLASSES, PROJECTS, PARTNERS))
