"""The demonstration: one application goes through all six stages, over HTTP, before the reader's eyes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from stdnum.cn import uscc

from casework import demonstration
from casework.run_words import did_in_words, ended_in_words
from core.catcher import caught
from core.clock import today
from core.i18n import gettext, marked
from core.settings import settings
from core.typesetting import typeset
from regulation.definition import stages_under
from regulation.form.definition import ATTACHMENTS
from regulation.form.example import example
from regulation.roles import Duty
from terminal.actors import Actor, awaited, sign_up

Say = Callable[[str], None]

CHAIR = "zhuren@example.com"
EXPERTS = ("zhuanjia1@example.com", "zhuanjia2@example.com")
INSPECTORS = ("kaocha1@example.com", "kaocha2@example.com")
SCORES = (92, 86, 89)
ITEMS = {
    "faculty": ("专职教师名册 6 人", "核对劳动合同与名册，一致"),
    "management": ("管理人员 2 人，管理制度 8 项", "制度汇编齐全，有执行记录"),
    "premises": ("固定教室 24 间，实训场所 1 处", "教室、设备在用，与申报一致"),
    "funds": ("今后每年承诺 80.00 万元", "查阅预算文件，已列支"),
    "training": ("每年 620 人", "抽查三期名册，人数相符"),
}

ENCLOSURE = (
    "本页为演示附件，所载单位、人员和数据均为虚构，仅用于说明“{title}”应上传的材料。"
    "正式申报时请上传加盖公章的原件扫描件。"
)


@dataclass
class Play:
    """One performance: who acts, what is told, and how much of the flow's history was told already."""

    say: Say
    cast: ExitStack
    reference: str = ""
    told: int = 0
    actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, email: str) -> Actor:
        """Return a person, signed in when they first act."""
        if email not in self.actors:
            self.actors[email] = self.cast.enter_context(Actor(settings().public_url, email))
        return self.actors[email]

    def act(self, email: str, what: str) -> None:
        """Tell who did what."""
        self.say(f"  ● {self.actor(email).title}：{what}")

    def flow(self) -> None:
        """Tell what the flow did since it was last asked, once it has answered the news."""
        office = self.actor("jijiaoban@example.com")

        def history() -> dict[str, Any] | None:
            found: dict[str, Any] = office.get(f"/cases/{self.reference}/runs")
            done = not found["news"] and all(run["ended_at"] for run in found["runs"])
            return found if done else None

        found = awaited(history, duty=gettext(marked("流程运行")))
        for run in found["runs"][self.told :]:
            steps = gettext("；").join(did_in_words(step["did"]) for step in run["steps"]) or "—"
            line = marked("      流程第 {n} 次运行：{steps} → {state}")
            self.say(gettext(line, n=run["number"], steps=steps, state=ended_in_words(run["ended_in"])))
        self.told = len(found["runs"])
        for turn in found["waits_for"]:
            due = gettext("，{day} 前", day=turn["due_on"]) if turn["due_on"] else ""
            self.say(gettext("      现在轮到：{holder} {duty}{due}", holder=turn["holder"], duty=turn["duty"], due=due))

    def page(self, path: str) -> None:
        """Tell where to look."""
        self.say(f"      → {settings().public_url}{path}")


def play(say: Say) -> None:
    """Perform one application from submission to publication, a line an event."""
    with performance(say) as at:
        for number, (stage, scene) in enumerate(zip(STAGES, SCENES, strict=True), 1):
            say(f"\n{number}/6 {gettext(stage.title)}　{stage.source}")
            scene(at)


@contextmanager
def performance(say: Say) -> Iterator[Play]:
    """Have the actors for the length of a play."""
    with ExitStack() as cast:
        yield Play(say, cast)


def submission(at: Play) -> None:
    """An institution fills in its form, attaches its papers and files them."""
    applicant, name, code = next_institution(at)
    bodies = applicant.items("/recommenders")
    body = next(b["id"] for b in bodies if b["name"] == demonstration.HOME)
    begun = applicant.post("/applications", {"call": demonstration.CALL, "recommender_id": body})
    path = f"/applications/{begun['id']}"
    base_name = f"{name}专业技术人员继续教育基地"
    answers = example(name, base_name, code)
    applicant.change(path, begun["version"], answers)
    at.act(applicant.email, gettext("填写申报表 {n} 项", n=len(answers)))
    for paper in ATTACHMENTS:
        text = ENCLOSURE.format(title=paper.title)
        pdf = typeset("enclosure", {"title": paper.title, "unit": name, "text": text}, created=today())
        applicant.attach(f"{path}/attachments/{paper.key}", f"{paper.title}.pdf", pdf)
    at.act(applicant.email, gettext("上传附件 {n} 份", n=len(ATTACHMENTS)))
    filed = applicant.submit(path, applicant.get(path)["version"])
    at.reference = filed["case"]
    at.act(applicant.email, gettext("提交申报表，编号 {n}", n=at.reference))
    at.page(path)
    at.flow()


def local_review(at: Play) -> None:
    """The area's bureau examines the papers and signs its recommendation."""
    decide(at, "tuijian@example.com", Duty.RECOMMEND, "材料齐全，符合申报条件，同意推荐。")


