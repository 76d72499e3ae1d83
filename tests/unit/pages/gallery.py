"""Every part of the kit on one page, as a small application: `python -m tests.unit.pages.gallery [port]`."""

import asyncio
import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.staticfiles import StaticFiles

import pages
from core import clock
from core.errors import Invalid, JidiError, NotFound, Stale
from pages.forms import Form
from pages.kit import Attachment, BoardCard, BoardColumn, Column, Crumb, Happening, Option, StageMark, Tile, Turn
from pages.language import SpeakTheirLanguage
from pages.rendering import error_page, page, redirect
from pages.submission import Submitted

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"


@dataclass(frozen=True)
class Person:
    id: int = 7
    name: str = "王敏"
    email: str = "wang.min@example.com"
    roles: frozenset[str] = frozenset({"office", "operator", "expert"})
    organisation_name: str = "省继续教育办公室"
    csrf: str = "a-token"


STAGES = ("提交申报", "推荐单位审核", "专家评审", "实地考察", "审定发证", "公布")
TITLES = (
    "江汉理工大学继续教育学院",
    "荆楚水利科学研究院",
    "鄂西中医药培训中心",
    "长江光电股份有限公司培训学院",
    "湖北省建筑业协会",
)
PLACES = ("武汉市", "宜昌市", "恩施土家族苗族自治州", "省直", "襄阳市")


def cards() -> list[BoardCard]:
    today = clock.today()
    made = [
        BoardCard(
            f"JD-2026-{n:04d}",
            title,
            f"/cases/{n}",
            PLACES[n],
            "李建国（推荐单位）",
            3 + 4 * n,
            today + timedelta(6 - 4 * n),
        )
        for n, title in enumerate(TITLES)
    ]
    return [*made[:2], replace(made[2], badge="已停滞"), *made[3:]]


def context(form: Form) -> dict[str, object]:
    now, today = clock.now(), clock.today()
    dealt = cards()
    options = [Option(f"4201{n}", place) for n, place in enumerate(PLACES)]
    return {
        "form": form,
        "now": now,
        "crumbs": [Crumb("首页", "/"), Crumb("申报一览", "/office/cases"), Crumb("页面部件")],
        "cards": dealt,
        "areas": options,
        "answers": [
            Option("approved", "同意推荐"),
            Option("returned", "退回补正", "申报单位可以修改后重新提交"),
            Option("refused", "不同意推荐", "本次申报到此结束"),
        ],
        "marks": [
            StageMark(STAGES[0], "done", "张伟", now - timedelta(20)),
            StageMark(STAGES[1], "done", "武汉市人社局", now - timedelta(9)),
            StageMark(STAGES[2], "current", "5 位专家，已交 3 份"),
            *[StageMark(title, "ahead") for title in STAGES[3:]],
        ],
        "turn": Turn("陈立新（专家）", "提交评审意见", now - timedelta(9, 3600), today - timedelta(2)),
        "numbers": [
            Tile("在办申报", "128", "本批次", "/kit"),
            Tile("今日到期", "4", "请优先办理", "/kit", "warn"),
            Tile("已逾期", "2", "最长 6 天", "/kit", "bad"),
            Tile("已公布", "37", "累计", "/kit", "good"),
        ],
        "columns": [
            BoardColumn(title, len(dealt[n:]), dealt[n : n + 3], "/kit" if n == 0 else "")
            for n, title in enumerate(STAGES)
        ],
        "headings": [
            Column("申报单位", "title"),
            Column("地区", "area"),
            Column("现在轮到"),
            Column("停留天数", "days", numeric=True),
            Column("应办结", "due_on"),
        ],
        "pairs": [
            ("申报单位", TITLES[0]),
            ("统一社会信用代码", "12420000420000000X"),
            ("单位性质", "事业单位"),
            ("所在地区", "武汉市"),
            ("近三年培训专业技术人才", "2023 年 620 人，2024 年 705 人，2025 年 812 人"),
            ("单位网址", ""),
        ],
        "entries": [
            Happening(now - timedelta(hours=3), "陈立新被指派为评审专家", "王敏", mood="info"),
            Happening(now - timedelta(9), "推荐单位同意推荐", "李建国", "材料齐全，同意推荐。", "good"),
            Happening(
                now - timedelta(15),
                "退回补正",
                "李建国",
                "一、2024 年培训人数与附件不一致；\n二、缺少法人证书。",
                "warn",
            ),
            Happening(now - timedelta(20), "提交申报", "张伟"),
        ],
        "papers": [
            Attachment("事业单位法人证书.pdf", "/kit", 824_000, now - timedelta(20)),
            Attachment("培训场地产权证明及近三年培训台账汇总（含签到表）.pdf", "/kit", 5_824_000, now, "", "/kit"),
        ],
        "traceback": "Traceback (most recent call last):\n"
        '  File "tasks/certificates.py", line 41, in draw_certificate\n    '
        + "x" * 160
        + "\nTimeoutError: the printer did not answer within 30 s",
    }


def filled() -> Form:
    form = Form.of(
        {
            "outcome": "returned",
            "credit_code": "1242000",
            "people": "五百",
            "fund": "12.50",
            "fields": ["42010", "42012"],
            "reasons": "<b>请</b>补充",
        }
    )
    form.text("name_of_base", "基地名称")
    form.fault("credit_code", "统一社会信用代码应为 18 位，现有 7 位。")
    form.integer("people", "培训人数")
    form.day("visit_on", "考察日期")
    return form


def ask(app: FastAPI, method: str, path: str, **more: Any) -> httpx.Response:
    """Send one request to the application, without a socket."""

    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://jidi.test") as client:
            return await client.request(method, path, **more)

    return asyncio.run(sent())


def application(person: Person | None = None) -> FastAPI:
    app = FastAPI()
    app.mount("/static", StaticFiles(directory=Path(pages.__file__).parent / "static"))

    async def prepare(request: Request, call_next: RequestResponseEndpoint) -> Response:
        request.state.person = person
        response = await call_next(request)
        response.headers["Content-Security-Policy"] = POLICY
        return response

    app.add_middleware(BaseHTTPMiddleware, dispatch=prepare)
    app.add_middleware(SpeakTheirLanguage)
    app.add_exception_handler(JidiError, error_page)

    @app.get("/kit")
    def show(request: Request, *, wrong: bool = False) -> Response:
        return page(request, "kit/gallery.html", context(filled() if wrong else Form.of({"fund": "12.50"})))

    @app.post("/kit")
    def take(request: Request, form: Submitted) -> Response:
        people = form.integer("people", "培训人数", required=False)
        try:
            form.refuse_faults()
        except Invalid as refused:
            return page(request, "kit/gallery.html", context(form.refused(refused)), status=422)
        return redirect(request, "/kit", notice=f"已提交：{people}")

    @app.post("/kit/draft")
    def keep(request: Request, form: Submitted) -> Response:
        version = int(request.headers["if-match"].strip('"'))
        return JSONResponse({"version": version + 1, "reasons": form.value("reasons")})

    @app.get("/stale")
    def stale() -> None:
        raise Stale(changed=["单位名称", "培训人数"])

    @app.get("/{path:path}")
    def nothing(path: str) -> None:
        del path
        raise NotFound

    return app


if __name__ == "__main__":
    uvicorn.run(application(Person()), host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else 8123)
