"""七 经费: what was spent on continuing education in the last years, and what is promised for those to come."""

from core.i18n import marked
from regulation.form.field import Field, Kind, Section, money

SOURCES = ("own", "public", "income")
"""Columns that add up to the total."""

YEARS = Field(
    "funding_years",
    marked("近年继续教育经费投入"),
    Kind.ROWS,
    source="Art. 4(3)",
    hint=marked("填写最近几个完整年度；没有的填 0，合计应等于前三项之和。"),
    rows_by="years_declared",
    columns=(
        Field("year", marked("年度"), Kind.YEAR, least=2000),
        money("own", marked("单位自筹")),
        money("public", marked("财政拨款")),
        money("income", marked("培训收入")),
        money("total", marked("合计")),
    ),
)

FUNDS = Section(
    "funds",
    "七",
    marked("经费保障"),
    (
        YEARS,
        money(
            "funding_promised",
            marked("今后每年配套经费承诺"),
            source="Art. 4(3)",
            unit=marked("万元/年"),
            least=1,
        ),
        Field(
            "funding_promise_document",
            marked("配套经费承诺书"),
            Kind.FILE,
            source="Art. 4(3)",
            hint=marked("加盖单位公章的 PDF 扫描件。"),
        ),
        Field(
            "fees",
            marked("收费标准与依据"),
            Kind.LONG,
            required=False,
            hint=marked("以“元/人·天”计，并写明核定文件；不收费的写明“不收费”。"),
            longest=500,
        ),
    ),
)
