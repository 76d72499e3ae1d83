"""The stages of the demonstration's whole batch: what everybody does, in the order of the regulation."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import httpx

from casework import demonstration_batch as plan
from casework.demonstration_batch import Applicant
from core.clock import put_forward, today
from core.i18n import marked
from core.settings import settings
from core.typesetting import typeset
from regulation.checks import STAGE_CHECKS
from regulation.form.definition import ATTACHMENTS
from regulation.form.example import example
from regulation.roles import Duty
from terminal.crowd import Crowd
from terminal.play import ENCLOSURE, ITEMS

OFFICE, DECIDER = "jijiaoban@example.com", "lingdao@example.com"
SUITED = {"outcome": "approved", "reasons": "符合规定条件。"}
SIGNED = {"handled_by": "王经办示例", "signed_by": "陈负责示例"}
MEETING = {"kind": "leading-group", "title": "领导小组会议（演示）"}
OBJECTION = {
    "kind": "person", "name": "王示例", "phone": "027-87120000", "contact": "", "email": "",
    "facts": "该单位上年度培训名册中，有六十人并未参加培训，时间为五月，地点为主楼。",
    "grounds": "附培训签到表，与名册不符。",
}  # fmt: skip
CSRF = re.compile(r'name="csrf" value="([^"]*)"')
OBJECTING = re.compile(r'href="(/publicity/[^"]+/objections/[^"]+)"')


def refused(reasons: str) -> dict[str, str]:
    """Return a refusal with its reasons."""
    return {"outcome": "refused", "reasons": reasons}


@dataclass
class Batch:
    """The institutions that are still in the procedure, in the order of the batch, and their cases."""

    crowd: Crowd
    call: str
    running: list[Applicant] = field(default_factory=plan.applicants)
    cases: dict[int, str] = field(default_factory=dict)
    panels: list[list[str]] = field(default_factory=list)

    def reference(self, one: Applicant) -> str:
        """Return the reference of an institution's case."""
        return self.cases[one.place]

    def references(self, those: Iterable[Applicant] | None = None) -> list[str]:
        """Return the references of those institutions' cases, or of all that are still in the procedure."""
        return [self.cases[one.place] for one in (self.running if those is None else those)]

    def leave(self, out: Sequence[Applicant]) -> None:
        """Let institutions leave the procedure."""
        self.running = [one for one in self.running if one not in out]


def submission(batch: Batch) -> None:
    """Every institution fills in its form, attaches its papers and files them."""
    batch.crowd.begin(marked("申报"), len(batch.running))
    paper = enclosure("附件")
    bodies = {one["name"]: one["id"] for one in batch.crowd.actor(OFFICE).items("/recommenders")}
    for one in batch.running:
        applicant = batch.crowd.actor(one.email)
        begun = applicant.post("/applications", {"call": batch.call, "recommender_id": bodies[one.area.bureau]})
        path = f"/applications/{begun['id']}"
        content = example(one.name, f"{one.name}继续教育基地", one.credit_code, area=one.area.code)
        applicant.change(path, begun["version"], content)
        for wanted in ATTACHMENTS:
            if wanted.required:
                applicant.attach(f"{path}/attachments/{wanted.key}", f"{wanted.title}.pdf", paper)
        batch.cases[one.place] = applicant.submit(path, applicant.get(path)["version"])["case"]
        batch.crowd.done()


def local_review(batch: Batch) -> None:
    """Every bureau recommends as many as its quota allows, signed and sealed, and refuses the others."""
    batch.crowd.begin(marked("推荐审核"), len(batch.running))
    scan = enclosure("推荐意见")
    for area in dict.fromkeys(one.area for one in batch.running):
        own = [one for one in batch.running if one.area == area]
        email = plan.recommender_email(area)
        given = batch.crowd.duties(email, Duty.RECOMMEND, batch.references(own))
        for one in own:
            duty = given[batch.reference(one)]
            batch.crowd.actor(email).attach(f"/assignments/{duty['id']}/scan", "推荐意见.pdf", scan)
            said = checked("local-review") if one.within_quota else refused("超出本批次推荐名额。")
            batch.crowd.act(email, duty["act"], said | SIGNED)
    batch.leave([one for one in batch.running if not one.within_quota])


