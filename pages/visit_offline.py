"""The script that keeps the page of a visit for when there is no connection, served where it may look after duties."""

from fastapi import APIRouter
from starlette.responses import Response

from pages.rendering import HERE

router = APIRouter()

SCRIPT = HERE / "static" / "duties-offline.js"


@router.get("/duties/offline.js")
def offline_script() -> Response:
    """Give the service worker; its address says that it looks after duties and nothing else."""
    return Response(
        SCRIPT.read_bytes(), media_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )
