"""Certificates of a provider that nobody knows, and PDF files signed with them."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Issued:
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


@cache
def provider(name: str = "Nhà cung cấp chữ ký số Thử") -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = _usage(key_cert_sign=True, crl_sign=True)
    made = _certificate(own, own, key, days=3650).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    return Issued(key, made.add_extension(usage, critical=True).sign(key, hashes.SHA256()))


@cache
def signer(
    name: str, *, organization: str = "", uid: str = "", days: int = 730, by: str = ""
) -> Issued:
    """Of a person or firm; `uid` as Vietnamese providers write it ("MST:0312345678")."""
    issuer = provider(by) if by else provider()
    key = ec.generate_private_key(ec.SECP256R1())
    parts = [(NameOID.USER_ID, uid), (NameOID.COMMON_NAME, name)]
    parts.append((NameOID.ORGANIZATION_NAME, organization))
    subject = x509.Name([x509.NameAttribute(oid, text) for oid, text in parts if text])
    made = _certificate(subject, issuer.certificate.subject, key, days=days).add_extension(
        _listed_at(), critical=False
    )
    usage = _usage(digital_signature=True, content_commitment=True)
    return Issued(key, made.add_extension(usage, critical=True).sign(issuer.key, hashes.SHA256()))


@cache
def clockmaker(name: str = "Dịch vụ cấp dấu thời gian Thử", *, by: str = "") -> Issued:
    """Of a service that says when a file was signed."""
    issuer = provider(by) if by else provider()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        _certificate(subject, issuer.certificate.subject, key, days=730)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    )
    return Issued(key, made.sign(issuer.key, hashes.SHA256()))


def _certificate(subject, issuer, key, *, days):
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - YEAR)
        .not_valid_after(now + timedelta(days=days))
    )


def _listed_at():
    """Where the provider lists what it took back: without it nobody looks whether it did."""
    where = x509.UniformResourceIdentifier("http://crl.example.vn/thu.crl")
    return x509.CRLDistributionPoints([x509.DistributionPoint([where], None, None, None)])


def _usage(**which):
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**dict.fromkeys(names, False) | which)


def revoked(one: Issued) -> bytes:
    """A list of the provider's that has taken it back yesterday."""
    now = datetime.now(UTC)
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(one.certificate.serial_number)
        .revocation_date(now - timedelta(days=1))
        .build()
    )
    issuer = provider()
    listed = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - timedelta(hours=1))
        .next_update(now + timedelta(days=7))
        .add_revoked_certificate(entry)
        .sign(issuer.key, hashes.SHA256())
    )
    return listed.public_bytes(serialization.Encoding.DER)


def signed(content: bytes, *people: Issued, edit=None, stamped_by=None, stamped_at=None) -> bytes:
    """Signed by each in turn; `edit` is given the writer before the first signs. A service may stamp the time."""
    stamper = stamped_by and DummyTimeStamper(
        _certificate_of(stamped_by), _key_of(stamped_by), fixed_dt=stamped_at
    )
    for number, one in enumerate(people, start=1):
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        if edit and number == 1:
            edit(writer)
        store = SimpleCertificateStore()
        acting = signers.SimpleSigner(
            signing_cert=_certificate_of(one),
            signing_key=_key_of(one),
            cert_registry=store,
        )
        name = f"ChuKy{number}"
        content = signers.sign_pdf(
            writer,
            signers.PdfSignatureMetadata(field_name=name, md_algorithm="sha256"),
            signer=acting,
            timestamper=stamper,
            new_field_spec=SigFieldSpec(name, box=(60 * number, 60, 60 * number + 50, 90)),
        ).getvalue()
    return content


def _certificate_of(one: Issued):
    return next(iter(load_certs_from_pemder_data(one.pem)))


def _key_of(one: Issued):
    key = one.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return load_private_key_from_pemder_data(key, passphrase=None)
