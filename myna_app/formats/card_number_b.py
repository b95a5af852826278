"""照合番号B: fourteen digits that open the card face, all of them printed on the card.

Birth date YYMMDD as in the birth-date key (era year) ‖ Gregorian year of the card's expiry ‖ the four digits of the
security code under the photograph (measured, myna-card).
"""

from datetime import date

from myna_app.formats.era import is_birth_date_key

SECURITY_CODE_LENGTH = 4
CARD_NUMBER_B_LENGTH = 14
_CENTURY = "20"


def card_number_b(birth_date_key: str, expires_on: date, security_code: str) -> str:
    """Raises `ValueError`, without the digits, where the parts make no 照合番号B."""
    number = f"{birth_date_key}{expires_on.year}{security_code}"
    if not is_card_number_b(number):
        raise ValueError("these make no number B")
    return number


def is_security_code(code: str) -> bool:
    """Four ASCII digits."""
    return len(code) == SECURITY_CODE_LENGTH and code.isascii() and code.isdigit()


def is_card_number_b(number: str) -> bool:
    """Fourteen ASCII digits with a possible month and day, expiring in this century."""
    return (
        len(number) == CARD_NUMBER_B_LENGTH
        and number.isascii()
        and number.isdigit()
        and is_birth_date_key(number[:6])
        and number[6:8] == _CENTURY
    )
