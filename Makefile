PYTHON ?= python
WORKERS ?= 2
SECONDS ?= 20
FUZZED ?= policy document spec request manifest waivers configuration eval
EXAMPLES ?= 1000
SEED ?= 1
PROCESSES ?= 1
IAMSPY ?= .iamspy/bin/python
POLICIES ?=
COMPARE = --iamspy $(IAMSPY) $(if $(POLICIES),--policies $(POLICIES)) $(if $(QUICK),--quick)
export PYTHONPATH := $(CURDIR)

.PHONY: check fix test soak fuzz bench bench-scale iamspy golden docs pages lock compat package sbom
.PHONY: mutate

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

bench: ## write benchmarks/results.md and compare.md anew; QUICK=1 for two minutes, POLICIES=DIR to add policies
	{ set -e; \
	  printf '# Results of `make bench`\n\n## Proofs\n\n'; $(PYTHON) benchmarks/prove.py; \
	  printf '\n## Decisions of eval\n\n'; $(PYTHON) benchmarks/eval.py; \
	  printf '\n## A whole run\n\n'; $(PYTHON) benchmarks/startup.py; \
	} > benchmarks/results.md.new
	mv benchmarks/results.md.new benchmarks/results.md
	{ set -e; \
	  printf '# policycheck and other solvers\n\n'; \
	  $(PYTHON) benchmarks/compare.py --plot benchmarks/compare.svg $(COMPARE); \
	  printf '\n![seconds by statements](compare.svg)\n'; \
	} > benchmarks/compare.md.new
	mv benchmarks/compare.md.new benchmarks/compare.md

iamspy: ## install IAMSpy for the benchmarks, apart from everything else
	$(PYTHON) -m venv .iamspy
	.iamspy/bin/python -m pip install 'zeuscloud-iamspy==0.8.0' 'pydantic<2'

bench-scale: ## write the tables of docs/scale.md anew; takes an hour
	$(PYTHON) benchmarks/fleet.py --count 10000 --write

fuzz: ## search for inputs that break a reader, SECONDS for each of FUZZED; findings in fuzz/findings
	for target in $(FUZZED); do $(PYTHON) fuzz/fuzz.py $$target $(SECONDS) || exit 1; done

golden: ## write the expected outputs anew; read the difference before committing it
	$(PYTHON) -m pytest -q --update-golden tests/report tests/examples tests/docs

docs: pages ## write the generated pages anew, and build the site into site/
	NO_MKDOCS_2_WARNING=1 $(PYTHON) -m mkdocs build --strict

pages: ## write the pages anew that are made from the code, and check that all pages agree with it
	$(PYTHON) docs/readings.py
	$(PYTHON) docs/rules.py
	$(PYTHON) docs/commands.py
	$(PYTHON) docs/spec_fields.py
	$(PYTHON) docs/names.py
	$(PYTHON) -m pytest -q -n $(WORKERS) tests/docs

LOCK = $(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade) pyproject.toml
lock: ## write requirements/*.txt anew where pyproject.toml demands it; UPGRADE=1 for the newest versions
	$(LOCK) --output-file requirements/run.txt
	$(LOCK) --constraint requirements/run.txt --extra dev --output-file requirements/dev.txt

compat: ## a quick subset of the tests with the lowest and the newest versions; PYTHONS='python3.11 ...'
	.ci/compat $(PYTHONS)

package: ## build sdist and wheel into dist/, check both, run the wheel in a fresh virtual environment
	PYTHON='$(PYTHON)' .ci/package

sbom: ## write dist/policycheck.cdx.json: what requirements/run.txt installs, in CycloneDX
	PYTHON='$(PYTHON)' .ci/sbom

mutate: ## which small changes of the two implementations no test notices; MUTANTS='policycheck.concrete.order*'
	$(PYTHON) -m mutmut run --max-children $(WORKERS) $(MUTANTS)
	$(PYTHON) -m mutmut results
