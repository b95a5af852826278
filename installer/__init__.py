"""Builds what is handed to installers: `make package`, or `installer\\build.ps1` on Windows."""
