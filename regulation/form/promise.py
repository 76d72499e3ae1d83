"""十一 承诺: the applicant answers for the truth of the papers."""

from core.i18n import marked
from regulation.form.field import Field, Kind, Section

PROMISE = Section(
    "promise",
    "十一",
    marked("真实性承诺"),
    (
        Field(
            "promise",
            marked("真实性承诺"),
            Kind.FLAG,
            source="行政许可法 Art. 31 (model)",
            hint=marked("本单位承诺：所填内容和所附材料真实、准确、完整，如有不实，愿承担相应责任。"),
        ),
    ),
)
