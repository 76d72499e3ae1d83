"""Everything that can be refused, in one tree; each class has its HTTP status and a sentence for people.

    JidiError                  500
    ├── Invalid                422  the input cannot be taken; `faults` names every field
    ├── NotSignedIn            401
    │   └── CodeNeeded         401  the password was right, the second factor's code is missing
    ├── NotPermitted           403
    │   ├── PasswordUnchanged  403  first choose a password of one's own
    │   └── SecondFactorOwed   403  first set up the second factor that a role needs
    ├── NotFound               404
    ├── Conflict               409  the record says otherwise; who and when is in the sentence
    │   ├── AlreadyDecided
    │   ├── StageClosed
    │   ├── NotAssigned        403
    │   ├── DutiesApart        403  who accepted, scored or decided a file has no other part in it
    │   ├── CallClosed
    │   └── CaseClosed
    ├── Stale                  412  somebody else changed it meanwhile
    ├── PreconditionRequired   428
    ├── TooLarge               413
    ├── UnsupportedFile        415
    │   └── Infected           415  the virus scanner found something
    ├── TooManyAttempts        429
    └── Unavailable            503

The sentences are Chinese source texts; `JidiError.sentence()` gives them in the reader's language.
"""

from dataclasses import dataclass

from core.i18n import gettext, marked


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one field; `field` is its dotted path (`training.0.specialists`)."""

    field: str
    message: str


class JidiError(Exception):
    """The root: something was refused for a reason a person can read."""

    status = 500
    title = marked("系统出错")
    message = marked("系统出错，您填写的内容未丢失，请稍后再试。")

    def __init__(self, message: str = "", /, **values: object) -> None:
        """Take the Chinese sentence (default: the class's own) and the values its `{names}` stand for."""
        self.message = message or type(self).message
        self.values = values
        super().__init__(self.message)

    @property
    def code(self) -> str:
        """A stable name for programs: `already-decided`."""
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")

    def sentence(self) -> str:
        """Say what is wrong in the reader's language."""
        values = {k: gettext(v) if isinstance(v, str) else v for k, v in self.values.items()}
        return gettext(self.message, **values)

    def __str__(self) -> str:
        """Say what is wrong, for logs."""
        return self.sentence()


class Invalid(JidiError):
    """The input cannot be taken; every fault is listed at once."""

    status = 422
    title = marked("填写有误")
    message = marked("有内容需要更正，请按提示修改后重试。")

    def __init__(self, message: str = "", /, faults: list[Fault] | None = None, **values: object) -> None:
        """Take the sentence and the faults, field by field."""
        super().__init__(message, **values)
        self.faults = faults or []


class NotSignedIn(JidiError):
    """Nobody is signed in, or the sign-in has ended."""

    status = 401
    title = marked("请先登录")
    message = marked("请先登录。")


class CodeNeeded(NotSignedIn):
    """The password was right; the second factor is asked for."""

    title = marked("需要验证码")
    message = marked("密码正确。请同时在 code 中给出验证器的验证码或一个恢复码。")


class NotPermitted(JidiError):
    """This person may not do this here."""

    status = 403
    title = marked("无权办理")
    message = marked("您无权办理此事项。")


class PasswordUnchanged(NotPermitted):
    """The password is still the one that the office gave."""

    title = marked("请先修改密码")
    message = marked("您使用的是初始密码，请先登录网站修改密码，再办理其他事项。")


class SecondFactorOwed(NotPermitted):
    """One of the person's roles needs a second factor, and there is none yet."""

    title = marked("请先设置两步验证")
    message = marked("您的身份须使用两步验证，请先登录网站设置，再办理其他事项。")


class NotFound(JidiError):
    """There is no such thing, or not for this person."""

    status = 404
    title = marked("未找到")
    message = marked("没有找到您要的内容，或您无权查看。")


class Conflict(JidiError):
    """The record says otherwise."""

    status = 409
    title = marked("状态已变化")
    message = marked("该事项的状态已变化，请刷新页面后再试。")


class AlreadyDecided(Conflict):
    """This (case, stage, round) has its decision; the sentence says by whom and when."""

    title = marked("已有决定")
    message = marked("本环节已由{by}于{at}作出“{outcome}”的决定，不能重复办理。")


class StageClosed(Conflict):
    """The stage is not open for this act."""

    title = marked("环节未开放")
    message = marked("该环节当前未开放办理。")


class NotAssigned(Conflict):
    """The act belongs to somebody else."""

    status = 403
    title = marked("不由您办理")
    message = marked("该事项未分派给您办理。")


class DutiesApart(Conflict):
    """Nobody accepts, scores and decides one file."""

    status = 403
    title = marked("职责应当分离")
    message = marked("您已于{at}就本件办理“{earlier}”，受理、评审和审定不得由同一人办理，请交由他人办理“{duty}”。")


class CallClosed(Conflict):
    """The window of the call is not open."""

    title = marked("不在申报期内")
    message = marked("批次“{call}”的申报时间为{opens}至{closes}（北京时间），现在不能提交。")


class CaseClosed(Conflict):
    """The proceeding has ended."""

    title = marked("已办结")
    message = marked("该申报已办结，不能再办理。")


class Stale(JidiError):
    """Somebody else saved meanwhile; `changed` names what differs."""

    status = 412
    title = marked("内容已被他人修改")
    message = marked("这份内容在您打开之后已被修改，您的填写尚未保存。")

    def __init__(self, message: str = "", /, changed: list[str] | None = None, **values: object) -> None:
        """Take the sentence and the names of the fields that differ."""
        super().__init__(message, **values)
        self.changed = changed or []


class PreconditionRequired(JidiError):
    """An edit must say which version it edits."""

    status = 428
    title = marked("缺少版本号")
    message = marked("请在 If-Match 请求头中给出您所修改的版本。")


class TooLarge(JidiError):
    """The file or the request is too large."""

    status = 413
    title = marked("内容过大")
    message = marked("文件超过 {limit} MB 的上限，请压缩后重新上传。")


class UnsupportedFile(JidiError):
    """The file is not what it says, or not of a kind that is accepted."""

    status = 415
    title = marked("文件格式不符")
    message = marked("只接受内容完好的 PDF 文件，请重新导出后上传。")


class Infected(UnsupportedFile):
    """The virus scanner found something in the file."""

    title = marked("文件含有病毒")
    message = marked("“{name}”未通过病毒检查，未予保存；请先查杀病毒，再重新上传。")


class TooManyAttempts(JidiError):
    """Slow down."""

    status = 429
    title = marked("尝试次数过多")
    message = marked("尝试次数过多，请于 {minutes} 分钟后再试。")

    @property
    def seconds(self) -> int:
        """How long to wait, for the header `Retry-After`."""
        return 60 * int(str(self.values.get("minutes", 1)))


class Unavailable(JidiError):
    """A part of the system does not answer."""

    status = 503
    title = marked("服务暂不可用")
    message = marked("服务暂时不可用，请稍后再试；已保存的内容不会丢失。")
