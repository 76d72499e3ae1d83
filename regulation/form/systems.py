"""五 制度: the eight systems of management that Art. 4(2) names, each with its document."""

from core.i18n import marked
from regulation.form.field import Choice, Field, Kind, Section

IN_FORCE = Choice("yes", marked("有"))
LACKING = Choice("no", marked("无"))

EIGHT = (
    Choice("teaching", marked("教学组织管理制度")),
    Choice("assessment", marked("学员考核管理制度")),
    Choice("research", marked("教学科研管理制度")),
    Choice("registration", marked("培训登记管理制度")),
    Choice("finance", marked("培训经费管理制度")),
    Choice("logistics", marked("后勤保障管理制度")),
    Choice("evaluation", marked("培训效果评估制度")),
    Choice("follow_up", marked("跟踪反馈制度")),
)
"""The lines of the table, in the order of the article."""

TABLE = Field(
    "management_systems",
    marked("管理制度"),
    Kind.ROWS,
    source="Art. 4(2)",
    hint=marked("八项制度应当齐全；已建立的写明文件名称和印发日期，没有文号的不必填写文号。"),
    row_titles=tuple(system.title for system in EIGHT),
    columns=(
        Field("in_force", marked("是否建立"), Kind.CHOICE, choices=(IN_FORCE, LACKING)),
        Field("document", marked("文件名称"), required=False, longest=100),
        Field("number", marked("文号"), required=False, longest=60),
        Field("issued_on", marked("印发日期"), Kind.DAY, required=False),
    ),
)

COMPILATION = Field(
    "systems_compilation",
    marked("管理制度汇编"),
    Kind.FILE,
    source="Art. 4(2)",
    hint=marked("八项制度按上表顺序合订为一个 PDF。"),
)


def _alone(system: Choice) -> Field:
    """Declare the document of one system, for those who have it apart from the compilation."""
    return Field(f"system_{system.key}", system.title, Kind.FILE, required=False, source="Art. 4(2)")


ALONE = tuple(_alone(system) for system in EIGHT)

SYSTEMS = Section("systems", "五", marked("管理制度建设"), (TABLE, COMPILATION, *ALONE))
