"""Whether the record agrees with itself: what must be true of the tables whatever has happened.

Each question finds the rows of which it is not true. What a constraint of the database holds is not asked again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, col, select

from casework.submissions import checksum
from casework.trust.kept_files import is_as_it_was, kept, referred_to
from core.i18n import marked
from models.application import Submission


@dataclass(frozen=True)
class Unsound:
    """Something that is not as it must be; `harmless` is what a crash may leave behind."""

    sentence: str
    about: str
    harmless: bool = False


QUESTIONS = {
    marked("证书编号不连续：{about}"): """
        WITH numbered AS (
            SELECT 'certificate-' || substring(number FROM '〔([0-9]+)〕') AS name,
                substring(number FROM '〕([0-9]+)号')::int AS n
            FROM certificates
        ), counted AS (SELECT name, count(*) AS n, max(n) AS last FROM numbered GROUP BY name)
        SELECT coalesce(series.name, counted.name) FROM counted FULL JOIN series USING (name)
        WHERE coalesce(series.name, counted.name) LIKE 'certificate-%'
        AND NOT (coalesce(counted.n, 0) = coalesce(series.last, 0) AND coalesce(counted.last, 0) = counted.n)""",
    marked("已认定的申报没有证书：{about}"): """
        SELECT reference FROM cases WHERE outcome = 'approved'
        AND NOT EXISTS (SELECT FROM certificates WHERE certificates.case_id = cases.id)""",
    marked("已公布的申报不在基地名录中：{about}"): """
        SELECT reference FROM cases WHERE outcome = 'approved' AND NOT EXISTS (
            SELECT FROM register_entries JOIN certificates ON certificates.id = certificate_id
            WHERE certificates.case_id = cases.id)""",
    marked("基地名录中的基地未经认定：{about}"): """
        SELECT register_entries.base_name FROM register_entries JOIN certificates ON certificates.id = certificate_id
        JOIN cases ON cases.id = certificates.case_id WHERE cases.outcome IS DISTINCT FROM 'approved'""",
    marked("名录与证书上的单位不一致：{about}"): """
        SELECT register_entries.base_name FROM register_entries JOIN certificates ON certificates.id = certificate_id
        WHERE (register_entries.name, register_entries.base_name) <> (certificates.holder, certificates.base_name)""",
    marked("申报已办结，却没有作出结论：{about}"): """
        SELECT reference FROM cases WHERE closed_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM decisions WHERE decisions.case_id = cases.id AND undone_at IS NULL
            AND decisions.stage = cases.stage AND decisions.outcome = cases.outcome)""",
    marked("申报没有台账记录：{about}"): """
        SELECT reference FROM cases WHERE NOT EXISTS (SELECT FROM journal WHERE journal.case_id = cases.id)""",
    marked("结论没有记入台账：{about}"): """
        SELECT cases.reference || ' ' || decisions.stage FROM decisions JOIN cases ON cases.id = decisions.case_id
        WHERE NOT EXISTS (SELECT FROM journal WHERE journal.case_id = cases.id
            AND journal.at BETWEEN decided_at - interval '1 minute' AND decided_at + interval '1 minute')""",
    marked("办结的申报还有未了的事项：{about}"): """
        SELECT DISTINCT cases.reference FROM cases JOIN assignments ON assignments.case_id = cases.id
        WHERE cases.closed_at IS NOT NULL AND assignments.ended_at IS NULL""",
    marked("函件既未发出，也没有说明原因：{about}"): """
        SELECT id::text FROM messages
        WHERE (state = 'sent' AND sent_at IS NULL) OR (state = 'failed' AND error = '')""",
}
"""Sentence and question; a question gives what the sentence is about."""

CHANGED = marked("申报材料与提交时的校验值不符：{about}")
LOST = marked("引用的文件缺失或已损坏：{about}")
ORPHAN = marked("存储中有未被引用的文件：{about}")


def unsound(session: Session) -> Iterator[Unsound]:
    """Find what the record does not agree on."""
    for sentence, question in QUESTIONS.items():
        yield from (Unsound(sentence, str(about)) for (about,) in session.connection().execute(text(question)))
    yield from changed_papers(session)
    yield from unsound_files(session)


def changed_papers(session: Session) -> Iterator[Unsound]:
    """Find the filed papers that are not those of their checksum."""
    filed = select(Submission).order_by(col(Submission.submitted_at)).execution_options(yield_per=100)
    for one in session.exec(filed):
        if checksum(one.content, one.documents) != one.sha256:
            yield Unsound(CHANGED, f"{one.content.get('unit_name', '')} {one.number} {one.sha256}")


def unsound_files(session: Session) -> Iterator[Unsound]:
    """Find the files that are referred to and not there as they were, and those that nothing refers to."""
    referred = referred_to(session)
    for sha256, table in sorted(referred.items()):
        if not is_as_it_was(sha256):
            yield Unsound(LOST, f"{table} {sha256}")
    yield from (Unsound(ORPHAN, sha256, harmless=True) for sha256 in kept() if sha256 not in referred)
