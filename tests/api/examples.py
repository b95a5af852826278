"""What the client's tests send and get."""

from uuid import UUID

from myna_app.api.answers import FaceCheck, RegistrationRequest
from myna_app.api.client import BackendClient
from myna_app.formats.card_face import FaceProof
from myna_app.formats.facility import FaceCheckWay

ID = UUID("00112233-4455-6677-8899-aabbccddeeff")
CARD_FACE = FaceProof(b"22", b"23", b"24", b"2", b"3", b"28")
NONCE = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
TERMS = {"version": "1.2", "effective_on": "2026-04-01", "text": "本文"}
CHALLENGE = {"challenge_id": str(ID), "nonce": NONCE, "expires_at": "2026-11-20T01:04:15Z"}
NOT_FOUND = {
    "verdict": 4,
    "identity_confirmed": True,
    "card_proven": True,
    "confirmed_at": "2026-11-20T01:02:15Z",
    "notices": [],
    "results": [],
}
FACE = FaceCheck(7, FaceCheckWay.PHOTOGRAPH)
REGISTRATION = RegistrationRequest(
    "8888888888", "W0000001", "password", "123456789012", "1.2", {"kty": "EC"}, "possession", "0.1.0"
)


def visit(client: BackendClient) -> object:
    return client.visit(ID, b"certificate", bytes(256), FACE)
