"""The engine's few words, as sentences."""

from pages.case_runs import did_in_words, ended_in_words, reason_in_words


def test_words_of_the_engine_that_nobody_knows_stay_as_they_are():
    assert reason_in_words("made up") == "made up"
    assert reason_in_words("local-review returned") == "推荐审核：退回补正"
    assert did_in_words("opened nowhere round 1") == "opened nowhere round 1"
    assert did_in_words("closed submission round 2: approved") == "第 2 轮办结，申报：已提交"
    assert did_in_words("called the chair") == "评审意见已收齐，请主任委员作出结论"
    assert did_in_words("issued 鄂继教基地〔2026〕0001号") == "鄂继教基地〔2026〕0001号"
    assert ended_in_words("Awaiting correction") == "等待补正"
    assert ended_in_words("Lapsed") == "逾期终止"
    assert ended_in_words("Dreaming") == "Dreaming"
