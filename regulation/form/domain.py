"""二 专业领域: what the base would teach, to whom and where."""

from core.i18n import marked
from regulation.form.field import Choice, Condition, Field, Kind, Section

DOMAINS = (
    Choice("information-technology", marked("新一代信息技术")),
    Choice("biotechnology", marked("生物技术")),
    Choice("new-energy", marked("新能源")),
    Choice("new-materials", marked("新材料")),
    Choice("high-end-equipment", marked("高端装备")),
    Choice("new-energy-vehicles", marked("新能源汽车")),
    Choice("green-industry", marked("绿色环保")),
    Choice("aerospace", marked("航空航天")),
    Choice("marine-equipment", marked("海洋装备")),
    Choice("other", marked("其他重点领域或支柱产业")),
)
"""The nine of the national plan of 2021; the last because Art. 4(4) also counts 重点领域 and 支柱产业 of Hubei."""

SUBJECT_KINDS = (Choice("general", marked("公需科目")), Choice("professional", marked("专业科目")))

DOMAIN = Section(
    "domain",
    "二",
    marked("专业领域"),
    (
        Field(
            "domains",
            marked("申报领域"),
            Kind.CHOICES,
            source="Art. 4(4)",
            hint=marked("可多选。"),
            choices=DOMAINS,
        ),
        Field(
            "other_domain",
            marked("其他领域说明"),
            source="Art. 4(4)",
            hint=marked("请写明重点领域或支柱产业的名称。"),
            when=Condition("domains", "other"),
        ),
        Field(
            "subjects",
            marked("培训专业（科目）"),
            Kind.ROWS,
            source="Art. 10",
            rows_least=1,
            columns=(
                Field("name", marked("专业（科目）名称"), longest=60),
                Field("series", marked("面向职称系列"), longest=60),
                Field("kind", marked("科目类别"), Kind.CHOICE, choices=SUBJECT_KINDS),
            ),
        ),
        Field(
            "task_scope",
            marked("拟承担任务范围"),
            Kind.LONG,
            source="Art. 8",
            hint=marked("请写明服务的地域和行业。"),
            longest=500,
        ),
    ),
)
