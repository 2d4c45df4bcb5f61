# The commands of this repository. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: bench bench-quick bench-peers bench-built floors help build verify format fuzz peers conformance faults security scan-cost record-cost audit-cost audit-crash agents-soak demo clean promtool verify-speed rsyslog
SHELL := /bin/sh

PROMTOOL := $(or $(shell command -v promtool),/usr/bin/promtool)
PEERS_PYTHON := peers/.venv/bin/python
MATRIX := peers/matrix/.go/server peers/matrix/.java/1.1/.built peers/matrix/.java/2.0/.built
BENCH := -XX:+UseSerialGC -cp "$(CURDIR)/bench/target/classes:$(CURDIR)/bench/target/libraries/*"
BENCH_PEERS := npm tbxark fastmcp litellm mcp-contextforge-gateway mcp-proxy mcp-gateway
CRATE = CARGO_TARGET_DIR=$(@D)/build timeout 3600 nice -n 19 cargo install --locked -j 1 --root $(@D)
ROOTLY := $$(test "$$(id -u)" = 0 || echo sudo)
JAVAC := --add-exports jdk.compiler/com.sun.tools.javac
# Runs a class of the tests.
java = @mvn -B -q test-compile && { read -r java; read -r path; "$$java/bin/java" -cp "$$path" $(1); } <target/test-java.txt
FORMATTER := $(foreach part,api code file parser tree util,$(JAVAC).$(part)=ALL-UNNAMED)

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

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

promtool: $(PROMTOOL) ## Metrics and alerts by the checker of Prometheus
	mvn -B test -Dgroups=peers -Dtest=PromtoolPeerTest

peers: build peers/node_modules/.package-lock.json peers/.venv/.installed peers/.java/kafka.txt rsyslog $(PROMTOOL) $(MATRIX) ## Real MCP clients and servers, brokers and collectors around the gateway
	@node peers/run.mjs $(PARTS)

conformance: build conformance/node_modules/.package-lock.json target/test-java.txt ## The official conformance suite, straight and through the gateway
	@node conformance/run.mjs $(ROWS)

faults: build target/test-java.txt ## The gateway under faults: ROWS="kill back" selects, QUICK=1 takes four minutes
	$(call java,io.watchgate.faults.Dossier $(if $(QUICK),quick) $(ROWS))

security: target/test-java.txt ## How well secrets, personal data and injections are found: PARTS="pii" selects
	$(call java,io.watchgate.scoring.Scorecard $(PARTS))

scan-cost: target/test-java.txt ## How long it takes to look into messages
	$(call java,io.watchgate.scoring.ScanCost $(PARTS))

record-cost: target/test-java.txt ## What the records of a call cost the audit log alone
	$(call java,io.watchgate.scoring.RecordCost)

verify-speed: target/test-java.txt ## How fast an audit log is verified
	$(call java,io.watchgate.scoring.VerifySpeed)

audit-cost: build target/test-java.txt ## What recording adds to the CPU and the latency of calls
	$(call java,io.watchgate.faults.AuditCost)

audit-crash: build target/test-java.txt ## Kill a gateway 100 times while it records, and look what is lost: SEEDS=10 does it ten times
	$(call java,io.watchgate.faults.AuditCrash $(SEEDS))

bench: bench-built floors ## Gateways side by side: PARTS="small" and CONTENDERS="nginx watchgate" select, QUICK=1 is shorter
	@{ read -r java; "$$java/bin/java" $(BENCH) io.watchgate.bench.Bench; } <target/test-java.txt

bench-quick: bench-built floors ## Whether a call costs far more than it did, in three minutes
	@{ read -r java; "$$java/bin/java" $(BENCH) io.watchgate.bench.Guard; } <target/test-java.txt

bench-peers: ## The other gateways for make bench; what cannot be had is left out there
	@$(MAKE) -k --no-print-directory $(foreach peer,$(BENCH_PEERS),bench/.peers/$(peer)/.installed) || true

bench-built: target/test-java.txt
	@./watchgate --version
	@mvn -B -q -f bench/pom.xml -DskipTests package
	@cc -O2 -Wall -Wextra -o bench/target/bench-responder bench/src/main/c/responder.c
	@cc -O2 -Wall -Wextra -o bench/target/bench-relay bench/src/main/c/relay.c

floors:
	@ls /usr/sbin/nginx /usr/sbin/haproxy >/dev/null 2>&1 || \
	  { $(ROOTLY) apt-get update && $(ROOTLY) apt-get install -y --no-install-recommends nginx-light haproxy; }

bench/.peers/npm/.installed: $(wildcard bench/peers/npm/*)
	mkdir -p $(@D) && cp bench/peers/npm/* $(@D)
	cd $(@D) && nice -n 19 npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

bench/.peers/tbxark/.installed: $(wildcard bench/peers/tbxark/*)
	cd bench/peers/tbxark && nice -n 19 go build -p 1 -o ../../.peers/tbxark/ github.com/TBXark/mcp-proxy
	@touch $@

bench/.peers/mcp-proxy/.installed:
	$(CRATE) mcp-proxy --version 0.6.0 --features protocol-2026-07-28
	@touch $@

bench/.peers/mcp-gateway/.installed:
	$(CRATE) mcp-gateway --version 4.0.0-beta.3
	@touch $@

bench/.peers/%/.installed: bench/peers/%.txt
	rm -rf $(@D) && python3 -m venv $(@D)
	nice -n 19 $(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r $<
	@touch $@

agents-soak: target/test-java.txt ## Five and fifty agents at once, 1000 rounds each: ROUNDS=50 does fewer
	$(call java,io.watchgate.AgentSoak $(ROUNDS))

/usr/bin/promtool:
	$(ROOTLY) apt-get update && $(ROOTLY) apt-get install -y --no-install-recommends prometheus

clean: ## Remove what was built and installed here
	mvn -B -q clean
	rm -rf peers/node_modules peers/.venv peers/matrix/.go peers/matrix/.java conformance/node_modules

%/node_modules/.package-lock.json: %/package.json %/package-lock.json
	cd $* && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

target/test-java.txt: pom.xml conformance/TestJava.java
	mvn -B -q validate exec:exec -Dexec.executable=java -Dexec.classpathScope=test -Dexec.outputFile=$@ \
	  -Dexec.args="-cp %classpath conformance/TestJava.java"

peers/matrix/.go/server: $(wildcard peers/matrix/go/* peers/matrix/go/*/*)
	cd peers/matrix/go && go build -o ../.go/ ./...

peers/matrix/.java/%/.built: $(wildcard peers/matrix/java/*/*)
	cd peers/matrix/java/$* && mvn -B -q compile
	@touch $@

rsyslog:
	@ls /usr/sbin/rsyslogd /usr/lib/*/rsyslog/lmnsd_ossl.so >/dev/null 2>&1 || \
	  { $(ROOTLY) apt-get update && $(ROOTLY) apt-get install -y rsyslog rsyslog-openssl; }

peers/.java/kafka.txt: peers/kafka/pom.xml
	cd peers/kafka && mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=../.java/kafka.txt

peers/.venv/.installed: peers/requirements.txt
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { $(ROOTLY) apt-get update && $(ROOTLY) apt-get install -y python3-venv; }
	rm -rf peers/.venv
	python3 -m venv peers/.venv
	$(PEERS_PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps -r peers/requirements.txt
	$(PEERS_PYTHON) -m pip check
	@touch $@
