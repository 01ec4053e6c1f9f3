# Needs a POSIX shell, make and Python 3.11 or newer to begin with; the rest is installed by the first target you run.
.POSIX:
.PHONY: help run test hunt demo bench setup check translations env lock clean

bin = .venv/bin

help: ## show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: setup ## run the whole platform with sample data; Ctrl-C stops it
	@$(bin)/imgpilot up --sample

test: ## run the whole suite; T=tests/runtime runs a part of it
	@.ci/setup.sh test
	@$(bin)/python -m pytest -n 2 --dist loadfile $(T)

hunt: ## run the property tests with examples that no run has tried yet
	@.ci/setup.sh test
	@$(bin)/python -m pytest -n 2 --dist loadfile -m hypothesis --hypothesis-profile=hunt $(T)

demo: setup ## drive the main job end to end against the running platform; results in var/demo
	@$(bin)/python .ci/demo.py

bench: setup ## measure what our way costs beside the plainest one; figures in var/bench
	@$(bin)/python .ci/bench.py

setup: ## install whatever is missing
	@.ci/setup.sh

check: ## format, lint, types, migrations in step with the models, translations complete
	@.ci/setup.sh test
	@$(bin)/ruff format --check .
	@$(bin)/ruff check .
	@$(bin)/mypy
	@$(bin)/mypy .ci/translations.py .ci/demo.py .ci/bench.py
	@$(bin)/imgpilot db check
	@$(bin)/python .ci/translations.py

translations: setup ## bring the translation files in step with the texts
	@$(bin)/python .ci/translations.py --update

env: setup ## write .env.example anew from the settings
	@$(bin)/python -m imgpilot.envfile > .env.new && mv .env.new .env.example

lock: setup ## resolve the dependencies anew; U=--upgrade takes newer versions
	@$(bin)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --extra test \
		--custom-compile-command "make lock" $(U) setup.cfg -o requirements.lock
	@$(bin)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" $(U) .ci/tools.in -o .ci/tools.txt
	@npm install --package-lock-only --ignore-scripts --loglevel=error

clean: ## remove what was installed and built; the data in var/ stays
	@rm -rf .venv node_modules platform/imgpilot/static/vendor build dist imgpilot.egg-info htmlcov \
		.coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find platform -name '*.mo' -exec rm -f {} +
