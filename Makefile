PYTHON ?= python
WORKERS ?= 2
EXAMPLES ?= 1000
SEED ?= 1
PROCESSES ?= 1
export PYTHONPATH := $(CURDIR)

.PHONY: check fix test soak bench bench-scale golden docs

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

soak: ## random policies and specs, each pair checked in every way; make soak EXAMPLES=1000 SEED=1 PROCESSES=2
	PYTHONPATH=$(CURDIR):$(CURDIR)/tests:$(CURDIR)/tests/regions $(PYTHON) -u tests/soak/soak.py --examples $(EXAMPLES) --seed $(SEED) --processes $(PROCESSES) $(SOAK)

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

golden: ## write the expected outputs anew; read the difference before committing it
	$(PYTHON) -m pytest -q --update-golden tests/report tests/examples tests/docs

docs: ## write docs/readings.md and docs/rules/README.md anew and check that the pages agree with the code
	$(PYTHON) docs/readings.py
	$(PYTHON) docs/rules.py
	$(PYTHON) -m pytest -q tests/docs
