"""Certificates and the register."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from api.schemas.applications import Sha256
from api.schemas.common import Day, Instant, Problem, Told
from casework.certificates import Validity, validity_of, verification_path
from casework.publication.register import Base
from core.addresses import Words
from models.certificate import Certificate

Number = Annotated[str, Field(examples=["鄂继教基地〔2026〕0001号"])]
Token = Annotated[str, Field(description="The check code on the certificate.", examples=["q3Zx8sT1kLmN0pQr"])]


class CertificateTold(Told):
    """A certificate, and whether it is valid."""

    validity: Validity
    number: Number
    token: Token
    holder: str = Field(examples=["江汉示例职业技术学院"])
    base_name: str = Field(examples=["江汉示例专业技术人员继续教育基地"])
    issued_on: Day
    valid_until: Day | None = Field(description="The last valid day; none for a certificate without end.")
    sha256: Sha256
    revoked_at: Instant | None = None
    revocation_reason: str = ""
    pdf: str = Field(examples=["/api/v1/certificates/q3Zx8sT1kLmN0pQr/pdf"])
    verification_page: str = Field(examples=["/verify/q3Zx8sT1kLmN0pQr"])

    @classmethod
    def of(cls, certificate: Certificate) -> "CertificateTold":
        """Tell a certificate."""
        own = {"number", "token", "holder", "base_name", "issued_on", "valid_until", "sha256", "revoked_at"} | {
            "revocation_reason"
        }
        return cls(
            validity=validity_of(certificate),
            **certificate.model_dump(include=own),
            pdf=f"/api/v1/certificates/{certificate.token}/pdf",
            verification_page=verification_path(certificate),
        )


class UnknownCertificate(Problem):
    """No certificate has this number or check code."""

    validity: Literal["unknown"]


@dataclass(frozen=True)
class RegisterFilter:
    """What else the register is searched by; everything may be left out."""

    field: Annotated[Words, Query(description="The field's key.", examples=["biotechnology"])] = ""
    year: Annotated[Words, Query(description="The year of publication.", examples=["2026"])] = ""
    state: Annotated[Words, Query(description="`valid`, `expired` or `revoked`.", examples=["valid"])] = ""


class BaseTold(Told):
    """A line of the public register."""

    number: Number
    token: Token
    name: str = Field(examples=["江汉示例职业技术学院"])
    base_name: str = Field(examples=["江汉示例专业技术人员继续教育基地"])
    area_code: str = Field(examples=["420100"])
    fields: list[str] = Field(examples=[["biotechnology"]], description="The fields, by key.")
    published_on: Day
    validity: Validity
    valid_until: Day | None
    revoked: bool
    announcement_id: UUID | None = Field(description="None while no announcement lists it.")
    announcement_number: str = Field(examples=["鄂人社函〔2026〕128号"])

    @classmethod
    def of(cls, base: Base) -> "BaseTold":
        """Tell a line."""
        return cls.model_validate(base)
