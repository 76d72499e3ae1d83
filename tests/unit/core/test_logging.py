"""The sheet of a request or a run: what is noted on it stands in each of its lines, from whichever thread."""

import contextvars
import threading

from core import logging


def line() -> dict[str, object]:
    return dict(logging.carry(None, "", {"event": "x"}))


def test_what_is_noted_stands_in_every_line_of_the_block_and_in_none_after_it():
    with logging.about(run="r"):
        logging.note(case="JD-2026-0001")
        assert line() == {"event": "x", "run": "r", "case": "JD-2026-0001"}
    assert line() == {"event": "x"}
    logging.note(case="JD-2026-0002")
    assert line() == {"event": "x"}


def test_a_thread_that_serves_the_request_writes_on_the_same_sheet():
    with logging.about(request_id="n"):
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(logging.note,), kwargs={"case": "JD-2026-0001"})
        thread.start()
        thread.join()
        assert line()["case"] == "JD-2026-0001"
        assert logging.request_id() == "n"


def test_what_is_about_several_cases_does_not_name_one_of_them():
    with logging.about():
        for reference in ("JD-2026-0001", "JD-2026-0001"):
            logging.note(case=reference)
        assert line()["case"] == "JD-2026-0001"
        for reference in ("JD-2026-0002", "JD-2026-0001"):
            logging.note(case=reference)
        assert line()["case"] == "several"


def test_a_line_says_its_own_words_first():
    with logging.about(case="JD-2026-0001"):
        assert logging.carry(None, "", {"case": "JD-2026-0009"})["case"] == "JD-2026-0009"
