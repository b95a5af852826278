"""Makes the cards of the deck: certificates, signed records and keys of each person.

::

    sandbox = Sandbox()                 # today's deck, in the user's data folder
    card = sandbox.card("p01")          # put it on a reader, in process or through vpcd

Keys are made once, about 50 ms each; all else follows from them and the reference day.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from cryptography import x509

from myna_app.formats.era import era_of
from myna_sandbox.authorities import Authorities, Generation
from myna_sandbox.certificates import CertificateAuthority, Kind, Subject, issue, revocation_list
from myna_sandbox.deck.person import CardKind, CardPlan, Flaw, Holder, Person, load_deck
from myna_sandbox.home import Home, today_in_japan
from myna_sandbox.pictures import photograph, text_picture
from myna_sandbox.virtual_card import layout
from myna_sandbox.virtual_card.card import VirtualCard
from myna_sandbox.virtual_card.files import CardImage
from myna_sandbox.virtual_card.memory import FileMemory, VolatileMemory
from myna_sandbox.virtual_card.records import CardFace

_PREFECTURE, _MUNICIPALITY = "Mihon-ken", "Kakuu-shi"
_LINE, _BLOCK, _CODE, _NUMBER = (480, 40), (480, 64), (24, 12), (72, 12)
"""Sizes of the pictures; the last two as measured on a card, the others chosen here."""


class UnknownPersonError(LookupError):
    """The deck has no person of this id."""


class Sandbox:
    """The deck and its authorities, as of one reference day."""

    def __init__(self, home: Home | None = None, today: date | None = None) -> None:
        self.home = home or Home()
        self.reference_day = self.home.reference_day(today or today_in_japan())
        self.authorities = Authorities(self.home)
        self.persons: Mapping[str, Person] = load_deck(self.reference_day)

    def person(self, name: str) -> Person:
        if name not in self.persons:
            raise UnknownPersonError(name)
        return self.persons[name]

    def card(self, name: str, *, fresh: bool = False, volatile: bool = False, contactless: bool = False) -> VirtualCard:
        """The person's card. `fresh` resets its counters first; `volatile` keeps them in memory only.

        `contactless` gives it the ATR that a reader makes up for it; phones and blank cards have no other.
        """
        state_file = self.home.state_file(name)
        if fresh:
            state_file.unlink(missing_ok=True)
        memory = VolatileMemory() if volatile else FileMemory(state_file)
        image = self.image(self.person(name))
        return VirtualCard(replace(image, atr=layout.CONTACTLESS_ATR) if contactless else image, memory, name)

    def image(self, person: Person) -> CardImage:
        match person.card.kind:
            case CardKind.BLANK:
                return layout.blank_card()
            case CardKind.ANDROID | CardKind.IPHONE as phone:
                return layout.phone_token(
                    layout.Token[phone.name],
                    _secrets(person),
                    self._certificates(person),
                    self.home.key(f"{person.id}-authentication"),
                )
            case CardKind.CARD:
                return layout.plastic_card(self._contents(person))

    def certificate(self, person: Person) -> bytes | None:
        """利用者証明用電子証明書, DER. A copied or re-issued card carries that of its twin."""
        if person.twin_of:
            return self.certificate(self.person(person.twin_of))
        plan = person.card
        if not plan.certificate or plan.kind is CardKind.BLANK:
            return None
        authority = self._authority(Kind.AUTHENTICATION, plan)
        key = self.home.key(f"{person.id}-authentication").public_key()
        return issue(authority, Subject(plan.common_name), key, plan.certificate_validity)

    def trusted_authorities(self) -> tuple[CertificateAuthority, ...]:
        """Roots of user authentication that a backend is told of."""
        known = (Generation.FIRST, Generation.SECOND)
        return tuple(self.authorities.certificate_authority(Kind.AUTHENTICATION, one) for one in known)

    def revocation_list(self, authority: CertificateAuthority) -> bytes:
        """CRL, DER, with the revoked persons' certificates of this authority."""
        revoked = [
            x509.load_der_x509_certificate(certificate).serial_number
            for person in self.persons.values()
            if person.card.flaw is Flaw.REVOKED
            and self._authority(Kind.AUTHENTICATION, person.card).der == authority.der
            and (certificate := self.certificate(person))
        ]
        return revocation_list(authority, revoked, self.reference_day)

    def _authority(self, kind: Kind, plan: CardPlan) -> CertificateAuthority:
        unknown = plan.flaw is Flaw.UNKNOWN_ISSUER
        return self.authorities.certificate_authority(kind, Generation.UNKNOWN if unknown else plan.generation)

    def _contents(self, person: Person) -> layout.CardContents:
        holder, plan = person.holder, person.card
        keys = self._keys(person)
        copied = plan.flaw is Flaw.COPIED and person.twin_of
        vouched = self.home.key(f"{person.twin_of}-surface") if copied else keys.surface
        issuer = self.authorities.surface_issuer(plan.municipality, known=plan.flaw is not Flaw.UNKNOWN_CARD_ISSUER)
        return layout.CardContents(
            holder=layout.Holder(
                holder.name, holder.address, holder.birth_date_known, holder.sex, plan.individual_number
            ),
            secrets=_secrets(person),
            keys=keys,
            vouched_key=vouched.public_key(),
            certificates=self._certificates(person),
            surface_issuer=self.authorities.forger(issuer) if plan.flaw is Flaw.FORGED else issuer,
            text_issuer=self.authorities.text_issuer(plan.municipality),
            face=_face(person.twin_of or person.id, holder, plan),
            serial=plan.serial,
            municipality=plan.municipality,
            expires=f"{plan.ends:%Y%m%d}",
            manager_certificates=self.authorities.manager_certificates(),
            manager_key_id=self.authorities.manager_key_id(),
            tries_issued=dict(plan.tries_left),
            broken_certificate=plan.flaw is Flaw.BROKEN,
        )

    def _keys(self, person: Person) -> layout.CardKeys:
        def key(word: str) -> str:
            return f"{person.id}-{word}"

        return layout.CardKeys(
            authentication=self.home.key(key("authentication")),
            signing=self.home.key(key("signing")) if person.card.signing_certificate else None,
            surface=self.home.key(key("surface")),
            text=self.home.key(key("text")),
            text_session=self.home.key(key("text-session")),
            common=self.home.key(key("common")),
        )

    def _certificates(self, person: Person) -> layout.Certificates:
        plan = person.card
        authentication = self.certificate(person)
        if authentication and plan.flaw is Flaw.GARBLED:
            authentication = hashlib.shake_256(authentication).digest(len(authentication))
        signing_ca = self._authority(Kind.SIGNING, plan)
        return layout.Certificates(
            authentication=authentication,
            authentication_ca=self._authority(Kind.AUTHENTICATION, plan).der,
            signing=self._signing_certificate(person, signing_ca) if plan.signing_certificate else None,
            signing_ca=signing_ca.der,
        )

    def _signing_certificate(self, person: Person, authority: CertificateAuthority) -> bytes:
        """署名用電子証明書: carries the four items registered, in the order 1, 4, 3, 5, 2, 6 (read from a card)."""
        holder, plan = person.holder, person.card
        registered = (
            (1, holder.name),
            (4, f"{era_of(holder.birth_date)[0].code}{holder.birth_date_known}"),
            (3, holder.sex),
            (5, holder.address),
            (2, "0" * len(holder.name)),
            (6, "0" * len(holder.address)),
        )
        common_name = f"{plan.certificate_validity.first:%Y%m%d}100320{plan.serial[-6:]}S{plan.municipality}"
        subject = Subject(common_name, (_PREFECTURE, _MUNICIPALITY), registered)
        key = self.home.key(f"{person.id}-signing").public_key()
        return issue(authority, subject, key, plan.certificate_validity)


def _secrets(person: Person) -> layout.Secrets:
    holder, plan = person.holder, person.card
    key = holder.key(holder.birth_date_form)
    return layout.Secrets(
        pin=plan.pin,
        password=plan.password if plan.signing_certificate else None,
        birth_date_key=key,
        reference_b=f"{key}{plan.ends.year}{plan.security_code}",
    )


def _face(seed: str, holder: Holder, plan: CardPlan) -> CardFace:
    return CardFace(
        birth_date=holder.birth_date_known,
        sex=holder.sex,
        expires=f"{plan.ends:%Y%m%d}",
        name=text_picture(holder.name, _LINE),
        address=text_picture(holder.address, _BLOCK),
        photograph=photograph(seed),
        security_code=text_picture(plan.security_code, _CODE),
        individual_number=text_picture(plan.individual_number, _NUMBER),
    )
