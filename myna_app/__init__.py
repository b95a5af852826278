"""資格確認アプリ: the reception desktop client. Start at `myna_app.app`; a visit reads as README's map shows."""

__version__ = "0.1.0"
