"""三 管理机构: who runs the base's teaching."""

from core.i18n import marked
from regulation.form.field import DEGREES, FULL_TIME, PART_TIME, Field, Kind, Section

MANAGEMENT = Section(
    "management",
    "三",
    marked("管理机构"),
    (
        Field("managing_body_name", marked("继续教育管理机构名称"), source="Art. 4(2)"),
        Field(
            "establishment_document",
            marked("机构成立文件"),
            Kind.FILE,
            source="Art. 4(2)",
            hint=marked("PDF 扫描件。"),
        ),
        Field("managing_body_duties", marked("管理机构职责"), Kind.LONG, source="Art. 4(2)", longest=800),
        Field(
            "managers",
            marked("管理人员"),
            Kind.ROWS,
            source="Art. 4(2)",
            rows_least=1,
            columns=(
                Field("name", marked("姓名"), longest=40),
                Field("employment", marked("专职或兼职"), Kind.CHOICE, choices=(FULL_TIME, PART_TIME)),
                Field("position", marked("职务"), longest=40),
                Field("education", marked("学历"), Kind.CHOICE, choices=DEGREES),
                Field("professional_title", marked("职称"), longest=40),
                Field("years", marked("从事年限"), Kind.INTEGER, unit=marked("年"), most=60),
                Field("post", marked("岗位"), longest=40),
            ),
        ),
    ),
)
