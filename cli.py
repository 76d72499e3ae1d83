"""The commands of `jidi`: composition root of the terminal."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from pydantic import ValidationError

from casework import demonstration
from core import catcher as letters
from core import logging, schema
from core.clock import put_forward
from core.db import transaction
from core.errors import JidiError
from core.i18n import gettext, language, marked
from core.settings import settings
from terminal import accounts, backup, batch, granting, machine, managing, play, restoring
from terminal import archive as archiving
from terminal import doctor as examination
from terminal import verify as verification

app = typer.Typer(name="jidi", no_args_is_help=True, add_completion=False, help="湖北省继续教育基地申报与认定管理系统")

STOPPED = marked("已全部停止。")
AHEAD = marked("演示时钟比实际时间快 {n} 天。")
WRONG_SETTINGS = marked("设置有误：{reason}")


@app.command()
def up(*, demonstrate: Annotated[bool, typer.Option("--play/--no-play", help="先演示一份申报的全过程")] = True) -> None:
    """启动全部服务（内置数据库、流程引擎、流程执行、邮件、网站），直到按 Ctrl-C。"""
    with told_in_a_sentence(), machine.running(say) as supervisor:
        if demonstrate and settings().embedded:
            play.play(say)
        play.summarise(say)
        supervisor.serve()
    say(gettext(STOPPED))


@app.command()
def demo(
    *, whole_batch: Annotated[bool, typer.Option("--batch", help="改为演示一个批次：60 家单位申报，29 家认定")] = False
) -> None:
    """启动全部服务，演示一份申报从提交到公布的全过程，然后停止。"""
    with told_in_a_sentence(), machine.running(say):
        if whole_batch:
            batch.play(say)
        else:
            play.play(say)
            play.summarise(say)
    say(gettext(STOPPED))


@app.command()
def web() -> None:
    """只运行网站与接口。"""
    with told_in_a_sentence():
        chosen = settings()
        logging.configure(json=not chosen.embedded)
        uvicorn.run(
            "app:create_app", factory=True, host=chosen.web.host, port=chosen.web.port, log_level="warning",
            log_config=None,  # our own: every line with the number of its request
            proxy_headers=False,  # whom to believe stands in our own settings (JIDI_WEB_PROXIES)
        )  # fmt: skip


@app.command()
def worker(name: Annotated[str, typer.Option(help="在流程引擎中显示的名称")] = "") -> None:
    """只运行流程执行程序。"""
    with told_in_a_sentence():
        logging.configure(json=not settings().embedded)
        command = [sys.executable, "-m", "flows", *([name] if name else [])]
        os.execve(command[0], command, {**os.environ, **machine.worker_environment()})  # noqa: S606 - Prefect reads its environment at import


@app.command(hidden=True)
def catcher() -> None:
    """只运行本地邮件服务。"""
    with told_in_a_sentence():
        asyncio.run(letters.serve(settings().home, settings().mail.host, settings().mail.port))


@app.command()
def migrate() -> None:
    """将数据库结构更新到最新。"""
    with told_in_a_sentence():
        schema.migrate()
        say(gettext(machine.MIGRATED))
        granting.renew(say)
        managing.warn(say)


@app.command()
def seed() -> None:
    """录入演示数据（仅限内置演示模式）。"""
    with told_in_a_sentence(), transaction() as session:
        say(gettext(machine.SEEDED if demonstration.seed(session) else machine.SEEDED_BEFORE))


@app.command()
def account(
    email: Annotated[str, typer.Argument(help="登录用的邮箱")],
    name: Annotated[str, typer.Argument(help="姓名")],
    *,
    role: Annotated[accounts.FirstRole, typer.Option(help="身份")] = accounts.FirstRole.ADMINISTRATOR,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="从标准输入读取密码")] = False,
) -> None:
    """开通第一个系统管理员账号；其余账号由系统管理员在网站上开通。"""
    with told_in_a_sentence():
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else asked_twice()
        say(accounts.open_account(email, name, password, role))


@app.command()
def clock(days: Annotated[int, typer.Argument(help="拨快的天数", min=1)]) -> None:
    """将演示时钟拨快若干天，以便查看期限届满后的办理（仅限内置演示模式）。"""
    with told_in_a_sentence():
        say(gettext(AHEAD, n=put_forward(days)))


@app.command()
def doctor() -> None:
    """检查各部分是否正常，并说明如何处理。"""
    with told_in_a_sentence():
        raise typer.Exit(0 if examination.examine(say) else 1)


@app.command()
def verify(
    *,
    head: Annotated[list[str] | None, typer.Option(help="网站公布过的台账校验值，可多次给出")] = None,
    heads: Annotated[Path | None, typer.Option(help="从网站“台账校验值”页面下载的 JSON 文件")] = None,
) -> None:
    """核对台账和各项记录是否完好，指出每件申报第一处被改动、删除或插入的记录。"""
    with told_in_a_sentence(), backup.the_database():
        published = [*(head or []), *(verification.heads_in(heads) if heads else [])]
        raise typer.Exit(0 if verification.verify(say, published) else 1)


@app.command()
def seal() -> None:
    """立即封存台账（平时每日自动封存一次）。"""
    with told_in_a_sentence(), backup.the_database():
        verification.seal_now(say)


@app.command()
def archive(
    reference: Annotated[str, typer.Argument(help="申报编号")],
    file: Annotated[Path | None, typer.Argument(help="归档包文件名，默认为“申报编号.zip”")] = None,
) -> None:
    """制作一件申报的归档包，可离线核验。"""
    with told_in_a_sentence(), backup.the_database():
        archiving.archive(reference, file, say)


@app.command(name="backup")
def back_up(folder: Annotated[Path, typer.Argument(help="新的或空的目录")]) -> None:
    """备份数据库和全部文件，期间不影响办理。"""
    with told_in_a_sentence():
        backup.back_up(folder, say)


@app.command()
def restore(folder: Annotated[Path, typer.Argument(help="备份目录")]) -> None:
    """将备份恢复到空的数据库和数据目录，并核对。"""
    with told_in_a_sentence():
        raise typer.Exit(0 if restoring.restore(folder, say) else 1)


@app.command()
def grant(role: Annotated[str, typer.Argument(help="数据库角色，须已建立")]) -> None:
    """授予应用程序的数据库角色所需权限；该角色不能修改或删除台账。"""
    with told_in_a_sentence(), backup.the_database():
        granting.grant(role, say)


def asked_twice() -> str:
    """Ask for a password without showing it, until it is typed the same twice."""
    again = gettext("再次输入密码")
    return str(typer.prompt(gettext("密码"), hide_input=True, confirmation_prompt=again))


def say(line: str) -> None:
    """Print one line at once."""
    typer.echo(line)


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """End a command that cannot go on with one clear sentence and status 1."""
    try:
        yield
    except KeyboardInterrupt:
        say(gettext(STOPPED))
        raise typer.Exit(130) from None
    except JidiError as error:
        typer.secho(error.sentence(), fg="red", err=True)
        raise typer.Exit(1) from None
    except ValidationError as error:
        reasons = "; ".join(problem["msg"] for problem in error.errors())
        typer.secho(gettext(WRONG_SETTINGS, reason=reasons), fg="red", err=True)
        raise typer.Exit(1) from None


def main() -> None:
    """Run the command that was asked for, in the reader's language (`LANG`)."""
    if os.environ.get("LC_ALL", os.environ.get("LANG", "")).lower().startswith("en"):
        language.set("en")
    app()


if __name__ == "__main__":
    main()
