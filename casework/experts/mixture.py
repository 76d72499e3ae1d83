"""The mixture of a panel, Art. 5(4): experts of continuing education and of related fields, by the call's rules."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlmodel import Session

from casework.cases import policy_for
from casework.experts.conflicts import matters_of
from casework.experts.pool import FIELDS, Entry, entries_of
from core.errors import Fault
from core.i18n import gettext, marked
from models.case import Case
from models.expert import ExpertKind
from regulation.drawing import Candidate, Rules, Shortage, faults_of, rules_of

SENTENCE = marked("{said}。")
UNFIT = marked("{name}：{state}，不能担任评审专家。")


def rules_for(session: Session, cases: Collection[Case]) -> Rules:
    """Return the rules for one panel that judges these cases of one call."""
    wanted = [matter.domains for matter in matters_of(session, [case.id for case in cases])]
    return rules_of(policy_for(session, next(iter(cases))), wanted)


def candidate_of(entry: Entry) -> Candidate:
    """Return an expert as a draw sees him or her; without a profile somebody who counts for neither kind."""
    known = entry.profile
    education = bool(known and known.kind is ExpertKind.CONTINUING_EDUCATION)
    fields = frozenset(known.fields) if known and not education else frozenset()
    return Candidate(str(entry.user.id), education, fields, entry.may_chair)


def mixture_faults(session: Session, case: Case, members: Collection[UUID]) -> list[Fault]:
    """Return what is wrong with the mixture of a panel named by hand, and who of it is suspended or out of term.

    Somebody without a profile may be of either kind: only what is certainly broken is refused.
    """
    entries = entries_of(session, members)
    if len(entries) != len(set(members)):
        return []  # somebody who is no expert is told otherwise
    unfit = [one for one in entries if one.state in {"suspended", "expired", "ahead"}]
    faults = [Fault("members", gettext(UNFIT, name=one.user.name, state=gettext(STATED[one.state]))) for one in unfit]
    rules = rules_for(session, [case])
    if rules.education or rules.field_experts:
        unknown = sum(not one.profile for one in entries)
        broken = faults_of([*map(candidate_of, entries)], rules)
        of_mixture = [one for one in broken if one.is_of_mixture and one.have + unknown < one.need]
        faults += [Fault("members", gettext(SENTENCE, said=in_words(one))) for one in of_mixture]
    return faults


def in_words(shortage: Shortage) -> str:
    """Say which rule cannot be kept."""
    fields = fields_in_words(shortage.fields)
    return gettext(shortage.sentence, need=shortage.need, have=shortage.have, fields=fields)


def fields_in_words(keys: Iterable[str]) -> str:
    """Return domains by their titles."""
    return gettext("、").join(gettext(FIELDS.get(key, key)) for key in sorted(keys))


STATED = {
    "suspended": marked("已暂停参加评审"),
    "expired": marked("聘期已满"),
    "ahead": marked("聘期未到"),
}
