"""What people do at their browsers under the full procedure, in the words of the regulation."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from playwright.sync_api import FilePayload
from sqlmodel import Session, select

from casework.applications import attach, begin, save
from casework.calls import by_code
from casework.demonstration import HOME
from casework.experts.profiles import save_profile
from core.clock import local, now, today
from core.db import transaction
from core.spreadsheets import MEDIA_TYPE, Table, write
from models.case import Case
from models.expert import ExpertKind
from models.organisation import Organisation
from models.person import User
from regulation.checks import ACCEPTING, RECOMMENDING, CheckItem
from regulation.form.definition import ATTACHMENTS
from regulation.form.example import example
from regulation.form.row_words import TABLES, columns_of, rows_out
from regulation.sheet import DEFAULT, Item
from tests import cast
from tests.e2e.conftest import Visitor
from tests.e2e.pictures import pictures
from tests.e2e.test_visits import fills_in
from tests.factories import a_pdf, another_institution
from tests.stories.panels import a_profile

CALL, TITLE = "2026-2", "2026年度第二批湖北省专业技术人员继续教育基地申报（示例）"
NOTICE = "现开展2026年度第二批省级继续教育基地申报工作。（示例）"
CONTACT = "省人力资源和社会保障厅专业技术人员管理处（继教办）\n电话：027-00000000（示例）"
NUMBER = "鄂人社函〔2026〕128号"
TEACHERS = TABLES["teachers"]
SCAN = FilePayload(name="签字盖章.pdf", mimeType="application/pdf", buffer=a_pdf())
EXPERTS = (cast.CHAIR, *cast.EXPERTS, cast.OTHER_EXPERT, "zhuanjia4@example.com")
OF_FIELDS = EXPERTS[2:4]


def opens_call(office: Visitor) -> None:
    """The office opens a call with a panel of three, and names the decision that this rests on."""
    opens = local(now()).replace(second=0, microsecond=0) - timedelta(hours=1)
    office.goes_to("/office/calls").goes_to("/office/calls/new")
    office.writes("批次编号", CALL).writes("批次名称", TITLE).writes("申报通知", NOTICE)
    office.writes("开始时间", f"{opens:%Y-%m-%dT%H:%M}")
    office.writes("截止时间", f"{opens + timedelta(days=30):%Y-%m-%dT%H:%M}")
    office.writes("推荐上报截止时间", f"{opens + timedelta(days=40):%Y-%m-%dT%H:%M}")
    office.page.locator("details", has=office.field("policy-panel_size")).locator("summary").click()
    office.field("policy-panel_size").fill("3")
    office.writes("自定规则的依据", "继教办会议纪要〔2026〕7号（示例）")
    pictures(office, "new-call").presses("开通批次").sees("已开通").sees("本批次自定")


def pool() -> None:
    """Enter what is known of the demonstration's experts: of continuing education, or of the field applied for."""
    with transaction() as session:
        for email in EXPERTS:
            kind = ExpertKind.FIELD if email in OF_FIELDS else ExpertKind.CONTINUING_EDUCATION
            person = cast.person(email, session)
            save_profile(session, person.id, a_profile(kind), by=cast.person(cast.OFFICE, session))


def begins(session: Session) -> tuple[str, UUID]:
    """Fill in everything of another institution's application; return who applies, and the application."""
    email = another_institution(session)
    by = cast.person(email, session)
    bureau = session.exec(select(Organisation).where(Organisation.name == HOME)).one()
    application = begin(session, by_code(session, CALL), bureau.id, by=by)
    code = str(application.content["credit_code"])
    content = example(by.organisation_name, f"{by.organisation_name}继续教育基地", code)
    save(session, application.id, content, None, by=by)
    for paper in ATTACHMENTS:
        attach(session, application.id, paper.key, (f"{paper.title}.pdf", a_pdf()), by=by)
    return email, application.id


def imports_faculty(applicant: Visitor, address: str) -> None:
    """A month that is none is told by row and column and nothing is taken; mended, all rows are."""
    rows = rows_out(TEACHERS, example("示例单位", credit_code=""))
    wrong = [list(row) for row in rows]
    wrong[1][3] = "1979-13"
    applicant.goes_to(f"{address}/rows/teachers")
    brings(applicant, wrong).sees("一行也没有导入").sees("第 3 行").sees("出生年月").sees("1979-13")
    pictures(applicant, "row-import")
    brings(applicant, [*rows, ["示例甲", *rows[0][1:]]]).sees(f"已导入 {len(rows) + 1} 行")


def brings(applicant: Visitor, rows: Sequence[Sequence[object]]) -> Visitor:
    """Upload a workbook that takes the place of the rows there are."""
    headings = [column.heading for column in columns_of(TEACHERS)]
    content = write(Table("师资明细", headings, rows))  # type: ignore[arg-type]
    workbook = FilePayload(name="师资明细.xlsx", mimeType=MEDIA_TYPE, buffer=content)
    applicant.field("file").set_input_files(workbook)
    return applicant.chooses("导入方式", "替换本表现有的行").presses("导入")


def submits(applicant: Visitor, address: str) -> None:
    applicant.goes_to(address)
    applicant.field("promise").check()
    applicant.presses("提交申报", sure=True).sees("已提交")


