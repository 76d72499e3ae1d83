"""Every route × every principal × our own and a foreign case: exactly the status that the matrix says."""

import pytest

from tests.factories import a_pdf
from tests.security.door import Door, addresses, house
from tests.security.matrix import MATRIX, Line
from tests.security.principals import Principal, Who
from tests.security.record import Record, filled, fingerprint


def named(line: Line) -> str:
    return " ".join(filter(None, (line.method, line.path, line.at, str((line.body or {}).get("act", "")))))


def test_every_route_has_its_line() -> None:
    routes, lines = set(addresses(house())), {line.address for line in MATRIX}
    missing = "\n".join(f'    Line("{method}", "{path}", …),' for method, path in sorted(routes - lines))
    assert not missing, f"say in tests/security/matrix.py who gets in here, and how the others are refused:\n{missing}"
    gone = "\n".join(f"    {method} {path}" for method, path in sorted(lines - routes))
    assert not gone, f"take these lines out of tests/security/matrix.py, there is no such route:\n{gone}"


@pytest.mark.parametrize("line", MATRIX, ids=named)
def test_who_gets_in(line: Line, record: Record, principals: dict[Who, Principal], door: Door) -> None:
    before = "" if line.method == "GET" else fingerprint()
    expected, seen = {}, {}
    for case in line.cases:
        for who, principal in principals.items():
            expected[case, who.value] = line.expected(who, case)
            seen[case, who.value] = status(line, record, principal, case, door)
    wrong = {cell: f"{seen[cell]}, not {expected[cell]}" for cell in expected if seen[cell] != expected[cell]}
    assert not wrong
    assert not before or fingerprint() == before, "somebody wrote something"


def status(line: Line, record: Record, principal: Principal, case: str, door: Door) -> int:
    """Send what the line says as this principal."""
    names = record.named(case, line.at)
    let_in = line.expected(principal.who, case) == line.ok
    body = line.harmless if let_in and line.harmless is not None else line.body
    content = filled(dict(body or {}), names)
    path = filled(line.path, names) + line.query
    headers = {"If-Match": '"1"'}
    if line.path.startswith("/api/"):
        more = {"files": {"file": ("x.pdf", a_pdf(), "application/pdf")}} if line.files else {}
        more |= {"json": content} if body is not None else {}
        return door.send(line.method, path, headers=headers | principal.bearer, **more).status_code
    cookie, csrf = principal.new_browser() if line.path == "/sign-out" else principal.browser
    if line.method == "GET":
        return door.send("GET", path, headers=cookie).status_code
    return door.send(line.method, path, headers=headers | cookie, data=content | {"csrf": csrf}).status_code
