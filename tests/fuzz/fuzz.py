"""`make fuzz`: atheris mutates the corpus for as many runs as asked, a fault ends it with the input that made it.

``python -m tests.fuzz.fuzz RUNS [TARGET…]`` runs each target in a process of its own, since libFuzzer ends the process.
"""

import subprocess
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["myna_app", "myna_backend.evidence", "tests.fuzz.targets"]):
    from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
_LONGEST_INPUT = 4096
_SECONDS_FOR_ONE_INPUT = 10


def run_here(name: str, runs: str) -> None:
    """Fuzz one target; the corpus is read, and what is found goes to a folder beside it that is not kept."""
    found = CORPUS.parent / "found" / name
    found.mkdir(parents=True, exist_ok=True)
    folders = [str(found), str(CORPUS / name)]
    options = [
        f"-runs={runs}",
        f"-max_len={_LONGEST_INPUT}",
        f"-timeout={_SECONDS_FOR_ONE_INPUT}",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={found}/", *folders], TARGETS[name])
    atheris.Fuzz()


def main() -> int:
    """Exit status 0, or 1 when a target failed."""
    runs, *names = sys.argv[1:]
    failed = []
    for name in names or TARGETS:
        began = time.monotonic()
        done = subprocess.run([sys.executable, "-m", "tests.fuzz.fuzz", "--here", name, runs], check=False)
        print(f"{name}: {runs} inputs in {time.monotonic() - began:.0f} s, status {done.returncode}", flush=True)
        if done.returncode:
            failed.append(name)
    return bool(failed)


if __name__ == "__main__":
    if sys.argv[1] == "--here":
        run_here(*sys.argv[2:])
    else:
        sys.exit(main())
