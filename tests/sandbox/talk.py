"""A terminal that can say anything to a card, in hexadecimal."""

from dataclasses import dataclass

from myna_sandbox.virtual_card.card import Card

AIDS = {
    "COMMON": "D3921000310001010100",
    "JUKI": "D3921000310001010401",
    "SURFACE": "D3921000310001010402",
    "TEXT": "D3921000310001010408",
    "JPKI": "D392F000260100000001",
    "MANAGER": "A0000001510000",
}
DIGEST_INFO = "3031300D060960864801650304020105000420"


@dataclass(frozen=True, slots=True)
class Talk:
    card: Card

    def send(self, command: str) -> tuple[bytes, str]:
        """Data and status word in upper-case hexadecimal."""
        answer = self.card.transmit(bytes.fromhex(command))
        return answer[:-2], answer[-2:].hex().upper()

    def status(self, command: str) -> str:
        return self.send(command)[1]

    def data(self, command: str) -> bytes:
        data, status = self.send(command)
        assert status == "9000", f"{command}: {status}"
        return data

    def application(self, name: str) -> None:
        aid = AIDS[name]
        assert self.status(f"00A4040C{len(aid) // 2:02X}{aid}") == "9000"

    def select(self, file_id: str) -> str:
        return self.status(f"00A4020C02{file_id}")

    def verify(self, file_id: str, value: str) -> str:
        """By short id; `value` as text."""
        encoded = value.encode()
        return self.status(f"002000{0x80 | int(file_id, 16):02X}{len(encoded):02X}{encoded.hex()}")

    def read(self, file_id: str) -> tuple[bytes, str]:
        """The whole file by short id, with extended Le."""
        return self.send(f"00B0{0x80 | int(file_id, 16):02X}0000" + "0000")
