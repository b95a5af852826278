"""Who could have written a policy: POSIX modes are tested with the store, Windows access lists here."""

import pytest

from myna_app.settings.safety import _REPLACE_IN_FOLDER, sddl_lets_write

TRUSTED_INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"


@pytest.mark.parametrize(
    "sddl",
    [
        "O:BAD:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x1200a9;;;BU)",
        "O:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FR;;;BU)(A;ID;FX;;;AU)",
        f"O:{TRUSTED_INSTALLER}D:(A;;FA;;;{TRUSTED_INSTALLER})",
        "O:BAD:(D;;FA;;;BU)(A;;FA;;;BA)",
        "O:BAD:(A;OICIIO;FA;;;CO)(A;;FA;;;BA)",
        "O:BAD:(A;;FA;;;BA)S:AI(AU;SAFA;FA;;;WD)",
        "O:BAD:",
    ],
)
def test_a_list_that_lets_only_administrators_write_is_safe(sddl: str) -> None:
    assert not sddl_lets_write(sddl)


@pytest.mark.parametrize(
    "sddl",
    [
        "O:BAD:(A;;FA;;;BA)(A;;0x1301bf;;;BU)",
        "O:BAD:(A;;FW;;;WD)",
        "O:BAD:(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;AU)",
        "O:BAD:(A;;GW;;;BU)",
        "O:BAD:(A;;WD;;;S-1-5-21-1-2-3-1001)",
        "O:S-1-5-21-1-2-3-1001D:(A;;FA;;;BA)",
        "O:BAD:NO_ACCESS_CONTROL",
        "O:BA",
        "D:(A;;FA;;;BA)",
        "O:BAD:(A;;QQ;;;BU)",
        "O:BAD:(A;;FR)",
        "",
    ],
)
def test_a_list_that_lets_others_write_or_is_not_understood_is_unsafe(sddl: str) -> None:
    assert sddl_lets_write(sddl)


def test_a_folder_may_let_users_add_files_but_not_delete_those_of_others() -> None:
    assert not sddl_lets_write("O:BAD:(A;OICI;FA;;;BA)(A;CI;CCLC;;;BU)", _REPLACE_IN_FOLDER)
    assert sddl_lets_write("O:BAD:(A;OICI;FA;;;BA)(A;CI;DT;;;BU)", _REPLACE_IN_FOLDER)
