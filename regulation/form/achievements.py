"""八 培训业绩, the second half: projects, awards and courses, and the partners of production and research."""

from core.i18n import marked
from regulation.form.field import Choice, Field, Kind

PROJECT_KINDS = (
    Choice("project", marked("承担项目")),
    Choice("award", marked("获得奖励")),
    Choice("study", marked("研究课题")),
    Choice("textbook", marked("编写教材")),
    Choice("course", marked("开发课程")),
)

RANKS = (
    Choice("national", marked("国家级")),
    Choice("provincial", marked("省部级")),
    Choice("municipal", marked("市厅级")),
    Choice("other", marked("其他级别")),
)

PROJECTS = Field(
    "projects",
    marked("项目、奖励、课题、教材和课程"),
    Kind.ROWS,
    required=False,
    source="Art. 10, 12",
    hint=marked("主要填写省级以上项目、奖励，以及课题、教材和课程开发。"),
    rows_least=1,
    columns=(
        Field("name", marked("成果名称")),
        Field("kind", marked("成果类别"), Kind.CHOICE, choices=PROJECT_KINDS),
        Field("rank", marked("级别"), Kind.CHOICE, choices=RANKS),
        Field("granted_by", marked("下达或颁发单位")),
        Field("year", marked("年度"), Kind.YEAR, least=1949),
    ),
)

PARTNERS = Field(
    "partners",
    marked("产学研合作单位"),
    Kind.ROWS,
    required=False,
    source="Art. 13",
    rows_least=1,
    columns=(
        Field("name", marked("合作单位名称")),
        Field("agreement", marked("协议名称")),
        Field("starts_on", marked("协议起始日期"), Kind.DAY, ahead=True),
        Field("ends_on", marked("协议到期日期"), Kind.DAY, required=False, ahead=True),
    ),
)
