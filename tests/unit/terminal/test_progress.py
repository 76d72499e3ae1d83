"""What is told of a long demonstration: lines where the output is kept, a bar where somebody watches."""

import io

from rich.console import Console

from terminal.progress import Bars, progress


def plain(**options) -> Console:
    return Console(file=io.StringIO(), width=100, **options)


def test_without_a_terminal_there_is_a_line_for_the_stage_every_ten_acts_and_the_end():
    said: list[str] = []
    telling = progress(said.append, plain())
    telling.begin("推荐审核", 25)
    for _ in range(25):
        telling.advance(1)
    telling.close()
    assert said[:3] == ["推荐审核：共 25 项", "  推荐审核 10/25", "  推荐审核 20/25"]
    assert said[3].startswith("  推荐审核 25/25，用时 ")
    assert len(said) == 4


def test_what_is_waited_for_is_told_as_it_grows_and_not_again_and_again():
    said: list[str] = []
    telling = progress(said.append, plain())
    telling.begin("评审结论", 48)
    for given in (0, 3, 3, 12, 14, 14, 31, 48):
        telling.wait(given, 48)
    assert said[1:] == ["  评审结论：等待流程分派 12/48", "  评审结论：等待流程分派 31/48"]


def test_on_a_terminal_there_is_a_bar_and_no_line():
    said: list[str] = []
    screen = plain(force_terminal=True)
    telling = progress(said.append, screen)
    assert isinstance(telling, Bars)
    telling.begin("受理", 3)
    telling.wait(1, 3)
    telling.advance(3)
    telling.close()
    assert not said
    assert "受理" in screen.file.getvalue()
    assert "3/3" in screen.file.getvalue()
