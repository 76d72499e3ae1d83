"""`/metrics` for Prometheus: the figures of `flows.watch`, numbers only, no names of people, cases or machines."""

import hmac
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from api.schemas.common import refusals
from casework.figures import Figures
from core.clients import client_address, is_address
from core.errors import NotPermitted, NotSignedIn
from core.i18n import marked
from core.settings import settings
from flows.watch import Watch, watch

router = APIRouter(tags=["Operating"])

NO_TOKEN = marked("请在 Authorization 请求头中给出 JIDI_WEB_METRICS_TOKEN 的令牌。")
NOT_HERE = marked("未设置 JIDI_WEB_METRICS_TOKEN 时，只有本机可以读取运行指标。")
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")

scheme = HTTPBearer(auto_error=False, scheme_name="metrics", description="`JIDI_WEB_METRICS_TOKEN`.")


def admitted(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(scheme)]) -> None:
    """Let in who has the token; where none is set, whoever asks from this machine and for nobody else."""
    token = settings().web.metrics_token.get_secret_value()
    if token:
        given = credentials.credentials if credentials else ""
        if not hmac.compare_digest(given.encode(), token.encode()):
            raise NotSignedIn(NO_TOKEN)
        return
    address = client_address(request)
    passed_on = not settings().web.proxies and any(name in request.headers for name in FORWARDED)
    if passed_on or not is_address(address) or not ip_address(address).is_loopback:
        raise NotPermitted(NOT_HERE)


@router.get(
    "/metrics",
    dependencies=[Depends(admitted)],
    response_class=Response,
    responses={
        **refusals(401, 403),
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Prometheus' text format."},
    },
)
def metrics() -> Response:
    """Tell the installation's figures in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Seen(watch()))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class Seen(Collector):
    """One look at the installation, as metrics."""

    def __init__(self, seen: Watch) -> None:
        """Take the look."""
        self.seen = seen

    def collect(self) -> Iterator[Metric]:
        """Yield every figure that is known; what is not known is left out."""
        seen, room = self.seen, self.seen.room
        yield gauge("database_up", "Whether the database answers.", seen.figures is not None)
        yield gauge("engine_up", "Whether the engine answers in time.", room.answers)
        if room.answers:
            yield gauge("workers_online", "Workers with a sign of life lately.", room.online)
            yield gauge("worker_heartbeat_age_seconds", "Since the newest sign of life.", seen.age(room.last_heartbeat))
            yield of_flows(seen)
        else:
            yield gauge("engine_silent_seconds", "Since this process got no answer.", seen.age(room.silent_since))
        if seen.figures:
            yield from of_figures(seen, seen.figures)


def of_figures(seen: Watch, known: Figures) -> Iterator[Metric]:
    """Yield what the database and the disk say."""
    yield gauge("cases_open", "Cases that have not ended.", known.cases_open)
    for name, waiting, what in (
        ("cases_stalled", known.stalled, "Cases that an operator is needed for."),
        ("bells_unanswered", known.bells, "News that no run has dealt with."),
        ("duties_unreminded", known.late, "Duties whose reminder should have gone."),
    ):
        yield gauge(name, what, waiting.count)
        yield gauge(f"{name}_oldest_seconds", f"Age of the oldest. {what}", seen.age(waiting.oldest) or 0)
    yield gauge("by_hand_waiting", "Parts done by hand that a second person has to confirm.", known.by_hand)
    letters = GaugeMetricFamily("jidi_letters", "Letters that have not left for certain.", labels=["state"])
    oldest = GaugeMetricFamily("jidi_letters_oldest_seconds", "Age of the oldest of them.", labels=["state"])
    for state, waiting in known.letters.items():
        letters.add_metric([str(state)], waiting.count)
        oldest.add_metric([str(state)], seen.age(waiting.oldest) or 0)
    yield from (letters, oldest)
    sizes = GaugeMetricFamily("jidi_database_bytes", "Size of a database.", labels=["database"])
    sizes.add_metric(["jidi"], known.database_bytes)
    if known.engine_database_bytes is not None:
        sizes.add_metric(["engine"], known.engine_database_bytes)
    yield sizes
    yield gauge("disk_free_bytes", "Room left where documents are kept.", known.disk_free)
    yield gauge("disk_bytes", "Size of that disk.", known.disk_total)


def of_flows(seen: Watch) -> Metric:
    """Return since when each flow of the clock has not run well."""
    ages = GaugeMetricFamily("jidi_flow_last_success_age_seconds", "Since the last good run.", labels=["flow"])
    for flow, at in seen.room.last_runs.items():
        if at:
            ages.add_metric([flow], seen.age(at) or 0)
    return ages


def gauge(name: str, what: str, value: float | None) -> Metric:
    """Return one number; nothing under its name when it is not known."""
    family = GaugeMetricFamily(f"jidi_{name}", what)
    if value is not None:
        family.add_metric([], float(value))
    return family
