"""Signs of life: what a living process has in hand is seen by all, and by nobody when it has ended."""

import os
import signal
import subprocess
import sys
from uuid import UUID, uuid4

import psycopg
import pytest

from core.db import reading
from core.pulse import OURS, PULSE, in_living_hands, key
from core.settings import settings
from tests.machinery import until

pytestmark = pytest.mark.usefixtures("database")
HOLDER = (
    "import sys, uuid; from core.pulse import PULSE\n"
    "with PULSE.showing(uuid.UUID(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
)


def seen(what: UUID) -> bool:
    with reading() as session:
        return key(what) in in_living_hands(session)


def test_what_is_in_hand_is_seen_until_it_is_put_down():
    one, other = uuid4(), uuid4()
    with PULSE.showing(one):
        with PULSE.showing(other):
            assert seen(one)
            assert seen(other)
        assert seen(one)
        assert not seen(other)
    assert not seen(one)


def test_a_process_that_is_killed_has_nothing_in_hand():
    what = uuid4()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(what)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        assert seen(what)
        os.kill(holder.pid, signal.SIGKILL)
    until(lambda: not seen(what))


def test_a_lost_connection_stops_nothing():
    one, other = uuid4(), uuid4()
    with PULSE.showing(one):
        with psycopg.connect(settings().database.url, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", [holding_backend(one)])
        with PULSE.showing(other):
            assert not seen(one), "nobody knows"
        with PULSE.showing(other):
            assert seen(other)


def holding_backend(what: UUID) -> int:
    with psycopg.connect(settings().database.url) as connection:
        held = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"
        (pid,) = connection.execute(held, [OURS, key(what)]).fetchone() or (0,)
        return int(pid)
