"""From submission to publication, by hand of every role."""

import re

import pytest

from core.clock import today
from regulation.form.definition import ATTACHMENTS
from regulation.form.field import Kind, Section
from tests import cast
from tests.e2e.conftest import Newcomer, Visitor
from tests.factories import a_pdf
from tests.unit.pages.applying import SECTIONS, answers

pytestmark = [pytest.mark.engine, pytest.mark.e2e]

REFERENCE = re.compile(r"JD-\d{4}-\d{4}")
OPTIONAL = [one for one in ATTACHMENTS if not one.required]


@pytest.mark.timeout(600)
def test_from_submission_to_publication(newcomer: Newcomer) -> None:
    applicant = newcomer().signs_in(cast.APPLICANT)
    reference = applies(applicant)
    recommends(newcomer().signs_in(cast.RECOMMENDER), reference)
    office = newcomer().signs_in(cast.OFFICE)
    assembles_panel(office, reference)
    for email, score in ((cast.CHAIR, 91), (cast.EXPERTS[0], 85), (cast.EXPERTS[1], 88)):
        reviews(newcomer(phone=True).signs_in(email), reference, score)
    concludes(newcomer().signs_in(cast.CHAIR), reference)
    assembles_team(office, reference)
    inspects(newcomer(phone=True).signs_in(cast.INSPECTORS[0]), reference)
    certifies(newcomer().signs_in(cast.DECIDER), reference)

    applicant.waits_for(f"/cases/{reference}", "已认定")
    office.goes_to("/office/board").goes_to("/office/cases").goes_to(f"/cases/{reference}").sees("流程")
    public = newcomer(phone=True).goes_to("/").goes_to("/register").sees("江汉示例职业技术学院")
    public.page.locator("main").get_by_role("link", name=re.compile("江汉示例")).first.click()
    public.looks().sees("有效")
    number = public.page.locator("main").get_by_text(re.compile(r"鄂继教基地〔\d{4}〕\d{4}号")).first.inner_text()
    public.goes_to("/verify").goes_to("/verify/no-such-code").sees("查无此证")
    public.page.goto(f"{public.address}/verify")
    public.page.locator("main input").first.fill(number)
    public.presses(re.compile("核验")).sees("有效")


def applies(applicant: Visitor) -> str:
    """Begin, fill in every section, attach what is required and one paper more, promise and submit."""
    applicant.goes_to("/calls").follows(re.compile("2026年度第一批"))
    applicant.presses("开始申报")
    applicant.page.get_by_label("由哪个单位审核推荐").select_option(label="武汉市人力资源和社会保障局")
    applicant.presses("开始填写申报表")
    address = applicant.page.url
    for section in SECTIONS:
        fills_in(applicant, f"{address}/sections/{section.key}", section)
    applicant.goes_to(address)
    for paper in (*(one for one in ATTACHMENTS if one.required), *OPTIONAL[:1]):
        for folded in applicant.page.locator("#optional-papers:not([open]) > summary").all():
            folded.click()
        form = applicant.page.locator("form", has=applicant.field(paper.key))
        applicant.field(paper.key).set_input_files(
            {"name": f"{paper.title}.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
        )
        with applicant.page.expect_navigation():
            form.get_by_role("button", name="上传").click()
    applicant.looks().sees("申报表已填写完整，可以提交。")
    applicant.field("promise").check()
    applicant.presses("提交申报", sure=True).sees("已提交")
    return REFERENCE.search(applicant.page.locator("body").inner_text())[0]  # type: ignore[index]


def fills_in(applicant: Visitor, address: str, section: Section) -> None:
    applicant.goes_to(address)
    given = answers(section)
    for asked in section.fields:
        cells = {name: value for name, value in given.items() if name.startswith(f"{asked.key}-")}
        if asked.kind is Kind.ROWS:
            while not all(applicant.field(name).count() for name in cells):
                applicant.page.locator(f'button[name="add"][value="{asked.key}-5"]').click()
                applicant.page.wait_for_load_state("load")
            folded = applicant.page.locator(f"#f-{asked.key} details:not([open]) > summary")
            while folded.count():
                folded.first.click()
        for name, value in (cells or {asked.key: given.get(asked.key, "")}).items():
            if asked.kind is not Kind.FILE:
                enters(applicant, name, value)
    applicant.presses("保存").sees("已保存")


def enters(visitor: Visitor, name: str, value: object) -> None:
    field = visitor.field(name)
    kind = field.first.evaluate("e => e.type || e.tagName")
    if kind in {"radio", "checkbox"}:
        for one in value if isinstance(value, list) else [value]:
            if one:
                visitor.page.locator(f'[name="{name}"][value="{one}"]').check()
    elif kind == "select-one":
        field.select_option(str(value))
    else:
        field.fill(str(value))


def recommends(recommender: Visitor, reference: str) -> None:
    recommender.opens_duty("/inbox", "审核并签署推荐意见", reference)
    recommender.chooses("结论", "同意推荐").writes("理由", "材料齐全，同意推荐。")
    recommender.presses("提交推荐意见", sure=True).goes_to("/archive").sees(reference)


def assembles_panel(office: Visitor, reference: str) -> None:
    office.opens_duty("/queue", "组建专家评审委员会", reference)
    for name in ("黄主任示例", "赵教授示例", "钱教授示例"):
        office.page.get_by_role("checkbox", name=name).check()
    office.page.get_by_role("radio", name=re.compile("黄主任示例")).check()
    office.presses("组建并通知", sure=True)


def reviews(expert: Visitor, reference: str, score: int) -> None:
    expert.opens_duty("/inbox", "评审申报材料", reference)
    expert.writes("评分", str(score)).chooses("评审建议", "建议通过").writes("评审意见", "条件具备。")
    expert.presses("提交意见", sure=True)


def concludes(chair: Visitor, reference: str) -> None:
    chair.opens_duty("/inbox", "作出评审结论", reference)
    chair.sees("88").chooses("结论", "评审通过").presses("提交评审结论", sure=True)


def assembles_team(office: Visitor, reference: str) -> None:
    office.opens_duty("/queue", "安排实地考察", reference)
    for name in ("何考察示例", "马考察示例"):
        office.page.get_by_role("checkbox", name=name).check()
    office.page.get_by_role("radio", name=re.compile("何考察示例")).check()
    office.presses("安排并通知", sure=True)


def inspects(inspector: Visitor, reference: str) -> None:
    inspector.opens_duty("/inbox", "实地考察", reference)
    inspector.writes("考察日期", today().isoformat())
    for item in ("faculty", "management", "premises", "funds", "training"):
        inspector.field(f"findings-{item}").fill("与申报一致")
        inspector.page.locator(f'[name="matches-{item}"]').first.check()
    for button in inspector.page.get_by_role("button", name="本项其余均一致").all():
        button.click()
    inspector.writes("考察情况", "听取汇报，查阅材料，实地察看。").chooses("结论", "符合条件")
    inspector.presses("提交考察记录", sure=True)


def certifies(decider: Visitor, reference: str) -> None:
    decider.opens_duty("/queue", "审定", reference)
    decider.sees("同意推荐").chooses("结论", "予以认定").presses("提交审定结论", sure=True)