def acceptance(batch: Batch) -> None:
    """The office examines the form of the papers and takes all but the last few in."""
    batch.crowd.begin(marked("受理"), len(batch.running))
    late = batch.running[-plan.NOT_ACCEPTED :]
    given = batch.crowd.duties(OFFICE, Duty.CHECK_FORM, batch.references())
    for one in batch.running:
        said = refused("申报表未加盖公章。") if one in late else checked("acceptance")
        batch.crowd.act(OFFICE, given[batch.reference(one)]["act"], said)
    batch.leave(late)


def panels(batch: Batch) -> None:
    """Three panels of seven are drawn, each for a third of the cases; everybody accepts the invitation."""
    batch.crowd.begin(marked("抽取专家"), plan.PANELS * (1 + plan.POLICY.panel_size))
    duties = batch.crowd.duties(OFFICE, Duty.ASSEMBLE_PANEL, batch.references())
    emails = {plan.expert_name(n): plan.expert_email(n) for n in range(1, plan.EXPERTS + 1)}
    for number in range(plan.PANELS):
        group = batch.references(batch.running[number :: plan.PANELS])
        asked = {"assignments": [duties[one]["id"] for one in group], "seed": f"{batch.call}-{number}"}
        draw = batch.crowd.actor(OFFICE).post("/draws", asked)
        invited = batch.crowd.act(OFFICE, f"/draws/{draw['id']}/confirmation", {})["invitations"]
        chair_first = [emails[one["name"]] for one in sorted(invited, key=lambda one: not one["leads"])]
        for email in chair_first:
            given = batch.crowd.duties(email, Duty.ANSWER, group)
            accepted = {"answer": "accept", "promise": True}
            batch.crowd.act(email, f"/assignments/{given[group[0]]['id']}/answer", accepted)
        batch.panels.append(chair_first)


def reviews(batch: Batch) -> None:
    """Every member marks the papers alone."""
    batch.crowd.begin(marked("专家评审"), len(batch.running) * plan.POLICY.panel_size)
    failed = batch.running[-plan.FAILED :]
    for number, panel in enumerate(batch.panels):
        group = batch.running[number :: plan.PANELS]
        for place, email in enumerate(panel):
            given = batch.crowd.duties(email, Duty.REVIEW, batch.references(group))
            for one in group:
                score = plan.FAILING if one in failed else one.score(place)
                batch.crowd.act(email, given[batch.reference(one)]["act"], opinion(score))


def conclusions(batch: Batch) -> None:
    """The chairs conclude as the results say."""
    batch.crowd.begin(marked("评审结论"), len(batch.running))
    failed = batch.running[-plan.FAILED :]
    for number, (chair, *_) in enumerate(batch.panels):
        group = batch.running[number :: plan.PANELS]
        given = batch.crowd.duties(chair, Duty.CONCLUDE, batch.references(group))
        for one in group:
            said = refused("评审结果未达到通过要求。") if one in failed else SUITED
            batch.crowd.act(chair, given[batch.reference(one)]["act"], said)
    batch.leave(failed)


def visits(batch: Batch) -> None:
    """Teams of two look at what was declared."""
    batch.crowd.begin(marked("实地考察"), 3 * len(batch.running))
    given = batch.crowd.duties(OFFICE, Duty.ASSEMBLE_TEAM, batch.references())
    ids = named(batch, given[batch.references()[0]]["id"])
    teams = [[plan.inspector_name(n), plan.inspector_name(n + 1)] for n in range(1, plan.INSPECTORS, 2)]
    for place, one in enumerate(batch.running):
        team = [ids[name] for name in teams[place % len(teams)]]
        batch.crowd.act(OFFICE, given[batch.reference(one)]["act"], {"members": team, "leader": team[0]})
    for number in range(len(teams)):
        group = batch.running[number :: len(teams)]
        leader, other = (plan.inspector_email(1 + 2 * number + n) for n in range(2))
        given = batch.crowd.duties(leader, Duty.INSPECT, batch.references(group))
        seconds = batch.crowd.duties(other, Duty.INSPECT, batch.references(group))
        for case in map(batch.reference, group):
            draft = batch.crowd.actor(leader).put(f"/assignments/{given[case]['id']}/record", seen())
            batch.crowd.act(other, f"/assignments/{seconds[case]['id']}/confirmation", {"sha256": draft["sha256"]})
            batch.crowd.act(leader, given[case]["act"], seen())


