"""Steps that make a case a base: the certificate and its publication."""

from casework import certificates, register
from tasks.step import Step

issue_certificate = Step(certificates.issue_certificate)
publish = Step(register.publish)
