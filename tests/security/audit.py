"""`make audit`: are advisories known against a pinned package? Run as a program; it says when it could not ask.

pip-audit passes over what its service does not know, and ends well: behind a mirror that has no advisories, or none of
the Internet, it would say that nothing was found. So the service is first asked about a release of which advisories
have been known for years; only one that knows them is believed.
"""

import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
from pip_audit._service.osv import OsvService

HOUSE = Path(__file__).parent.parent.parent
LOCK = HOUSE / "requirements.lock"
KNOWN_TO_BE_BAD = ("jinja2", "2.4.1")
PATIENCE_SECONDS = 8.0
LONGEST_SECONDS = 300
SERVICES = {"osv": OsvService.DEFAULT_OSV_URL}
"""Services that speak as OSV does; pip-audit itself says where the public one is."""
NOBODY = "NOT AUDITED: no advisory service could be asked ({}); packages were not checked for known vulnerabilities."


def main(services: dict[str, str] = SERVICES, lock: Path = LOCK) -> int:
    """Audit the lock with the first service that can be believed; 0 also when there is none, which is said."""
    why: dict[str, str] = dict.fromkeys(services, "no answer in time")
    asking = [threading.Thread(target=ask, args=(one, services[one], why), daemon=True) for one in services]
    for thread in asking:
        thread.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    for thread in asking:  # a name that is not resolved holds up a request beyond any patience of its own
        thread.join(max(0.0, deadline - time.monotonic()))
    for service, reason in why.items():
        if not reason:
            return audited(services[service], lock)
    told = "; ".join(f"{service}: {reason}" for service, reason in why.items())
    print(NOBODY.format(told), file=sys.stderr)  # noqa: T201 - a program's answer
    return 0


def ask(service: str, address: str, why: dict[str, str]) -> None:
    """Note why a service cannot be believed; nothing when it knows what everybody knows."""
    name, version = KNOWN_TO_BE_BAD
    body = {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
    try:
        told = httpx.post(address, json=body, timeout=PATIENCE_SECONDS).raise_for_status().json()
        why[service] = "" if told.get("vulns") else "it knows no advisories"
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        why[service] = type(error).__name__


def audited(address: str, lock: Path) -> int:
    """Run pip-audit over the lock, nothing installed and nothing resolved; return its status."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes", "--disable-pip"]
    command += ["--vulnerability-service", "osv", "--osv-url", address, "--progress-spinner", "off", "--timeout", "10"]
    return subprocess.run(command, check=False, timeout=LONGEST_SECONDS).returncode


if __name__ == "__main__":
    sys.exit(main())
