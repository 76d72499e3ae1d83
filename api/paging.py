"""Lists page by page: what was asked for, and how the next page is reached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.schemas.common import Page
from casework import paging
from casework.paging import Place, cursor, cut, place_of

T = TypeVar("T")
U = TypeVar("U")

MOST = 200
LONGEST_CURSOR = 1200


@dataclass(frozen=True)
class Wanted:
    """Which page is asked for, and where the address of the next one goes."""

    request: Request
    response: Response
    limit: int
    after: str

    def told(self, found: paging.Page[T], tell: Callable[[T], U]) -> Page[U]:
        """Tell a page, with the address of the next one in the `Link` header."""
        if found.next:
            asked = [(name, value) for name, value in self.request.query_params.multi_items() if name != "after"]
            address = f"{self.request.url.path}?{urlencode([*asked, ('after', found.next)])}"
            self.response.headers["Link"] = f'<{address}>; rel="next"'
        return Page(items=[tell(row) for row in found.rows], next=found.next)

    def cut(self, rows: Sequence[T], order: str, place: Callable[[T], tuple[Place, ...]]) -> paging.Page[T]:
        """Cut the page out of a list that is at hand as a whole; `place` sorts it and is never the same twice."""
        ordered = sorted(rows, key=place)
        if self.after and ordered:
            reached = tuple(place_of(self.after, order, *(type(part) for part in place(ordered[0]))))
            ordered = [row for row in ordered if place(row) > reached]
        return cut(ordered, self.limit, lambda row: cursor(order, *place(row)))


async def wanted(
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 50,
    after: Annotated[str, Query(max_length=LONGEST_CURSOR, description="`next` of the page before.")] = "",
) -> Wanted:
    """Read which page is asked for."""
    return Wanted(request, response, limit, after)


Paging = Annotated[Wanted, Depends(wanted)]
