"""What only Windows has: the registry policy and security descriptors. Elsewhere there is no such policy."""

import sys
from pathlib import Path

POLICY_KEY = r"SOFTWARE\Policies\myna-app"
"""Below HKEY_LOCAL_MACHINE, where only administrators write."""

if sys.platform == "win32":
    import ctypes
    import winreg
    from contextlib import suppress
    from ctypes import wintypes

    _SE_FILE_OBJECT = 1
    _OWNER_AND_DACL = 0x1 | 0x4
    _SDDL_REVISION_1 = 1
    _RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"

    def registry_policy() -> dict[str, object]:
        """Values of the machine's policy: REG_DWORD as int, REG_SZ as text. Empty without a policy."""
        values: dict[str, object] = {}
        try:
            with winreg.OpenKey(
                winreg.HKEY_LOCAL_MACHINE, POLICY_KEY, access=winreg.KEY_READ | winreg.KEY_WOW64_64KEY
            ) as key:
                for index in range(winreg.QueryInfoKey(key)[1]):
                    name, value, _kind = winreg.EnumValue(key, index)
                    values[name] = value
        except FileNotFoundError:
            return {}
        return values

    def set_run_at_sign_in(name: str, command: str | None) -> None:
        """Have Windows run `command` when this user signs in; None: no more. Raises `OSError`."""
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
            if command is not None:
                winreg.SetValueEx(key, name, 0, winreg.REG_SZ, command)
                return
            with suppress(FileNotFoundError):
                winreg.DeleteValue(key, name)

    def security_descriptor(path: Path) -> str:
        """Owner and access list of a file or folder as SDDL. Raises `OSError`."""
        advapi = ctypes.WinDLL("advapi32", use_last_error=True)
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.LocalFree.argtypes = [wintypes.HLOCAL]
        descriptor = ctypes.c_void_p()
        code = advapi.GetNamedSecurityInfoW(
            ctypes.c_wchar_p(str(path)),
            _SE_FILE_OBJECT,
            _OWNER_AND_DACL,
            None,
            None,
            None,
            None,
            ctypes.byref(descriptor),
        )
        if code:
            raise ctypes.WinError(code)
        text = wintypes.LPWSTR()
        try:
            if not advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW(
                descriptor, _SDDL_REVISION_1, _OWNER_AND_DACL, ctypes.byref(text), None
            ):
                raise ctypes.WinError(ctypes.get_last_error())
            return text.value or ""
        finally:
            kernel.LocalFree(ctypes.cast(text, ctypes.c_void_p))
            kernel.LocalFree(descriptor)

else:

    def set_run_at_sign_in(name: str, command: str | None) -> None:
        """Other systems have files for this."""
        raise OSError(f"no registry for {name} ({'on' if command else 'off'}) on this system")

    def registry_policy() -> dict[str, object]:
        """No registry here."""
        return {}

    def security_descriptor(path: Path) -> str:
        """No security descriptors here."""
        raise OSError(f"no security descriptor of {path.name} on this system")
