"""统一社会信用代码 (GB 32100-2015): 18 characters, the last one a check."""

import unicodedata

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from core.i18n import marked


def cleaned(code: str) -> str:
    """Return the code as it is stored: half-width, capitals, no spaces."""
    return "".join(unicodedata.normalize("NFKC", code).upper().split())


def problem(code: str) -> str:
    """Return what is wrong with a cleaned code as a Chinese sentence, or an empty text."""
    try:
        uscc.validate(code)
    except InvalidChecksum:
        return marked("统一社会信用代码的校验位不符，请对照证书逐位核对。")
    except ValidationError:
        return marked("统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z）。")
    return ""
