# Builds the Windows program and its installer on Windows: docs\installers.md. Not run by CI.
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..")
if (-not (Get-Command makensis -ErrorAction SilentlyContinue)) { throw "makensis is not on the PATH; please install NSIS 3.08 or later" }
if (-not (Test-Path .venv\Scripts\python.exe)) { py -3 -m venv .venv; if ($LASTEXITCODE) { throw "no Python 3.11 or later" } }
$python = ".venv\Scripts\python.exe"
& $python -m pip install --quiet --require-hashes --only-binary :all: -r requirements\dev.txt
if ($LASTEXITCODE) { throw "pip ended with $LASTEXITCODE" }
& $python -m pip install --quiet --no-deps --no-build-isolation -e .
if ($LASTEXITCODE) { throw "pip ended with $LASTEXITCODE" }
& $python -m installer.package
exit $LASTEXITCODE
