"""The pieces of the embedded mode: folders that are claimed, ports that are free, children that end with us."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from core.embedded.children import Service
from core.embedded.home import claimed, is_claimed, require_room
from core.embedded.ports import answers, free_port, require_free
from core.embedded.postgres import Postgres, create_database
from core.embedded.supervision import Supervisor
from core.errors import Conflict, Unavailable

QUIET = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); signal.pause()"


def sleeper(name: str = "sleeper", *, code: str = QUIET, **more) -> Service:
    return Service(name, name, [sys.executable, "-c", code], more.pop("ready", lambda: True), **more)


def test_a_folder_has_one_owner_at_a_time(tmp_path):
    with claimed(tmp_path) as unclean:
        assert not unclean
        assert is_claimed(tmp_path)
        with pytest.raises(Conflict, match=str(os.getpid())), claimed(tmp_path):
            pass
    assert not is_claimed(tmp_path)


def test_a_folder_whose_owner_was_killed_can_be_claimed_and_says_so(tmp_path):
    code = (
        "import os, signal; from pathlib import Path; from core.embedded.home import claimed\n"
        f"with claimed(Path({str(tmp_path)!r})): os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False)
    assert killed.returncode == -signal.SIGKILL
    with claimed(tmp_path) as unclean:
        assert unclean
    with claimed(tmp_path) as unclean:
        assert not unclean


def test_a_folder_that_cannot_be_made_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="JIDI_HOME"):
        require_room(tmp_path / "file" / "home")


@pytest.mark.enable_socket
def test_a_port_that_is_taken_names_the_setting():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        assert answers("127.0.0.1", port)
        with pytest.raises(Conflict, match="JIDI_WEB_PORT"):
            require_free(("127.0.0.1", port), name="网站", setting="JIDI_WEB_PORT")
    require_free(("127.0.0.1", free_port()), name="网站", setting="JIDI_WEB_PORT")


@pytest.mark.enable_socket
def test_an_address_that_is_not_ours_is_refused():
    with pytest.raises(Unavailable, match="JIDI_WEB_HOST"):
        require_free(("192.0.2.1", 8080), name="网站", setting="JIDI_WEB_HOST")


def test_children_are_stopped_the_youngest_first(tmp_path):
    said: list[str] = []
    with Supervisor(tmp_path, said.append) as supervisor:
        supervisor.start(sleeper("first"))
        supervisor.start(sleeper("second"))
        children = [child.process for child in supervisor._children]
    assert all(process.poll() is not None for process in children)
    assert [line.split("：")[0] for line in said[-2:]] == ["second", "first"]


def test_a_child_that_dies_at_once_is_told_with_its_last_words(tmp_path):
    dying = sleeper(code="print('no licence'); raise SystemExit(3)", ready=lambda: False)
    with (
        pytest.raises(Unavailable, match=r"exit 3[\s\S]*no licence"),
        Supervisor(tmp_path, lambda _: None) as supervisor,
    ):
        supervisor.start(dying)


def test_a_child_that_dawdles_is_ended(tmp_path):
    slow = sleeper(ready=lambda: False, patience=0.2)
    with pytest.raises(Unavailable, match="sleeper"), Supervisor(tmp_path, lambda _: None) as supervisor:
        supervisor.start(slow)
    assert supervisor._children[0].died


def test_the_logs_of_the_start_before_are_kept(tmp_path):
    for word in ("one", "two"):
        with Supervisor(tmp_path, lambda _: None) as supervisor:
            child = supervisor.launch(sleeper(code=f"print({word!r})"))
            child.process.wait(20)
    assert (tmp_path / "sleeper.log").read_text() == "two\n"
    assert (tmp_path / "sleeper.log.1").read_text() == "one\n"


def test_a_long_path_gets_a_short_socket(tmp_path):
    near, far = Postgres(tmp_path), Postgres(tmp_path / ("深" * 40) / "home")
    assert near.socket == tmp_path.resolve() / "run" or len(str(near.socket)) < 100
    assert len(os.fsencode(far.socket / ".s.PGSQL.5432")) <= 100
    assert far.socket != Postgres(tmp_path / ("深" * 40) / "other").socket


def test_data_of_another_version_are_left_alone(tmp_path):
    server = Postgres(tmp_path)
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(Unavailable, match="12"):
        server.prepare()
    assert (server.data / "PG_VERSION").read_text() == "12\n"


def test_a_missing_database_is_made_and_an_unreachable_server_is_told(postgres_url, tmp_path):
    url = postgres_url.format(database="made_by_need")
    create_database(url)
    create_database(url)
    psycopg.connect(url).close()
    with psycopg.connect(postgres_url.format(database="postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE made_by_need")
    with pytest.raises(Unavailable, match="nowhere") as refused:
        create_database(f"postgresql://jidi:hidden@/nowhere?host={tmp_path}")
    assert "hidden" not in str(refused.value)
