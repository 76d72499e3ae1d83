"""What the request's shape is refused for, in sentences for people instead of the validator's own."""

from typing import Any
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError

from core.i18n import gettext, marked

MOST_FAULTS = 200

OTHERWISE = marked("内容不符合要求。")
NUMBER = marked("应为数字。")
INTEGER = marked("应为整数。")
OBJECT = marked("应为按名称组织的对象。")
IDENTITY = marked("应为有效的编号（UUID）。")
SENTENCES = {
    "missing": marked("请填写该项。"),
    "extra_forbidden": marked("没有这一项，请删除后重新提交。"),
    "string_type": marked("应为文本。"),
    "string_unicode": marked("含有无法识别的字符，请删除后重新提交。"),
    "string_too_long": marked("不得超过 {max_length} 字。"),
    "string_too_short": marked("不得少于 {min_length} 字。"),
    "string_pattern_mismatch": marked("格式不符，请核对后重新填写。"),
    "int_type": INTEGER,
    "int_parsing": INTEGER,
    "int_parsing_size": INTEGER,
    "int_from_float": INTEGER,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "bool_type": marked("应为 true 或 false。"),
    "bool_parsing": marked("应为 true 或 false。"),
    "literal_error": marked("请从所列选项中选择：{expected}。"),
    "uuid_type": IDENTITY,
    "uuid_parsing": IDENTITY,
    "list_type": marked("应为列表。"),
    "too_long": marked("最多 {max_length} 项。"),
    "too_short": marked("至少 {min_length} 项。"),
    "dict_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "greater_than_equal": marked("不得小于 {ge}。"),
    "less_than_equal": marked("不得大于 {le}。"),
}
"""The validator's word for a fault → our sentence; `{names}` are what the validator knows of the limit."""

PARAMETERS = frozenset({"query", "path", "header", "cookie"})
JSON_TYPES = ("application/json", "+json")


def is_malformed(error: RequestValidationError) -> bool:
    """Whether the body is no JSON at all."""
    return any(fault["type"] == "json_invalid" for fault in error.errors())


def is_other_media(error: RequestValidationError, content_type: str) -> bool:
    """Whether a whole body was not read because it does not say that it is JSON."""
    whole = any(fault["loc"] == ("body",) and fault["type"] != "missing" for fault in error.errors())
    kind = content_type.partition(";")[0].strip().lower()
    return whole and not kind.endswith(JSON_TYPES)


def fault_members(error: RequestValidationError) -> list[dict[str, str]]:
    """Return each fault with its sentence and its place: a pointer into the body, or the name of a parameter."""
    return [_member(fault) for fault in error.errors()[:MOST_FAULTS]]


def _member(fault: dict[str, Any]) -> dict[str, str]:
    where, *path = fault["loc"]
    if where in PARAMETERS:
        return {"parameter": _quoted(".".join(map(str, path))), "detail": _sentence(fault)}
    return {"pointer": "#" + "".join(f"/{_quoted(part)}" for part in path), "detail": _sentence(fault)}


def _quoted(part: object) -> str:
    escaped = str(part)[:100].replace("~", "~0").replace("/", "~1")
    return quote(escaped, safe="~", errors="replace")


def _sentence(fault: dict[str, Any]) -> str:
    known = {name: str(value).replace(" or ", ", ") for name, value in fault.get("ctx", {}).items()}
    if fault["type"] == "value_error":
        return gettext(known["error"])
    return gettext(SENTENCES.get(fault["type"], OTHERWISE), **known)
