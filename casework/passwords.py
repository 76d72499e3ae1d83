"""Passwords that people choose: long, not guessed from their name, not among what everybody chooses.

After NIST SP 800-63B: length counts, common words are refused, nobody must change one that was not given away.
等级保护 2.0 (GB/T 22239) asks for complexity and change: two kinds of characters, or 16 characters and more; it is
changed when there is a reason (a reset, a lost device, a lock-out that one did not cause).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from core.i18n import marked

SHORTEST, LONG = 10, 16
FEWEST_DIFFERENT = 5
SHORTEST_PART = 3
TOO_SHORT = marked("密码至少 10 个字符。")
TOO_PLAIN = marked("密码过于简单，请使用更多不同的字符。")
ONE_KIND = marked("请同时使用字母、数字、符号中的至少两类，或使用 16 个字符以上的密码。")
COMMON = marked("该密码过于常见，容易被猜中，请另选。")
ABOUT_ONESELF = marked("密码不得包含您的姓名、邮箱或单位名称。")

KEYBOARD = """
01234567890 abcdefghijklmnopqrstuvwxyz qwertyuiop asdfghjkl zxcvbnm 1qaz2wsx3edc4rfv5tgb qazwsxedcrfv
1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6 147258369 789456123
"""
"""Ways along the keyboard."""
LUCKY = """
1314520 5201314 7758521 7758258 1314521 5211314 520520 521521 1314 888888 666666 168168 518518 147147 123123 112233
121212 520 521 666 888 123 321
"""
"""Numbers that sound like something, and are chosen by many in China."""
COMMON_WORDS = """
password passwd pass admin administrator root user guest test demo login welcome letmein master monkey dragon sunshine
princess football baseball superman batman iloveyou love loveyou trustno secret changeme default system manager computer
internet windows oracle huawei taobao alibaba tencent baidu weixin wechat qq mima woaini woaiwojia wodemima wode
woshishui nihao nihaoma zhongguo china beijing shanghai hubei wuhan wuhanshi hubeisheng jiayou fuck shit caonima wocao
zhangwei wangwei wangfang liwei lina zhangmin lijing jidi jixujiaoyu jijiaoban renshe rensheting rst hbrst mimamima
yanshi aini woai asd asdf qwe qwer qwert zxc abc abcd a aa aaa qaz wsx hello hi my mm baobao laopo laogong baobei
xiaoming tiantian
"""
WORDS = frozenset(COMMON_WORDS.split())
"""What is left of a common password without its numbers."""
LEET = str.maketrans("@$!013", "asioie")


def password_problem(password: str, about: Iterable[str] = ()) -> str:
    """Return what is wrong with a password that somebody chooses, or an empty text; `about` are name, address, unit."""
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(set(password)) < FEWEST_DIFFERENT:
        return TOO_PLAIN
    if is_common(password):
        return COMMON
    if len(password) < LONG and len({_kind(character) for character in password}) == 1:
        return ONE_KIND
    return ABOUT_ONESELF if _is_about(password, about) else ""


def is_common(password: str) -> bool:
    """Whether it is a common word, a way along the keyboard, a lucky number or a repetition, with numbers around."""
    plain = unicodedata.normalize("NFKC", password).lower()
    return any(_is_nothing_but_habit(one) for one in (plain, plain.translate(LEET)))


def _is_nothing_but_habit(plain: str) -> bool:
    """Take away what everybody types; whether no more than a scrap or a common word is left."""
    if re.sub(r"[^a-z]", "", plain) in WORDS:
        return True
    rest = plain
    for known in (*LUCKY.split(), *_runs()):
        rest = rest.replace(known, "")
    rest = re.sub(r"(.{1,4}?)\1{2,}", "", rest)
    rest = re.sub(r"(19|20)\d\d", "", rest)
    rest = re.sub(r"[\W_]", "", rest)
    return len(rest) < SHORTEST_PART or rest in WORDS or rest.isdigit()


@cache
def _runs() -> tuple[str, ...]:
    """Return pieces of the ways along the keyboard, forwards and backwards, the longest first."""
    pieces = {
        way[start:end]
        for run in KEYBOARD.split()
        for way in (run, run[::-1])
        for start in range(len(way))
        for end in range(start + 4, len(way) + 1)
    }
    return tuple(sorted(pieces, key=lambda piece: (-len(piece), piece)))


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    return "letter" if character.isalpha() else "other"


def _is_about(password: str, about: Iterable[str]) -> bool:
    plain = password.lower()
    whole = [text.lower().strip() for text in about]
    parts = [part for text in whole for part in (text, text.partition("@")[0]) if part]
    longest = [part for part in parts if len(part) >= SHORTEST_PART + 1 or (not part.isascii() and len(part) > 1)]
    return any(part in plain for part in longest)
