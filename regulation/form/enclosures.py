"""十二 附件: the papers that belong to no single section before."""

from core.i18n import marked
from regulation.form.field import COMPARABLE, Field, Kind, Section

ENCLOSURES = Section(
    "enclosures",
    "十二",
    marked("附件材料"),
    (
        Field(
            "training_evidence",
            marked("培训证明材料"),
            Kind.FILE,
            source="Art. 4(4)",
            hint=marked("近年培训通知、名册（隐去证件号码和电话）、照片和总结，合订为一个 PDF。"),
        ),
        Field(
            "signed_promise",
            marked("签字盖章的真实性承诺书"),
            Kind.FILE,
            source="行政许可法 Art. 31 (model)",
            hint=marked("由法定代表人签字并加盖单位公章的 PDF 扫描件。"),
        ),
        Field(
            "teacher_certificates",
            marked("师资证明材料"),
            Kind.FILE,
            required=False,
            source="Art. 4(1)",
            hint=marked("主要教师的职称、学历证书（隐去证件号码），合订为一个 PDF。"),
        ),
        Field(
            "funds_audit",
            marked("经费审计材料"),
            Kind.FILE,
            required=False,
            source="Art. 4(3)",
            hint=marked("近年经费决算或审计报告，合订为一个 PDF。"),
        ),
        Field("other_papers", marked("其他证明材料"), Kind.FILE, required=False, hint=marked("合订为一个 PDF。")),
        Field(
            "papers_note",
            marked("附件说明"),
            Kind.LONG,
            required=False,
            source=COMPARABLE,
            hint=marked("需要说明的材料名称、页码等。"),
            longest=500,
        ),
    ),
)
