"""The engine's few words, as sentences."""

from casework.run_words import did_in_words, ended_in_words, reason_in_words


def test_words_of_the_engine_that_nobody_knows_stay_as_they_are():
    assert reason_in_words("made up") == "made up"
    assert reason_in_words("local-review returned") == "推荐审核：退回补正"
    assert did_in_words("opened nowhere round 1") == "opened nowhere round 1"
    assert did_in_words("closed submission round 2: approved") == "办结申报第 2 轮：已提交"
    assert did_in_words("called the chair") == "评审意见已收齐，请主任委员作出结论"
    assert did_in_words("issued 鄂继教基地〔2026〕0001号") == "制发证书 鄂继教基地〔2026〕0001号"
    assert did_in_words("opened local-review round 1") == "开启推荐审核第 1 轮"
    assert did_in_words("taken up again after an interruption") == "中断后接续运行"
    assert did_in_words("issued") == "制发证书"
    assert did_in_words("published") == "公布"
    assert did_in_words("issue") == "issue"
    assert ended_in_words("Awaiting correction") == "等待补正"
    assert ended_in_words("Lapsed") == "逾期终止"
    assert ended_in_words("Dreaming") == "Dreaming"
