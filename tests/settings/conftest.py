"""A profile on real files."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from myna_app.settings.folders import Folders, find_folders
from myna_app.settings.store import SettingsStore


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    made = find_folders({"MYNA_APP_HOME": str(tmp_path)}, frozen=False)
    for folder in (made.config, made.policy):
        folder.mkdir(mode=0o755)
    return made


@pytest.fixture
def open_store(folders: Folders) -> Callable[..., SettingsStore]:
    """Write the files given and open the store on them."""

    def opened(
        *,
        user: str | None = None,
        policy: str | None = None,
        environment: Mapping[str, str] | None = None,
        frozen: bool = False,
    ) -> SettingsStore:
        for file, text in ((folders.user_file, user), (folders.policy_file, policy)):
            if text is not None:
                file.write_text(text, encoding="utf-8")
                file.chmod(0o644)
        return SettingsStore(folders, environment or {}, frozen=frozen)

    return opened
