# `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
run := .venv/bin

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## install what is missing (Debian packages, .venv); quick when nothing is
	@requirements/setup

demo: setup ## the main job on embedded defaults; without a display it drives itself and saves screenshots to demo-out/
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then exec $(run)/myna-sandbox demo; \
	else exec xvfb-run -a -s "-screen 0 1280x960x24" $(run)/myna-sandbox demo --headless --out demo-out; fi

test: setup ## the project's tests (at most 12 minutes)
	@$(MAKE) --no-print-directory lint
	@tests/all -q

package: setup ## what is handed to installers, in dist/: frozen programs, Windows installer, SBOM, sums, policy templates
	@requirements/setup installer/debian.txt
	@$(run)/python -m installer.package

check: package ## what takes longer: all that is handed to installers, made and tried; generated calls, kills, faults, looks, the window from outside
	@tests/rooms tests/checks tests/windows -- -q

lint: setup ## ruff, mypy for linux and win32, import contracts
	@$(run)/ruff check .
	@$(run)/ruff format --check .
	@$(run)/mypy
	@$(run)/mypy --platform win32
	@PATH="$(CURDIR)/.venv/bin:$$PATH" $(run)/lint-imports --no-cache

bench: setup ## figures, each beside something comparable of the same run
	@tests/run benchmarks

fuzz: setup ## a million hostile inputs and more through what reads cards and certificates (RUNS for each target)
	@$(run)/uv pip install -q --python $(run)/python --require-hashes -r requirements/fuzz.txt
	@$(run)/python -m tests.fuzz.fuzz $${RUNS:-300000}

screens: setup ## every screen × colours × scale × language into screens/, with contact sheets
	@$(run)/python -m tests.ui.screens screens

errors: setup ## docs/errors.md anew, from the words of the screens
	@$(run)/python -m myna_app.ui.error_page > docs/errors.md

format: setup ## let ruff put the code in order
	@$(run)/ruff check --fix .
	@$(run)/ruff format .

lock: ## renew the hashed locks from pyproject.toml
	@for extra in app:"" backend:"--extra backend" freeze:"--extra freeze" dev:"--extra dev"; do \
	  .venv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	    --custom-compile-command "make lock" pyproject.toml $${extra#*:} -o requirements/$${extra%%:*}.txt; done
	@echo uv | .venv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	    --custom-compile-command "make lock" -c requirements/dev.txt - -o requirements/bootstrap.txt
	@# atheris 3.0.0 is the last with a wheel for Python 3.11
	@echo 'atheris==3.0.0' | .venv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	    --custom-compile-command "make lock" -c requirements/dev.txt - -o requirements/fuzz.txt

.PHONY: help setup demo test package check lint bench fuzz screens errors format lock
