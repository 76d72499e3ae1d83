import asyncio, httpx
from tests import cast
from tests.unit.pages.test_case_panel import *
def test_why(story):
    story.concludes()
    v=at_the_door(cast.OFFICE)
    async def go():
        tr=httpx.ASGITransport(v.app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=tr, base_url="http://jidi.test", cookies=v.cookies) as c:
            return await c.get(f"/cases/{reference(story)}")
    print(asyncio.run(go()).status_code)
