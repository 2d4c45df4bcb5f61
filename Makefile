# The commands of this repository. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help build verify format fuzz peers demo clean
SHELL := /bin/sh

PEERS_PYTHON := peers/.venv/bin/python
ROOTLY := $$(test "$$(id -u)" = 0 || echo sudo)
JAVAC := --add-exports jdk.compiler/com.sun.tools.javac
FORMATTER := $(foreach part,api code file parser tree util,$(JAVAC).$(part)=ALL-UNNAMED)

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## Build the program, without tests
	mvn -B -q -DskipTests package

verify: ## Build and run every test that needs a JDK only
	mvn -B verify

format: ## Format the Java files
	@mvn -B -q -Dwarnings=-parameters test-compile exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
	  -Dexec.args="$(FORMATTER) -classpath %classpath io.watchgate.Format"

fuzz: ## Look for messages that the scanner gets wrong, for a minute
	JAZZER_FUZZ=1 mvn -B test -Dtest=MessageFuzzTest

demo: ## Run the gateway with two demo servers
	./watchgate demo

peers: build peers/node_modules/.package-lock.json peers/.venv/.installed ## Real MCP clients and servers through the gateway
	@node peers/run.mjs $(PARTS)

clean: ## Remove what was built and installed here
	mvn -B -q clean
	rm -rf peers/node_modules peers/.venv

peers/node_modules/.package-lock.json: peers/package.json peers/package-lock.json
	cd peers && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

peers/.venv/.installed: peers/requirements.txt
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { $(ROOTLY) apt-get update && $(ROOTLY) apt-get install -y python3-venv; }
	rm -rf peers/.venv
	python3 -m venv peers/.venv
	$(PEERS_PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps -r peers/requirements.txt
	$(PEERS_PYTHON) -m pip check
	@touch $@
