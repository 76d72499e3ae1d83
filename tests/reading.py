"""The source as data, for the tests of the house itself."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).parent.parent
PACKAGES = ("terminal", "pages", "api", "flows", "tasks", "notifications", "casework", "models", "regulation", "core")
"""The storeys, from the roof down."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*packages: str) -> list[Path]:
    """Return the modules of packages, and of the composition roots when no package is named."""
    found = [path for package in packages or PACKAGES for path in sorted((HOUSE / package).rglob("*.py"))]
    return found if packages else [*found, HOUSE / "app.py", HOUSE / "cli.py"]


def templates() -> list[Path]:
    """Return the templates of pages and letters."""
    return sorted((HOUSE / "pages/templates").rglob("*.html")) + sorted(
        (HOUSE / "notifications/templates").rglob("*.jinja")
    )


@cache
def tree(path: Path) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """Return a path as it is told: from the house's door."""
    return str(path.relative_to(HOUSE))


def functions(path: Path) -> Iterator[Function]:
    """Yield every function and method of a module, also the ones inside others."""
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def calls(path: Path, *names: str) -> Iterator[ast.Call]:
    """Yield the calls of functions or methods of these names."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names:
            yield node


def literals(path: Path) -> Iterator[str]:
    """Yield every text that is written in a module."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
