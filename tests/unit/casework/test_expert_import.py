"""The pool brought as a workbook: all of it or nothing, every fault by row, column and reason."""

import pytest
from sqlmodel import func, select

from casework.experts.importing import COLUMNS, import_pool, template
from casework.experts.pool import PoolSearch, count_experts, expert_of, experts
from core import spreadsheets
from core.db import reading, transaction
from core.errors import Invalid, NotPermitted
from core.spreadsheets import Table
from models.expert import Employment, Expert
from models.person import User
from tests import cast

pytestmark = pytest.mark.usefixtures("database")

FIRST = ["示例甲", "jia@example.com", "教授", "继续教育专家", "", "是", "示例大学", "2026-01-01", "2028-12-31",
         "示例大学", "12420000000000019Q", "2015-07-01", ""]  # fmt: skip
SECOND = ["示例乙", "yi@example.com", "研究员", "领域专家", "新能源、新材料", "否", "示例研究院", "2026年1月1日", "",
          "示例研究院", "", "2018/3/1", ""]  # fmt: skip
MORE = ["", "yi@example.com", *[""] * 7, "示例公司", "", "2010-07-01", "2018-02-28"]


def workbook(*rows: list[str]) -> bytes:
    return spreadsheets.write(Table("专家库", COLUMNS, rows))


def brought(*rows: list[str], by: str = cast.OFFICE):
    with transaction() as session:
        return import_pool(session, workbook(*rows), by=cast.person(by, session))


def test_a_workbook_is_taken_with_accounts_and_employers():
    taken = brought(FIRST, SECOND, MORE)
    assert [one.user.name for one in taken] == ["示例甲", "示例乙"]
    assert all(one.invited and one.user.initial_password for one in taken)
    with reading() as session:
        second = expert_of(session, taken[1].user.id)
        assert second.state == "active"
        assert second.profile.fields == ["new-energy", "new-materials"]
        assert [(one.employer, one.to_on is None) for one in second.employments] == [
            ("示例研究院", True),
            ("示例公司", False),
        ]
        assert expert_of(session, taken[0].user.id).may_chair
        assert not second.may_chair


def test_brought_again_it_changes_profiles_and_opens_no_second_account():
    brought(FIRST)
    (again,) = brought([*FIRST[:2], "副教授", *FIRST[3:5], "否", *FIRST[6:]])
    assert not again.invited
    with reading() as session:
        entry = expert_of(session, again.user.id)
        assert entry.profile.title == "副教授"
        assert not entry.may_chair
        assert session.exec(select(func.count()).select_from(Employment)).one() == 1


def test_every_fault_is_told_by_row_and_column_and_nothing_is_taken():
    wrong = ["丙", "no address", "", "专家", "炼金术", "也许", "", "昨天", "2025-13-01", "", "123", "", "2010-01-01"]
    twice = [*SECOND]
    applicant = ["示例丁", cast.APPLICANT, *FIRST[2:]]
    with pytest.raises(Invalid) as refused:
        brought(FIRST, wrong, SECOND, twice, applicant)
    told = [fault.message for fault in refused.value.faults]
    assert "第 3 行“邮箱”：请填写有效的邮箱地址。" in told
    assert "第 3 行“专业领域”：没有“炼金术”这一领域，请按模板第二页中的名称填写。" in told
    assert "第 3 行“聘期止”：应填写日期，例如 2026-01-01。" in told
    assert any(one.startswith("第 3 行“统一社会信用代码”：") for one in told)
    assert "第 5 行“邮箱”：该邮箱在前面的行中已出现。" in told
    assert "第 6 行“邮箱”：该邮箱是申报单位的账号，不能列为专家。" in told
    assert len({fault.field for fault in refused.value.faults}) == len(told) == 14
    with reading() as session:
        assert not session.exec(select(Expert.id)).all()
        assert not session.exec(select(User.id).where(User.email == "jia@example.com")).all()


def test_row_317_of_an_import():
    rows = [["", f"zj{n}@example.com", *FIRST[2:]] if n == 315 else [f"示例{n:03}", f"zj{n}@example.com", *FIRST[2:]]
            for n in range(400)]  # fmt: skip
    with pytest.raises(Invalid) as refused:
        brought(*rows)
    assert [fault.message for fault in refused.value.faults] == ["第 317 行“姓名”：请填写姓名（2 至 50 字）。"]


def test_what_is_no_pool_is_refused():
    with pytest.raises(Invalid), transaction() as session:
        import_pool(session, b"no workbook", by=cast.person(cast.OFFICE, session))
    with pytest.raises(Invalid):
        brought()
    with pytest.raises(NotPermitted):
        brought(FIRST, by=cast.CHAIR)


def test_the_template_can_be_read_back():
    assert spreadsheets.read(template(), COLUMNS) == []


def test_the_pool_is_searched_with_a_fixed_number_of_questions():
    brought(FIRST, SECOND, MORE)
    with reading() as session:
        for search, names in (
            (PoolSearch(words="示例公司"), ["示例乙"]),
            (PoolSearch(kind="continuing-education"), ["示例甲"]),
            (PoolSearch(field="new-energy"), ["示例乙"]),
            (PoolSearch(words="教授", kind="field"), []),
        ):
            assert [one.user.name for one in experts(session, search).rows] == names
            assert count_experts(session, search) == len(names)
        first = experts(session, PoolSearch(limit=3))
        second = experts(session, PoolSearch(limit=3, after=first.next))
        assert len(first.rows) == 3
        assert not {one.user.id for one in first.rows} & {one.user.id for one in second.rows}