def recommends(recommender: Visitor, case: Case) -> None:
    """The bureau answers every point of its check list, is named, brings the signed scan and recommends."""
    recommender.opens_duty("/inbox", "审核并签署推荐意见", case.reference)
    says_yes(recommender, RECOMMENDING)
    recommender.writes("经办人", "王经办示例").writes("负责人", "陈负责示例")
    recommender.field("scan").set_input_files(SCAN)
    recommender.chooses("结论", "同意推荐").presses("提交推荐意见", sure=True)


def accepts(office: Visitor, case: Case) -> None:
    office.opens_duty("/queue", "形式审查", case.reference)
    says_yes(office, ACCEPTING)
    office.chooses("结论", "予以受理").presses("提交审查结论", sure=True)


def says_yes(visitor: Visitor, asked: Iterable[CheckItem]) -> None:
    for item in asked:
        visitor.page.locator(f'[name="checks-{item.key}"][value="yes"]').check()


def draws(office: Visitor, case: Case) -> None:
    """The office draws the panel with a public number, and invites it."""
    office.opens_duty("/queue", "组建专家评审委员会", case.reference).presses("随机抽取")
    office.writes("种子", "20260921").presses("抽取").sees("验证通过")
    office.presses("确认并邀请", sure=True).sees("邀请与答复")
    pictures(office, "draw")


def joins(expert: Visitor, case: Case) -> None:
    expert.opens_duty("/inbox", "答复评审邀请", case.reference)
    expert.chooses("是否参加", "接受邀请").field("promise").check()
    expert.presses("提交答复", sure=True).sees("您已接受邀请")


def scores(expert: Visitor, case: Case) -> None:
    """An extreme mark without a word is told, and nothing that was typed is lost; explained, the sheet is taken."""
    expert.opens_duty("/inbox", "评审申报材料", case.reference)
    first, *others = DEFAULT.items
    expert.field(f"marks-{first.key}").fill(str(first.points))
    for item in others:
        expert.field(f"marks-{item.key}").fill(str(good(item)))
        explains(expert, item, good(item))
    expert.chooses("评审建议", "建议通过").writes("评审意见", "条件具备，师资和实训条件较好。")
    expert.presses("提交意见", sure=True).sees(f"得 {first.points} 分，属“优秀”档，须写明理由")
    pictures(expert, "scoring-sheet", begin="#work")
    explains(expert, first, first.points)
    expert.presses("提交意见", sure=True)


def good(item: Item) -> int:
    """Return the most points that need no word; full points where there are none."""
    plain = [mark for mark in range(item.points + 1) if not DEFAULT.must_explain(item, mark)]
    return max(plain, default=item.points)


def explains(expert: Visitor, item: Item, mark: int) -> None:
    if DEFAULT.must_explain(item, mark):
        expert.field(f"remarks-{item.key}").fill("见申报表和附件。")


def inspects(inspector: Visitor, case: Case) -> None:
    """What was seen, who was there for the institution, and the page that the team signed."""
    inspector.opens_duty("/inbox", "实地考察", case.reference)
    fills_in(inspector)
    inspector.writes("申报单位在场代表", "示例代表")
    inspector.page.get_by_label("马考察示例").check()
    inspector.field("signed_page").set_input_files(SCAN)
    pictures(inspector, "visit-record", begin="#work").presses("提交考察记录", sure=True)


def decides(decider: Visitor) -> None:
    """The department's meeting decides by the summary; its day and the number of its minutes are kept."""
    pictures(decider.goes_to(f"/office/calls/{CALL}/summary").sees("待审定"), "summary")
    decider.goes_to("/meetings").goes_to(f"/meetings/{CALL}")
    decider.chooses("会议类型", "领导小组会议").writes("会议名称", "领导小组2026年第3次会议（示例）")
    decider.writes("会议日期", today().isoformat()).writes("会议纪要文号", "鄂继教纪要〔2026〕3号（示例）")
    decider.chooses("审定结论", "予以认定")
    pictures(decider, "collective-decision").presses("提交审定结论", sure=True).sees("已记录 1 项审定结论")


def publicises(office: Visitor) -> None:
    """The period is counted day by day before the list is published."""
    office.goes_to("/office/publicity").goes_to(f"/office/publicity/new?call={CALL}")
    office.writes("公示首日", today().isoformat()).writes("异议受理部门和联系方式", CONTACT)
    office.presses("重新计算公示期").sees("5 个工作日").presses("确认并发布", sure=True).sees("公示已发布")


def announces(office: Visitor) -> None:
    office.goes_to("/office/announcements").goes_to(f"/office/announcements/new?call={CALL}")
    office.writes("文号", NUMBER).presses("生成并公布", sure=True).sees("已公布")


def name_of(email: str, session: Session) -> str:
    """Return an institution by the account that applies for it."""
    unit = select(Organisation.name).join(User, User.organisation_id == Organisation.id)  # type: ignore[arg-type]
    return session.exec(unit.where(User.email == email)).one()


def days_to(last_on: date) -> int:
    """Count the days from today to the one after a last day."""
    return (last_on - today()).days + 1
