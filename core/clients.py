"""Who is at the other end: the address of the socket, unless it is a proxy that the settings name."""

from ipaddress import ip_address

from starlette.requests import Request

from core.settings import settings


def client_address(request: Request) -> str:
    """Return where a request comes from; what X-Forwarded-For says counts only as far as named proxies wrote it."""
    address = request.client.host if request.client else ""
    if not settings().web.proxies:
        return address
    told = [part.strip() for line in request.headers.getlist("x-forwarded-for") for part in line.split(",")]
    while told and is_proxy(address):
        address = told.pop()
    return address[:45] if is_address(address) else ""


def is_proxy(address: str) -> bool:
    """Whether an address is one of the named proxies."""
    return is_address(address) and any(ip_address(address) in network for network in settings().web.proxies)


def is_address(text: str) -> bool:
    """Whether a text is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