def certification(batch: Batch) -> None:
    """The department's meeting decides for the best of them, in one list."""
    batch.crowd.begin(marked("认定"), 1)
    given = batch.crowd.duties(DECIDER, Duty.CERTIFY, batch.references())
    beyond = batch.running[plan.CERTIFIED :]
    items = [
        {"assignment": given[batch.reference(one)]["id"]}
        | (refused("综合评审排名超出本批次认定数量。") if one in beyond else SUITED)
        for one in batch.running
    ]
    meeting = MEETING | {"held_on": today().isoformat(), "minutes_number": f"示例纪要〔{batch.call}〕1号"}
    batch.crowd.act(DECIDER, f"/calls/{batch.call}/resolution", {"meeting": meeting, "items": items})
    batch.leave(beyond)


def publicity(batch: Batch, first_on: date) -> date:
    """The list is made public; two of them are objected to, one objection stands. Return the last day."""
    batch.crowd.begin(marked("公示与异议"), 1 + 2 * 3)
    given = batch.crowd.duties(OFFICE, Duty.PUBLICISE, batch.references())
    asked = {
        "title": "省级继续教育基地拟认定名单公示（演示）",
        "first_on": first_on.isoformat(),
        "assignments": [given[one]["id"] for one in batch.references()],
    }
    public = batch.crowd.act(OFFICE, "/publicity", asked)
    if today() < first_on:  # today is no working day, and nobody can object before the first
        put_forward((first_on - today()).days)
    for one, result in ((batch.running[4], "upheld"), (batch.running[9], "dismissed")):
        object_to(batch, public["id"], one)
        number = next(
            o["id"] for o in batch.crowd.actor(OFFICE).items("/objections") if o["case"] == batch.reference(one)
        )
        batch.crowd.act(OFFICE, f"/objections/{number}/acceptance", {"gist": "反映上年度培训人数不实。"})
        concluded = {"result": result, "reasons": "经查阅培训名册核实。"}
        batch.crowd.act(OFFICE, f"/objections/{number}/conclusion", concluded)
    return date.fromisoformat(public["last_on"])


def reconsideration(batch: Batch) -> None:
    """The department reconsiders the one whose objection stands, and does not recognise it."""
    batch.crowd.begin(marked("复核审定"), 1)
    one = batch.running[4]
    given = batch.crowd.duties(DECIDER, Duty.RECONSIDER, [batch.reference(one)])
    batch.crowd.act(DECIDER, given[batch.reference(one)]["act"], refused("异议成立，培训人数不实。"))
    batch.leave([one])


def object_to(batch: Batch, publicity_id: str, one: Applicant) -> None:
    """Somebody without an account objects on the public page."""
    with httpx.Client(base_url=settings().public_url, timeout=30, follow_redirects=True) as visitor:
        whole = visitor.get(f"/publicity/{publicity_id}").text
        row = whole[: whole.index("</tr>", whole.index(one.name))].rpartition("<tr")[2]
        (path,) = OBJECTING.findall(row)
        (csrf, *_) = CSRF.findall(visitor.get(path).text)
        visitor.post(path, data=OBJECTION | {"csrf": csrf}).raise_for_status()
    batch.crowd.done()


def checked(of: str) -> dict[str, object]:
    """Return an approval with every point of the stage's check list answered."""
    return SUITED | {"checks": {item.key: {"answer": "yes"} for item in STAGE_CHECKS[of]}}


def opinion(score: int) -> dict[str, object]:
    """Return what an expert says who gives that score, every mark explained."""
    marks = plan.marks(score)
    advice = "pass" if score >= plan.POLICY.pass_mark else "fail"
    remarks = dict.fromkeys(marks, "见申报材料。")
    return {"marks": marks, "remarks": remarks, "recommendation": advice, "opinion": "材料齐全，已逐项核对。"}


def seen() -> dict[str, object]:
    """Return the record of a visit that found everything as declared."""
    return SUITED | {
        "visited_on": today().isoformat(),
        "summary": "听取汇报，查阅材料，实地察看教室与实训场所。",
        "representative": "王代表示例",
        "findings": {key: {"declared": d, "found": f, "matches": True} for key, (d, f) in ITEMS.items()},
    }


def named(batch: Batch, duty: str) -> dict[str, str]:
    """Return whom a team may be made of, name → id."""
    found = batch.crowd.actor(OFFICE).items(f"/assignments/{duty}/candidates")
    return {one["name"]: one["id"] for one in found}


def enclosure(title: str) -> bytes:
    """Set a paper that says it is invented."""
    text = ENCLOSURE.format(title=title)
    return typeset("enclosure", {"title": title, "unit": "示例单位", "text": text}, created=today())