def expert_review(at: Play) -> None:
    """The office names the panel; every expert reviews alone; the chair concludes."""
    panel = (CHAIR, *EXPERTS)
    assemble(at, Duty.ASSEMBLE_PANEL, panel)
    for email, score in zip(panel, SCORES, strict=True):
        duty = at.actor(email).duty(at.reference, Duty.REVIEW)
        opinion = "师资结构合理，制度健全，年培训规模达到要求。"
        at.actor(email).post(duty["act"], {"score": score, "recommendation": "pass", "opinion": opinion})
        at.act(email, gettext("评审 {n} 分，建议通过", n=score))
    at.flow()
    decide(at, CHAIR, Duty.CONCLUDE, "专家组一致认为该单位具备条件。")


def site_inspection(at: Play) -> None:
    """The office names the team; it goes there and compares."""
    assemble(at, Duty.ASSEMBLE_TEAM, INSPECTORS)
    email = INSPECTORS[0]
    duty = at.actor(email).duty(at.reference, Duty.INSPECT)
    visit = {
        "outcome": "approved",
        "reasons": "现场情况与申报材料一致。",
        "visited_on": today().isoformat(),
        "summary": "听取汇报，查阅材料，实地察看教室与实训场所。",
        "findings": {k: {"declared": d, "found": f, "matches": True} for k, (d, f) in ITEMS.items()},
    }
    at.actor(email).post(duty["act"], visit)
    at.act(email, gettext("记录实地考察 {n} 项，结论：符合条件", n=len(ITEMS)))
    at.page(f"/cases/{at.reference}")
    at.flow()


def certification(at: Play) -> None:
    """The department's leading group decides."""
    decide(at, "lingdao@example.com", Duty.CERTIFY, "经审定，予以认定。")


def publication(at: Play) -> None:
    """Nobody acts: the flow has issued the certificate and entered the base in the register."""
    case = at.actor("jijiaoban@example.com").get(f"/cases/{at.reference}")
    certificate = at.actor("jijiaoban@example.com").get(f"/certificates/{case['certificate']}")
    at.say(gettext("  ● 已颁发证书 {n}，列入基地名录", n=certificate["number"]))
    at.page("/register")
    path = settings().home / "files" / certificate["sha256"][:2] / certificate["sha256"][2:4] / certificate["sha256"]
    at.say(gettext("\n证书文件：{path}", path=path.resolve()))
    at.say(gettext("证书下载：{url}", url=settings().public_url + certificate["pdf"]))
    at.say(gettext("核验地址：{url}", url=settings().public_url + certificate["verification_page"]))


STAGES = stages_under(demonstration.POLICY)
SCENES = (submission, local_review, expert_review, site_inspection, certification, publication)


def decide(at: Play, email: str, duty: Duty, reasons: str) -> None:
    """Have somebody approve at the stage that waits for them."""
    given = at.actor(email).duty(at.reference, duty)
    done = at.actor(email).post(given["act"], {"outcome": "approved", "reasons": reasons})
    at.act(email, f"{done['outcome']['title']}。{reasons}")
    at.page(f"/duties/{given['id']}")
    at.flow()


def assemble(at: Play, duty: Duty, people: Sequence[str]) -> None:
    """Have the office name a panel or a team; the first of the people leads it."""
    office = at.actor("jijiaoban@example.com")
    given = office.duty(at.reference, duty)
    names = {email: name for _, email, name, _ in demonstration.STAFF}
    ids = {c["name"]: c["id"] for c in office.items(f"/assignments/{given['id']}/candidates")}
    chosen = [ids[names[email]] for email in people]
    office.post(given["act"], {"members": chosen, "leader": chosen[0]})
    at.act(office.email, f"{gettext(duty.title)}：{'、'.join(names[email] for email in people)}")
    at.page(f"/duties/{given['id']}")
    at.flow()


def next_institution(at: Play) -> tuple[Actor, str, str]:
    """Return the first demonstration institution that has not applied yet; a new one when all of them have."""
    for name, code, _, email, _ in demonstration.INSTITUTIONS:
        applicant = at.actor(email)
        if not applicant.items("/applications"):
            return applicant, name, code
    for number in count(1):
        base = f"52420100MJT{number:06}"
        account = {
            "organisation": f"荆楚示例培训中心{number}",
            "credit_code": base + uscc.calc_check_digit(base),
            "area_code": "420100",
            "name": f"示例经办{number}",
            "email": f"danwei{number}@example.com",
        }
        if sign_up(settings().public_url, account):
            return at.actor(account["email"]), account["organisation"], account["credit_code"]
    raise AssertionError


def summarise(say: Say) -> None:
    """Tell what there is to look at: the letters, the accounts, the addresses."""
    address = settings().public_url
    letters = caught(settings().home)
    say(gettext("\n已收存函件 {n} 封：{url}", n=len(letters), url=f"{address}/caught-letters"))
    for letter in letters[:3]:
        say(f"  · {letter.subject} → {letter.recipient}")
    say(gettext("\n登录账号（密码均为 {password}）：", password=demonstration.PASSWORD))
    for _, email, name, roles in demonstration.STAFF:
        say(f"  {email:<24} {'、'.join(gettext(role.title) for role in roles)}　{name}")
    for name, _, _, email, _ in demonstration.INSTITUTIONS:
        say(f"  {email:<24} {name}")
    say(gettext("\n网站：{url}　流程引擎：{engine}", url=address, engine=settings().engine_ui_url))
