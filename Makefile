PYTHON ?= python
WORKERS ?= 2
SECONDS ?= 20
FUZZED ?= policy document spec request manifest waivers configuration eval
export PYTHONPATH := $(CURDIR)

.PHONY: check fix test bench bench-scale fuzz golden docs

check: ## style, types, direction of imports, tests
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	$(PYTHON) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(PYTHON) -m pytest -q -n $(WORKERS)

fix: ## format, and repair what can be repaired without thought
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

test:
	$(PYTHON) -m pytest -q -n $(WORKERS)

bench: ## write benchmarks/results.md anew
	{ set -e; \
	  printf '# Results of `make bench`\n\n## Proofs\n\n'; $(PYTHON) benchmarks/prove.py; \
	  printf '\n## Other solvers\n\n'; \
	  $(PYTHON) benchmarks/compare.py --plot benchmarks/compare.svg; \
	  printf '\n![seconds by statements](compare.svg)\n'; \
	  printf '\n## Decisions of eval\n\n'; $(PYTHON) benchmarks/eval.py; \
	  printf '\n## A whole run\n\n'; $(PYTHON) benchmarks/startup.py; \
	} > benchmarks/results.md.new
	mv benchmarks/results.md.new benchmarks/results.md

bench-scale: ## write the tables of docs/scale.md anew; takes an hour
	$(PYTHON) benchmarks/fleet.py --count 10000 --write

fuzz: ## search for inputs that break a reader, SECONDS for each of FUZZED; findings in fuzz/findings
	for target in $(FUZZED); do $(PYTHON) fuzz/fuzz.py $$target $(SECONDS) || exit 1; done

golden: ## write the expected outputs anew; read the difference before committing it
	$(PYTHON) -m pytest -q --update-golden tests/report tests/examples tests/docs

docs: ## write docs/readings.md and docs/rules/README.md anew and check that the pages agree with the code
	$(PYTHON) docs/readings.py
	$(PYTHON) docs/rules.py
	$(PYTHON) -m pytest -q tests/docs
