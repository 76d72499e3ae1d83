"""ID-card numbers: nobody's is asked, and none is kept wherever it is typed (个人信息保护法 Art. 6)."""

import re

from stdnum.cn import ric

from core.i18n import marked
from regulation.form.values import plain

FOUND = marked("{label}中有身份证号；为保护个人信息，本表不收集身份证号，请删除后重新保存。")

NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:[0-9][ -]?){17}[0-9Xx](?![0-9A-Za-z])")


def has_id_number(text: str) -> bool:
    """Whether a text has an 18-digit ID-card number in it, also one written with blanks or in full width (GB 11643)."""
    return any(ric.is_valid(re.sub("[ -]", "", found).upper()) for found in NUMBER.findall(plain(text)))
