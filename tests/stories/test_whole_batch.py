"""One call from the first application to the register: the totals of every stage, and that nothing is left over."""

from datetime import datetime

import pytest
import time_machine

from casework.demonstration_batch import applicants, enter
from core.clock import HUBEI
from core.db import transaction
from tests.stories.batch import Batch, totals

pytestmark = pytest.mark.usefixtures("database")

BEGINS = datetime(2026, 9, 14, 9, tzinfo=HUBEI)


def test_a_whole_batch() -> None:
    with time_machine.travel(BEGINS) as clock:
        with transaction() as session:
            enter(session)
        batch = Batch(applicants())
        import time

        t = time.perf_counter()

        def lap(w):
            nonlocal t
            print(w, round(time.perf_counter() - t, 2))
            t = time.perf_counter()

        batch.file_applications()
        lap("file")
        assert totals() == {"local-review open": 60}
        batch.recommend()
        lap("rec")
        assert totals() == {"acceptance open": 51, "local-review refused": 9}
        batch.accept()
        lap("acc")
        batch.review()
        lap("review")
        batch.visit()
        lap("visit")
        batch.certify()
        lap("certify")
        print(totals())
        batch.publicise()
        lap("pub")
        print(totals())
