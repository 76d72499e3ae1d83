"""九 计划: what the base would do in its first three years, and how much of it each year."""

from core.i18n import marked
from regulation.form.field import Field, Kind, Section, money

PLAN = Section(
    "plan",
    "九",
    marked("建设规划"),
    (
        Field(
            "plan_goals",
            marked("三年建设目标"),
            Kind.LONG,
            source="Art. 4(4)",
            hint=marked("围绕申报领域写明建设目标、服务对象和预期成效。"),
        ),
        Field(
            "plan_years",
            marked("年度培训计划"),
            Kind.ROWS,
            source="Art. 4(4)",
            hint=marked("专业技术人才按人数计。"),
            row_titles=(marked("第一年"), marked("第二年"), marked("第三年")),
            columns=(
                Field("people", marked("培训专业技术人才"), Kind.INTEGER, unit=marked("人/年")),
                Field("classes", marked("计划举办班次"), Kind.INTEGER, unit=marked("期"), most=100_000),
                Field("courses", marked("新开发课程"), Kind.INTEGER, unit=marked("门"), most=100_000),
                Field("teachers", marked("师资规模"), Kind.INTEGER, unit=marked("人"), most=100_000),
                money("funds", marked("经费投入")),
            ),
        ),
        Field(
            "plan_measures",
            marked("课程、师资、经费和保障措施"),
            Kind.LONG,
            source="Art. 4(4)",
            hint=marked("写明课程开发、师资建设、经费安排和组织保障的具体措施。"),
        ),
    ),
)
