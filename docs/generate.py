"""Writes what can be read off the code and its figures: `docs/reference`. Run by `make docs`; a test compares."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from core.settings import Settings
from docs import reliability

TARGET = Path(__file__).parent / "reference" / "settings.md"
HEAD = """# Settings

Read once, when a process starts, from the environment and from a `.env` file in the folder it is started in. The name
of a variable is its path in capitals: `settings.database.url` is `JIDI_DATABASE_URL`. Anything else that begins with
`JIDI_` is ignored.

With `JIDI_EMBEDDED=false` the defaults meant for one machine are refused: the database, the secret and the public
address must be given. How to do that: [configure a real server](../how-to/configure-a-real-server.md).

This page is generated from `core/settings.py` (`make docs`).
"""
TABLE = "| variable | default | meaning |\n|---|---|---|"


def settings_page() -> str:
    """Return the page of all settings."""
    alone = [row(name, field) for name, field in Settings.model_fields.items() if not group(field)]
    parts = [HEAD, "## The whole", table(alone)]
    for name, field in Settings.model_fields.items():
        if of := group(field):
            parts += [f"## {(of.__doc__ or name).rstrip('.')}", table(rows(name, of))]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def group(field: FieldInfo) -> type[BaseModel] | None:
    """Return the group a field holds, if it holds one."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def rows(name: str, of: type[BaseModel]) -> Iterator[str]:
    """Yield the lines of a group."""
    for member, field in of.model_fields.items():
        yield row(f"{name}_{member}", field)


def row(name: str, field: FieldInfo) -> str:
    """Return the line of one setting."""
    meaning = field.description or ""
    if get_args(field.annotation) and get_origin(field.annotation) is not list:
        meaning += f" One of {', '.join(f'`{choice}`' for choice in get_args(field.annotation))}."
    return f"| `JIDI_{name.upper()}` | {default(field)} | {meaning} |"


def default(field: FieldInfo) -> str:
    """Return a default as it would be written; a secret's is not told."""
    value = field.get_default(call_default_factory=True)
    if isinstance(value, SecretStr):
        return "for the embedded mode only" if value.get_secret_value() else "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if str(value) else "empty"


def table(lines: Iterator[str] | list[str]) -> str:
    """Return a table of settings."""
    return "\n".join([TABLE, *lines])


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(settings_page(), encoding="utf-8")
    reliability.TARGET.write_text(reliability.reliability_page(), encoding="utf-8")
