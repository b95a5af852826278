"""Whether ordinary users could have written a policy.

POSIX: owner and mode of file and folder. Windows: owner and access list, judged on the text form of the security
descriptor (SDDL, [MS-DTYP] 2.5.1), so that the rule can be tested everywhere.
"""

import os
import re
import sys
from pathlib import Path

from myna_app.settings.windows import security_descriptor

_OTHERS_WRITE = 0o022

_ADMINISTRATORS = frozenset(
    {"BA", "SY", "LA", "DA", "EA", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"}
)
"""Administrators, SYSTEM, the administrator accounts of PC and domain, and TrustedInstaller."""
_OWNER_RIGHTS = "OW"
"""S-1-3-4: rights of the owner, who is judged by itself."""

_RIGHTS = {
    "CC": 0x1, "DC": 0x2, "LC": 0x4, "SW": 0x8, "RP": 0x10, "WP": 0x20, "DT": 0x40, "LO": 0x80, "CR": 0x100,
    "SD": 0x1_0000, "RC": 0x2_0000, "WD": 0x4_0000, "WO": 0x8_0000,
    "GA": 0x1000_0000, "GX": 0x2000_0000, "GW": 0x4000_0000, "GR": 0x8000_0000,
    "FA": 0x1F_01FF, "FR": 0x12_0089, "FW": 0x12_0116, "FX": 0x12_00A0,
}  # fmt: skip
_REPLACE = _RIGHTS["SD"] | _RIGHTS["WD"] | _RIGHTS["WO"] | _RIGHTS["GA"]
_WRITE_FILE = _REPLACE | _RIGHTS["GW"] | 0x2 | 0x4
"""… or FILE_WRITE_DATA, FILE_APPEND_DATA."""
_REPLACE_IN_FOLDER = _REPLACE | 0x40
"""… or FILE_DELETE_CHILD. Adding files is harmless: what a user adds, he owns."""

_ACE = re.compile(r"\(([^;()]*);([^;()]*);([^;()]*);[^;()]*;[^;()]*;([^;()]*)[^()]*\)")


def ordinary_users_can_write(file: Path, *, own: bool) -> bool:
    """Whether somebody other than an administrator can change or replace `file`.

    `own`: the current user counts as an administrator. Raises `OSError` when that cannot be found out.
    """
    if sys.platform == "win32":
        exposed = not own and (
            sddl_lets_write(security_descriptor(file), _WRITE_FILE)
            or sddl_lets_write(security_descriptor(file.parent), _REPLACE_IN_FOLDER)
        )
    else:
        owners = {0, os.getuid()} if own else {0}
        facts = [path.stat() for path in (file, file.parent)]
        exposed = any(fact.st_uid not in owners or fact.st_mode & _OTHERS_WRITE for fact in facts)
    return exposed


def sddl_lets_write(sddl: str, dangerous: int = _WRITE_FILE) -> bool:
    """Whether `sddl` gives one of the `dangerous` rights to anyone but administrators. What is not understood, does."""
    owner = re.match(r"O:(S-[0-9-]+|[A-Z]{2})", sddl)
    access = re.search(r"D:([A-Z_]*)((?:\([^()]*\))*)(?:S:|$)", sddl)
    if owner is None or owner[1] not in _ADMINISTRATORS or access is None or "NO_ACCESS_CONTROL" in access[1]:
        return True
    entries = access[2].count("(")
    understood = _ACE.findall(access[2])
    return entries != len(understood) or any(
        kind not in ("D", "OD", "XD")
        and "IO" not in re.findall("..", flags)  # inherit only: holds for what is created inside
        and trustee not in _ADMINISTRATORS
        and trustee != _OWNER_RIGHTS
        and _mask(rights) & dangerous
        for kind, flags, rights, trustee in understood
    )


def _mask(rights: str) -> int:
    """The access mask of ``FA``, ``CCDCLC`` or ``0x1200a9``; all bits when it cannot be read."""
    if rights.startswith("0x"):
        return int(rights, 16)
    codes = re.findall("..", rights)
    if "".join(codes) != rights or not set(codes) <= _RIGHTS.keys():
        return 0xFFFF_FFFF
    mask = 0
    for code in codes:
        mask |= _RIGHTS[code]
    return mask
