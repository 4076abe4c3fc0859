# The two commands are `make run` and `make test`. What they install is recorded in files whose names carry the
# checksum of the lock file, so that a second run finds them and does nothing.

PY := .venv/bin/python
# An environment whose Python was uninstalled goes, before its records are believed.
$(shell [ -x $(PY) ] || rm -rf .venv)
RUN_READY := .venv/.run-$(shell cksum < requirements.lock | cut -d' ' -f1)
TEST_READY := .venv/.test-$(shell cksum < requirements-dev.lock | cut -d' ' -f1)
EXAMPLES := node_modules/.from-$(shell cksum < package-lock.json | cut -d' ' -f1)
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=1
PIP_INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r

.DEFAULT_GOAL := help
.PHONY: help run test lint bench bench-threads bench-moderation bench-search bench-search-scale bench-peers lock \
	browser redis

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' Makefile

run: $(RUN_READY) ## Start the site (PORT=8001 and FORUM_DATA=folder choose where it runs)
	@exec $(PY) -m forum.serve

test: $(TEST_READY) $(EXAMPLES) browser redis ## Run all tests (ARGS="-k name" chooses)
	@$(PY) -m pytest -n 3 -rs $(ARGS)

lint: $(TEST_READY) ## Check format, code, types, floors and templates
	@failed=; \
	for check in "ruff format --check ." "ruff check ." mypy lint-imports "djlint templates --lint --quiet"; do \
	  .venv/bin/$$check || failed="$$failed $${check%% *}"; \
	done; \
	[ -z "$$failed" ] || { echo "Not passed:$$failed"; exit 1; }

bench: $(TEST_READY) browser redis ## Measure speed, beside a floor (ARGS="--help" tells what can be chosen)
	@$(MEASURE) benchmarks $(ARGS)

bench-threads: $(TEST_READY) redis ## Measure whether a page of 50,000 comments costs as one of 100
	@$(MEASURE) benchmarks.threads $(ARGS)

bench-moderation: $(TEST_READY) redis ## Measure whether moderators collide or wait, and what the spam score finds
	@$(MEASURE) benchmarks.moderation $(ARGS)

bench-search: $(TEST_READY) redis ## Measure what the search finds, how soon, and what it bears
	@$(MEASURE) benchmarks.search $(ARGS)

bench-search-scale: $(TEST_READY) ## Measure the search among up to a million comments (an hour)
	@$(MEASURE) benchmarks.search_scale $(ARGS)

bench-peers: $(TEST_READY) redis ## Measure beside other forums, fetched into ~/.cache at the first run
	@$(MEASURE) benchmarks.peers $(ARGS)

# A package warns that there is no folder for sockets and uses another.
MEASURE = $(PY) -W "ignore:XDG_RUNTIME_DIR" -m

lock: ## Write the lock files anew from pyproject.toml and package.json
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/"; exit 1; }
	@$(LOCK) -o requirements.lock
	@$(LOCK) --group dev -o requirements-dev.lock
	@npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header pyproject.toml

# A Python that is named but does not run (a shim, a broken link) is passed over.
$(PY):
	@for python in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
	done; \
	if [ -z "$$python" ]; then echo "Python 3.11 or newer is needed, and none was found on the PATH."; exit 1; fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$python cannot make a virtual environment: install its venv package" \
	    "($$($$python -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])') on Debian and Ubuntu)."; exit 1; \
	fi; \
	trap 'rm -rf .venv; exit 1' INT TERM; \
	$$python -m venv .venv || { rm -rf .venv; exit 1; }

$(RUN_READY): | $(PY)
	@echo "Installing the Python packages that the site needs."
	@$(PIP_INSTALL) requirements.lock
	@rm -f .venv/.run-* && touch $@

$(TEST_READY): | $(PY)
	@echo "Installing the Python packages that the tests need."
	@$(PIP_INSTALL) requirements-dev.lock
	@rm -f .venv/.test-* && touch $@

# CommonMark's specification, for its examples. Without it fewer tests run: this rule never fails, and tries again at the
# next run.
$(EXAMPLES):
	@lacking="Left out: CommonMark's own examples"; \
	if ! command -v npm >/dev/null; then echo "$$lacking (npm was not found; install it to run them)."; exit 0; fi; \
	$(NPM_CI) >/dev/null && touch $@ || echo "$$lacking (npm could not fetch them)."

# Chromium without a window is the same engine, and the tests with it take half the time.
browser:
	@command -v chromium-headless-shell >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium for the tests."; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  { apt-get update -qq && $(APT_INSTALL) chromium-headless-shell fonts-liberation; } >/dev/null 2>&1 || \
	  $(HAS_BROWSER) || $(APT_INSTALL) chromium fonts-liberation >/dev/null || \
	  echo "Left out: the tests in a browser (apt-get could not install chromium)."; \
	else \
	  $(HAS_BROWSER) || \
	  echo "Left out: the tests in a browser (Chromium was not found; install it to run them)."; \
	fi

APT_INSTALL = apt-get install -qq -y --no-install-recommends
HAS_BROWSER = { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null

# Run level 1: it is installed for the tests, which start their own, and not to run on this machine.
redis:
	@command -v redis-server >/dev/null || command -v valkey-server >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Redis for the tests."; \
	  export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1; \
	  { apt-get update -qq && apt-get install -qq -y --no-install-recommends redis-server; } >/dev/null || \
	  echo "Left out: the tests with Redis (apt-get could not install redis-server)."; \
	else \
	  echo "Left out: the tests with Redis (redis-server was not found; install it to run them)."; \
	fi
