"""The people of the stories: the demonstration's, by the part they play."""

from sqlmodel import Session, select

from casework.people import Person, person_of
from core.db import reading
from models.person import User

APPLICANT = "shenbao@example.com"
OTHER_APPLICANT = "shenbao2@example.com"
RECOMMENDER = "tuijian@example.com"
OFFICE = "jijiaoban@example.com"
CHAIR = "zhuren@example.com"
EXPERTS = ("zhuanjia1@example.com", "zhuanjia2@example.com")
OTHER_EXPERT = "zhuanjia3@example.com"
INSPECTORS = ("kaocha1@example.com", "kaocha2@example.com")
DECIDER = "lingdao@example.com"
OPERATOR = "yunwei@example.com"
ADMINISTRATOR = "guanli@example.com"
AUDITOR = "shenji@example.com"


def person(email: str, session: Session | None = None) -> Person:
    """Return one of the cast."""
    if session:
        return person_of(session, session.exec(select(User).where(User.email == email)).one())
    with reading() as own:
        return person(email, own)
