"""The procedure's stages in their usual order; a new one is a file in `stages/`, a line here and a line in the flow."""

from regulation.policy import Policy
from regulation.stage import Stage
from regulation.stages.acceptance import ACCEPTANCE
from regulation.stages.certification import CERTIFICATION
from regulation.stages.expert_review import EXPERT_REVIEW
from regulation.stages.local_review import LOCAL_REVIEW
from regulation.stages.publication import PUBLICATION
from regulation.stages.publicity import PUBLICITY
from regulation.stages.site_inspection import SITE_INSPECTION
from regulation.stages.submission import SUBMISSION

PROCEDURE = "2015-25/1"
"""The procedure new cases are pinned to: the document's number and our edition of it."""

CITATION = "《湖北省专业技术人员继续教育基地建设与管理暂行办法》（鄂人社发〔2015〕25号）"

STAGES: tuple[Stage, ...] = (
    SUBMISSION,
    LOCAL_REVIEW,
    ACCEPTANCE,
    EXPERT_REVIEW,
    SITE_INSPECTION,
    CERTIFICATION,
    PUBLICITY,
    PUBLICATION,
)

BY_KEY = {stage.key: stage for stage in STAGES}


def stages_under(policy: Policy) -> list[Stage]:
    """Return the stages that a call goes through, in the order its policy gives them."""
    kept = [one for one in STAGES if one.key not in policy.skipped]
    if policy.visit_first:
        review, visit = kept.index(EXPERT_REVIEW), kept.index(SITE_INSPECTION)
        kept[review], kept[visit] = kept[visit], kept[review]
    return kept


def stage(key: str) -> Stage:
    """Return the stage of that key; raises KeyError for a word that is none."""
    return BY_KEY[key]
