"""The reference backend: implements `docs/contract.md` over HTTPS, on SQLite or PostgreSQL."""
