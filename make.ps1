# The same commands on Windows: ./make.ps1 setup | demo | test. Not run by this project's CI, which is Debian; kept thin.
param([string]$Command = "help")
$ErrorActionPreference = "Stop"
Set-Location $PSScriptRoot

function Setup {
    if (-not (Test-Path .venv\Scripts\python.exe)) { py -3 -m venv .venv }
    .venv\Scripts\python -m pip install -q --require-hashes -r requirements\bootstrap.txt
    .venv\Scripts\uv pip install -q --python .venv\Scripts\python.exe --require-hashes -r requirements\dev.txt
    .venv\Scripts\uv pip install -q --python .venv\Scripts\python.exe --no-deps --no-build-isolation -e .
    if ($LASTEXITCODE) { exit $LASTEXITCODE }
}

switch ($Command) {
    "setup" { Setup }
    "demo" { Setup; .venv\Scripts\myna-sandbox demo }
    # The tests around pcscd, the Secret Service and namespaces are Debian's; these are the rest.
    "test" { Setup; .venv\Scripts\python -m pytest tests\formats tests\apdu tests\card tests\flow tests\settings tests\ui }
    default { "./make.ps1 setup | demo | test" }
}
exit $LASTEXITCODE
