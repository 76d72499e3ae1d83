"""Who may recommend, Art. 5(3): the bureaux of the 17 areas and the personnel offices of the industry departments."""

from dataclasses import dataclass

from core.i18n import marked


@dataclass(frozen=True)
class Area:
    """A city, prefecture, city under the province or forest area, with its code of GB/T 2260."""

    code: str
    name: str

    @property
    def bureau(self) -> str:
        """The area's human-resources bureau, as it signs."""
        return f"{self.name}人力资源和社会保障局"


@dataclass(frozen=True)
class Department:
    """An industry department whose personnel office may recommend; `recalled` until an official list confirms it."""

    name: str
    recalled: bool = True


AREAS: tuple[Area, ...] = (
    Area("420100", marked("武汉市")),
    Area("420200", marked("黄石市")),
    Area("420300", marked("十堰市")),
    Area("420500", marked("宜昌市")),
    Area("420600", marked("襄阳市")),
    Area("420700", marked("鄂州市")),
    Area("420800", marked("荆门市")),
    Area("420900", marked("孝感市")),
    Area("421000", marked("荆州市")),
    Area("421100", marked("黄冈市")),
    Area("421200", marked("咸宁市")),
    Area("421300", marked("随州市")),
    Area("422800", marked("恩施土家族苗族自治州")),
    Area("429004", marked("仙桃市")),
    Area("429005", marked("潜江市")),
    Area("429006", marked("天门市")),
    Area("429021", marked("神农架林区")),
)

AREA_NAMES = {area.code: area.name for area in AREAS}
"""Code → Chinese name."""

DEPARTMENTS: tuple[Department, ...] = (
    Department("湖北省教育厅"),
    Department("湖北省科学技术厅"),
    Department("湖北省经济和信息化厅"),
    Department("湖北省民政厅"),
    Department("湖北省司法厅"),
    Department("湖北省财政厅"),
    Department("湖北省自然资源厅"),
    Department("湖北省生态环境厅"),
    Department("湖北省住房和城乡建设厅"),
    Department("湖北省交通运输厅"),
    Department("湖北省水利厅"),
    Department("湖北省农业农村厅"),
    Department("湖北省文化和旅游厅"),
    Department("湖北省卫生健康委员会"),
    Department("湖北省应急管理厅"),
    Department("湖北省人民政府国有资产监督管理委员会"),
    Department("湖北省市场监督管理局"),
    Department("湖北省广播电视局"),
    Department("湖北省林业局"),
    Department("湖北省药品监督管理局"),
    Department("湖北省统计局"),
)
"""A first list to be edited: the regulation speaks of 行业主管部门 and names none, no official list was found."""
