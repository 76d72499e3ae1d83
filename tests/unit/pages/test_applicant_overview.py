"""The overview: papers brought and taken away, and the submission with everything it can be refused for."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from casework.applications import save
from core import clock
from core.db import reading, transaction
from models.application import Call, Document, Submission
from models.case import Case
from regulation.form.example import example
from tests import cast
from tests.factories import a_pdf
from tests.unit.pages.applying import (
    at_once,
    paper_form,
    stored,
    submission_form,
    submit,
)
from tests.unit.pages.visitor import Visitor


def test_an_incomplete_submission_is_told_everything_at_once_with_links(applicant, draft):
    page = submit(applicant, draft, promised=False)
    assert page.status_code == 422
    assert "申报表尚未填写完整" in page.text
    assert "<details open>" in page.text
    for link in (
        f'href="{draft}/sections/basics?check=1#f-base_name"',
        f'href="{draft}/sections/training?check=1#f-training_years"',
        'href="#f-registration_certificate"',
        'href="#f-promise"',
    ):
        assert link in page.text
    for key in ("f-registration_certificate", "f-promise"):
        assert f'id="{key}"' in page.text
    for part in ("basics", "domain", "management", "faculty", "training"):
        targets = re.findall(rf'sections/{part}\?check=1#([^"]+)"', page.text)
        opened = applicant.get(f"{draft}/sections/{part}?check=1").text
        assert targets
        assert all(f'id="{target}"' in opened for target in targets)


def test_without_the_promise_nothing_is_submitted(applicant, complete):
    page = submit(applicant, complete, promised=False)
    assert page.status_code == 422
    assert "请阅读并勾选“真实性承诺”。" in page.text
    with reading() as session:
        assert session.exec(select(Case)).first() is None
    assert stored(complete).content["promise"] is True, "a refused submission changes nothing"


def test_fewer_than_five_hundred_a_year_are_refused_by_the_article(applicant, complete):
    with transaction() as session:
        years = example(specialists=499)["training_years"]
        changes = {"training_years": years}
        save(session, stored(complete).id, changes, None, by=cast.person(cast.APPLICANT, session))
    page = submit(applicant, complete)
    assert page.status_code == 422
    assert page.text.count("第四条第（四）项") == 3


def test_the_same_button_twice_files_once(applicant, complete):
    applicant.get(complete)
    form = submission_form(applicant, complete)
    applicant.submit(form, {"promise": "1"})
    again = applicant.submit(form, {"promise": "1"})
    assert again.status_code == 409
    assert re.search(r"已由林晓示例于[-0-9 :]+作出“已提交”的决定，不能重复办理", again.text)
    with reading() as session:
        submission = session.exec(select(Submission)).one()
    assert submission.sha256 in again.text, "who filed it and when is on the page"


def test_the_same_button_from_several_windows_at_once_files_once(applicant, complete):
    applicant.get(complete)
    sent = dict(submission_form(applicant, complete).values) | {"promise": "1"}
    answers = at_once(3, lambda: applicant.send("POST", complete, data=sent))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    with reading() as session:
        assert session.exec(select(Submission.number)).all() == [1]


def test_a_submission_of_what_one_has_not_seen_is_refused(applicant, complete):
    applicant.get(complete)
    form = submission_form(applicant, complete)
    with transaction() as session:
        colleague = cast.person(cast.APPLICANT, session)
        save(session, stored(complete).id, {"contact_name": "李示例"}, None, by=colleague)
    page = applicant.submit(form, {"promise": "1"})
    assert page.status_code == 412
    assert "请核对最新内容后再提交" in page.text
    assert applicant.submit(submission_form(applicant, complete), {"promise": "1"}).status_code == 200


def test_a_complete_application_cannot_be_submitted_after_the_call_has_closed(applicant, complete):
    applicant.get(complete)
    form = submission_form(applicant, complete)
    with transaction() as session:
        session.exec(select(Call)).one().closes_at = clock.now() - timedelta(seconds=1)
    page = applicant.submit(form, {"promise": "1"})
    assert page.status_code == 409
    assert "（北京时间），现在不能提交。" in page.text


@pytest.mark.parametrize(
    ("name", "content", "status", "sentence"),
    [
        ("大.pdf", b"%PDF-1.7" + b"0" * 21 * 2**20, 413, "超过 20 MB"),
        ("假.pdf", b"MZ\x90", 415, "“假.pdf”不是 PDF 文件"),
        ("坏.pdf", b"%PDF-1.7 nothing", 415, "已损坏或不完整"),
        ("空.pdf", b"", 422, "空文件"),
        ("<b>x</b>.pdf", b"x", 415, "b_.pdf”不是 PDF 文件"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_beside_its_field(  # noqa: PLR0917 - a table of cases
    applicant, draft, name, content, status, sentence
):
    applicant.get(draft)
    page = applicant.submit(
        paper_form(applicant, "registration_certificate"), files={"registration_certificate": (name, content)}
    )
    assert page.status_code == status
    fault = re.search(r'id="f-registration_certificate-error">.*?</svg>(.*?)</p>', page.text, re.DOTALL)
    assert fault
    assert sentence in fault[1]
    with reading() as session:
        assert session.exec(select(Document)).all() == []


def test_a_paper_must_be_chosen_before_it_is_uploaded(applicant, draft):
    applicant.get(draft)
    page = applicant.submit(paper_form(applicant, "establishment_document"))
    assert page.status_code == 422
    assert "请上传“机构成立文件”。" in page.text


def test_papers_are_replaced_removed_and_read_again(applicant, draft):
    kind = "registration_certificate"
    applicant.get(draft)
    applicant.submit(paper_form(applicant, kind), files={kind: ("../../etc/一.pdf", a_pdf(1))})
    applicant.submit(paper_form(applicant, kind), files={kind: ("二.pdf", a_pdf(2))})
    assert "二.pdf" in applicant.page.text
    assert "一.pdf" not in applicant.page.text
    file = re.search(rf'href="({draft}/files/[0-9a-f]+)"', applicant.page.text)
    assert file
    given = applicant.send("GET", file[1])
    assert given.content == a_pdf(2)
    assert given.headers["content-disposition"].startswith("attachment;")
    assert given.headers["x-content-type-options"] == "nosniff"
    assert Visitor().sign_in(cast.OTHER_APPLICANT).get(file[1]).status_code == 404
    applicant.get(draft)
    applicant.submit(applicant.form(draft, with_value=("act", "detach")))
    assert "“登记证书”已删除。" in applicant.page.text
    assert applicant.send("GET", file[1]).status_code == 404
    assert applicant.send("GET", f"{draft}/files/nonsense").status_code == 404


def test_an_unknown_act_or_paper_is_refused(applicant, draft):
    csrf = applicant.form("/sign-out").value("csrf")
    assert applicant.send("POST", draft, data={"csrf": csrf, "act": "x"}).status_code == 422
    for act in ("attach", "detach"):
        assert applicant.send("POST", draft, data={"csrf": csrf, "act": act, "kind": "x"}).status_code == 404
