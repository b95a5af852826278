"""Trust modes: which authorities a server may trust. They are never mixed, neither in memory nor in one database."""

from enum import StrEnum, unique

from cryptography import x509
from cryptography.x509.oid import NameOID


@unique
class Mode(StrEnum):
    """Organisations (O) of the authorities and first digits of card issuers' key ids: measured, myna-card."""

    SANDBOX = "sandbox"
    TEST = "test"
    PRODUCTION = "production"

    @property
    def policy_oid(self) -> str:
        """Certificate policy of 利用者証明用電子証明書 (JPKI CP/CPS). The test hierarchy's is not published for user
        authentication; here it follows its signing policy ``….0.20``, and a setting replaces it."""
        return "1.2.392.200149.8.5.1.0.30" if self is Mode.TEST else "1.2.392.200149.8.5.1.3.30"

    def trusts_root(self, name: x509.Name) -> bool:
        """The sandbox takes any name but the real ones; the others take their own alone."""
        organisations = {attribute.value for attribute in name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)}
        match self:
            case Mode.SANDBOX:
                return not organisations & {"JPKI", "JPKI-TEST"}
            case Mode.TEST:
                return organisations == {"JPKI-TEST"}
            case Mode.PRODUCTION:
                return organisations == {"JPKI"}

    def trusts_card_issuer(self, key_id: bytes) -> bool:
        match self:
            case Mode.SANDBOX:
                return key_id[:1] not in (b"5", b"6")
            case Mode.TEST:
                return key_id[:1] == b"6"
            case Mode.PRODUCTION:
                return key_id[:1] == b"5"
