"""Jidi's settings, read once from the environment (`JIDI_…`) and from an optional `.env` file.

The variable of a nested setting is its path in capitals: `settings.database.url` is `JIDI_DATABASE_URL`.
"""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, IPvAnyNetwork, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEMONSTRATION_SECRET = "for-demonstration-only"  # noqa: S105 - refused outside the embedded mode
SECOND_FACTOR = frozenset({"office", "decider", "operator", "administrator"})
"""Whose mistakes or stolen passwords cost most (等级保护 2.0, two factors of which one is cryptographic)."""


class DatabaseSettings(BaseModel):
    """Where the facts live."""

    url: str = Field("", description="PostgreSQL address (postgresql://…). Empty: the embedded server is used.")
    pool_size: int = Field(10, ge=1, description="Connections kept open by one process.")


class MailSettings(BaseModel):
    """Where letters leave."""

    host: str = Field("127.0.0.1", description="SMTP server; empty: letters stay due and nothing leaves.")
    port: int = Field(2525, description="SMTP port.")
    catcher: bool = Field(default=True, description="`jidi up` starts a catcher there if the host is this machine.")
    security: Literal["none", "starttls", "tls"] = Field("none", description="How the connection is protected.")
    username: str = Field("", description="SMTP user name; empty for none.")
    password: SecretStr = Field(SecretStr(""), description="SMTP password.")
    sender: str = Field("jidi@example.com", description="Address the letters come from.")
    sender_name: str = Field("湖北省继续教育基地管理系统", description="Name the letters come from.")
    timeout_seconds: float = Field(20, gt=0, description="How long one SMTP conversation may take.")


class WebSettings(BaseModel):
    """The pages and the API."""

    host: str = Field("127.0.0.1", description="Address the web application listens on.")
    port: int = Field(8000, description="Port the web application listens on.")
    public_url: str = Field("", description="Address people see, in letters and QR codes. Empty: host and port.")
    secret: SecretStr = Field(SecretStr(DEMONSTRATION_SECRET), description="Key that signs CSRF tokens and links.")
    session_idle_minutes: int = Field(60, description="A sign-in ends after this many idle minutes.")
    session_hours: int = Field(12, description="A sign-in ends after this many hours at the latest.")
    max_body_megabytes: int = Field(25, description="Largest request body; an attachment may have 20 MB.")
    former_secrets: list[SecretStr] = Field([], description="Secrets before `secret`; they open what they sealed.")
    second_factor: list[str] | None = Field(
        None,
        description="Roles that need one. Empty: office, decider, operator, administrator; none in the embedded mode.",
    )
    rate_limits: bool | None = Field(None, description="Count requests by address. Empty: not in the embedded mode.")
    metrics_token: SecretStr = Field(SecretStr(""), description="Bearer token of /metrics. Empty: this machine only.")
    proxies: list[IPvAnyNetwork] = Field([], description="Proxies whose X-Forwarded-For is believed, e.g. 10.0.0.0/8.")


class OidcSettings(BaseModel):
    """Signing in by an OpenID Connect provider; without an issuer there is none."""

    issuer: str = Field("", description="Address of the provider; its /.well-known/openid-configuration is read.")
    client_id: str = Field("", description="Our name there.")
    client_secret: SecretStr = Field(SecretStr(""), description="Our secret there.")
    name: str = Field("统一身份认证", description="What the button says.")
    by_email: bool = Field(default=False, description="Link an account by an e-mail that the provider has verified.")


class ClamdSettings(BaseModel):
    """The virus scanner that is asked about every upload; without an address there is none."""

    address: str = Field(
        "",
        pattern=r"^(/.+|(\[[0-9a-fA-F:]+\]|[^\s:/@]+):[0-9]{1,5})?$",
        description="ClamAV's clamd: `host:port` or the path of its socket. When set, nothing unscanned is kept.",
    )
    timeout_seconds: float = Field(20, gt=0, description="How long the scanning of one file may take.")


class EngineSettings(BaseModel):
    """The Prefect server that schedules the runs."""

    api_url: str = Field("http://127.0.0.1:4200/api", description="Address of Prefect's API.")
    ui_url: str = Field("", description="Address of Prefect's pages for operators. Empty: derived from api_url.")
    managed: bool = Field(default=True, description="`jidi up` starts Prefect's server if api_url is this machine.")
    database: str = Field("prefect", description="Prefect's database, beside Jidi's, when `jidi up` starts the server.")
    deployment: str = Field("accreditation/accreditation", description="Flow and deployment that a bell starts.")
    work_pool: str = Field("jidi", description="Work pool of the deployments.")
    retry_seconds: list[float] = Field([1, 5, 15], description="Pauses before a failed step is tried again.")
    poll_seconds: float = Field(0.5, gt=0, description="How often the worker asks for runs.")


class Settings(BaseSettings):
    """All settings; secrets have usable defaults in the embedded mode only."""

    model_config = SettingsConfigDict(
        env_prefix="JIDI_", env_nested_delimiter="_", env_nested_max_split=1, env_file=".env", extra="ignore"
    )

    embedded: bool = Field(default=True, description="One machine, all started by `jidi up`; demonstration secrets.")
    home: Path = Field(Path(".jidi"), description="Folder for the embedded database, documents and certificates.")
    calendar: Path | None = Field(None, description="JSON file of further years' days off and make-up workdays.")
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    mail: MailSettings = Field(default_factory=MailSettings)
    web: WebSettings = Field(default_factory=WebSettings)
    engine: EngineSettings = Field(default_factory=EngineSettings)
    oidc: OidcSettings = Field(default_factory=OidcSettings)
    clamd: ClamdSettings = Field(default_factory=ClamdSettings)

    @property
    def roles_with_second_factor(self) -> frozenset[str]:
        """The roles that need a second factor here."""
        chosen = self.web.second_factor
        otherwise = frozenset() if self.embedded else SECOND_FACTOR
        return otherwise if chosen is None else frozenset(chosen)

    @property
    def limits_rates(self) -> bool:
        """Whether requests are counted by address."""
        return not self.embedded if self.web.rate_limits is None else self.web.rate_limits

    @property
    def public_url(self) -> str:
        """The address people see, without a slash at the end."""
        return (self.web.public_url or f"http://{self.web.host}:{self.web.port}").rstrip("/")

    @property
    def engine_ui_url(self) -> str:
        """The address of Prefect's own pages, without a slash at the end."""
        return (self.engine.ui_url or self.engine.api_url.removesuffix("/").removesuffix("/api")).rstrip("/")

    @model_validator(mode="after")
    def refuse_demonstration_secrets(self) -> "Settings":
        """In production nothing may run on a default: say which variable is missing."""
        if self.embedded:
            return self
        if self.oidc.issuer and not self.oidc.issuer.startswith("https://"):
            message = "JIDI_OIDC_ISSUER must begin with https://"
            raise ValueError(message)
        missing = [
            name
            for name, absent in {
                "JIDI_DATABASE_URL": not self.database.url,
                "JIDI_WEB_SECRET": self.web.secret.get_secret_value() in {"", DEMONSTRATION_SECRET},
                "JIDI_WEB_PUBLIC_URL": not self.web.public_url,
            }.items()
            if absent
        ]
        if missing:
            message = f"JIDI_EMBEDDED is false, so these must be set: {', '.join(missing)}"
            raise ValueError(message)
        return self


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
