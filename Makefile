# On a fresh machine with Python 3.11 or later and a C compiler: `make demo`, `make test`.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready
BENCH_VENV = build/bench-venv
UV_VERSION = 0.13.9
JOBS ?= auto
SERVERS ?= 800
CODE = .ci/build_kernels.py engine tests $(wildcard benchmarks fixtures/*.py)
INSTALLED = pyproject.toml requirements.lock .ci/venv.sh .ci/build_kernels.py
KERNELS = engine/needfix/fleet/kernels/compiled-from.txt

# What `make test` leaves to `make test-all`, and what `make check` leaves to `make test`: pyproject.toml says what each is.
SLOW = jvm or oscap or slow or catalogue
LONGER = $(SLOW) or broad
# All that is packed, as names and contents: where it is what dist/ was built of, dist/ is not built again.
PACKED = $(wildcard *.md LICENSE* pyproject.toml requirements.lock Makefile .pre-commit-hooks.yaml \
	.ci .github .vscode benchmarks docs engine fixtures rules tests)
DIGEST = find $(PACKED) -type f ! -name '*.pyc' ! -name '*.so' -exec cksum {} + | LC_ALL=C sort | cksum

# Python keeps what it compiled, whatever the environment says: without it each run compiles all tests twice again.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help demo test test-all check-catalogue check quick kernels lint format types imports wheel smoke bench bench-fleet \
	compare-oscap compare-oval schemas lock clean

help:
	@echo "make demo     evaluate the sample servers"
	@echo "make check    before each commit: lint, types, imports and the quick tests, in less than a minute"
	@echo "make test     run the tests                   make test-all run all of them, with Java and in depth"
	@echo "make check-catalogue  run the cases of all shipped rules, lint them, and change each of them in every small way"
	@echo "make kernels  compile the loops of fleets, if they changed"
	@echo "make lint     ruff: rules and format        make format   let ruff correct both"
	@echo "make types    mypy, strict                  make imports  the arrows between rooms"
	@echo "make wheel    sdist and wheel into dist/    make smoke    try that wheel in a venv of its own"
	@echo "make bench    benchmarks                    make lock     write requirements.lock again"
	@echo "make bench-fleet  needfix and others on a fleet, in about ten minutes; FLEET='--servers 20000' makes it less"
	@echo "make compare-oscap  47,200 decisions beside those of oscap, in a few minutes; SERVERS=100 makes it less"
	@echo "make compare-oval   decisions beside those of oscap over the export of needfix; SERVERS=100 makes it less"
	@echo "make schemas  write docs/schemas again"
	@echo "make clean    remove everything made here"
	@echo "PYTHON=$(PYTHON), VENV=$(VENV) and JOBS=$(JOBS) (processes that run tests) can be given."

demo: kernels
	$(BIN)/needfix evaluate fixtures/inventories/exchange.json --rule Q279798

test: kernels
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m "not ($(SLOW))"

# With AFTER_TEST=1 only what `make test` has not run, and laws again, on more examples.
test-all: kernels wheel
	NEEDFIX_DIST="$(CURDIR)/dist" $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --hypothesis-profile=deep \
		-m "not catalogue$(if $(AFTER_TEST), and ($(SLOW) or law))"

# Every small change of every rule that is made of a build table, which the servers of the table have to show.
check-catalogue: kernels
	$(BIN)/needfix test
	$(BIN)/needfix lint
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m catalogue

check: kernels
	@$(MAKE) --no-print-directory -j2 lint types imports
	@$(MAKE) --no-print-directory quick

quick: kernels
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m "not ($(LONGER))"

kernels: $(KERNELS)

# The record represents all libraries, which are compiled together. READY compiles as well, and may just have done so.
$(KERNELS): $(wildcard engine/needfix/fleet/kernels/*.pyx engine/needfix/fleet/kernels/*.pxd) | $(READY)
	@[ -z "$$(find $^ -newer $@ 2>&1)" ] || $(BIN)/python -m hatchling build --target wheel:editable --hooks-only --directory build

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(READY)
	$(BIN)/mypy $(CODE)

imports: $(READY)
	$(BIN)/lint-imports

# The wheel is built from the sdist, so that the sdist is known to be whole.
wheel: $(READY)
	@if [ "$$($(DIGEST))" = "$$(cat dist/.digest 2>/dev/null)" ]; then \
		echo "dist/ is up to date"; \
	else \
		rm -rf dist && $(BIN)/python -m build --no-isolation && $(DIGEST) >dist/.digest; \
	fi

# VENV is emptied here: give another than the one to work in.
smoke:
	@test "$(VENV)" != .venv || { echo "error: give smoke a venv of its own: make VENV=build/smoke smoke" >&2; exit 1; }
	@ls dist/needfix-*.whl >/dev/null 2>&1 || { echo "error: no wheel in dist/; run make wheel first" >&2; exit 1; }
	@.ci/venv.sh wheel "$(PYTHON)" "$(VENV)" dist/needfix-*.whl
	$(BIN)/python tests/smoke/run.py fixtures/inventories/exchange.json

bench: kernels
	$(BIN)/python -m benchmarks

bench-fleet: $(BENCH_VENV)/.bench
	@$(MAKE) --no-print-directory VENV=$(BENCH_VENV) kernels
	$(BENCH_VENV)/bin/python -m benchmarks.fleet --plot build/bench $(FLEET)

compare-oscap: kernels
	$(BIN)/python -m benchmarks.oscap --servers $(SERVERS)

compare-oval: kernels
	$(BIN)/python -m benchmarks.oval --servers $(SERVERS)

# The rivals stay out of VENV. pip reads dependency groups from 25.1 on.
$(BENCH_VENV)/.bench: $(INSTALLED)
	@.ci/venv.sh develop "$(PYTHON)" "$(BENCH_VENV)"
	$(BENCH_VENV)/bin/python -m pip --quiet --disable-pip-version-check install --upgrade "pip>=25.1"
	$(BENCH_VENV)/bin/python -m pip --quiet --disable-pip-version-check install --group bench
	@touch $@

schemas: kernels
	for name in rule product cases inventory decision; do \
		$(BIN)/needfix schema $$name --output docs/schemas/$$name.schema.json || exit 1; \
	done

# Versions already in the lock stay; `make lock UPGRADE=--upgrade` takes the newest.
lock:
	$(PYTHON) -m venv --clear build/lock
	build/lock/bin/python -m pip --quiet --disable-pip-version-check install uv==$(UV_VERSION)
	build/lock/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
		--default-index https://pypi.org/simple --custom-compile-command "make lock" \
		--group dev --extra fleet --extra spark --extra xlsx --extra zstd pyproject.toml --output-file requirements.lock $(UPGRADE)

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -f engine/needfix/fleet/kernels/*.so engine/needfix/fleet/kernels/compiled-from.txt
	find engine tests benchmarks fixtures -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): $(INSTALLED)
	@.ci/venv.sh develop "$(PYTHON)" "$(VENV)"
