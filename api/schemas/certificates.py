"""Certificates and the register."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.applications import Sha256
from api.schemas.common import Day, Instant, Problem, Told
from casework.certificates import verification_path
from casework.register import Base
from models.certificate import Certificate

Number = Annotated[str, Field(examples=["鄂继教基地〔2026〕0001号"])]
Token = Annotated[str, Field(description="The check code on the certificate.", examples=["q3Zx8sT1kLmN0pQr"])]


class CertificateTold(Told):
    """A certificate, and whether it is valid."""

    validity: Literal["valid", "revoked"]
    number: Number
    token: Token
    holder: str = Field(examples=["江汉示例职业技术学院"])
    base_name: str = Field(examples=["江汉示例专业技术人员继续教育基地"])
    issued_on: Day
    sha256: Sha256
    revoked_at: Instant | None = None
    revocation_reason: str = ""
    pdf: str = Field(examples=["/api/v1/certificates/q3Zx8sT1kLmN0pQr/pdf"])
    verification_page: str = Field(examples=["/verify/q3Zx8sT1kLmN0pQr"])

    @classmethod
    def of(cls, certificate: Certificate) -> "CertificateTold":
        """Tell a certificate."""
        own = {"number", "token", "holder", "base_name", "issued_on", "sha256", "revoked_at", "revocation_reason"}
        return cls(
            validity="revoked" if certificate.revoked_at else "valid",
            **certificate.model_dump(include=own),
            pdf=f"/api/v1/certificates/{certificate.token}/pdf",
            verification_page=verification_path(certificate),
        )


class UnknownCertificate(Problem):
    """No certificate has this number or check code."""

    validity: Literal["unknown"]


class BaseTold(Told):
    """A line of the public register."""

    number: Number
    token: Token
    name: str = Field(examples=["江汉示例职业技术学院"])
    base_name: str = Field(examples=["江汉示例专业技术人员继续教育基地"])
    area_code: str = Field(examples=["420100"])
    published_on: Day
    revoked: bool

    @classmethod
    def of(cls, base: Base) -> "BaseTold":
        """Tell a line."""
        return cls.model_validate(base)
