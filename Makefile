# Folkmoot: everything that one does with a clone of it, each by one word.
#
#   make run      build it and open the demonstration at http://127.0.0.1:8080
#   make test     everything that must hold, on both engines and in a real browser
#   make crash    kill it under load thousands of times, and hold it to account (hours; ROUNDS=200 for fewer)
#   make lint     form and licences: rustfmt, clippy, cargo-deny
#   make bench    measure it against its targets (about 20 minutes)
#   make bench-sense    measure what makes sense of files, beside other tools (needs Python 3.11)
#   make assets   build the style sheet and script of the site, if their sources have changed
#   make clean    throw away everything that was built
#
# Needed: Rust (https://rustup.rs), a C compiler, Node.js 20 with npm; for the tests PostgreSQL 15, Chromium, Java, w3m and openssl.
# On Debian and Ubuntu what is missing is installed, for root or through sudo; elsewhere one sentence says what to install.
#
# LISTEN=127.0.0.1:9000 make run     another address
# CARGO_TARGET_DIR=… make test       another folder for what is built; it lies outside the clone
# ARGS="load --engine sqlite" make bench     a part of it: see `folkmoot-bench --help`

CARGO_TARGET_DIR ?= $(HOME)/.cache/folkmoot/target
export CARGO_TARGET_DIR
export PATH := $(PATH):$(HOME)/.cargo/bin:$(HOME)/.cache/folkmoot/tools/bin
LISTEN ?= 127.0.0.1:8080
ARGS ?=
ROUNDS ?= 5000

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help run test crash lint bench bench-sense assets clean
MAKEFLAGS += --no-print-directory

assets := crates/web/assets
assets_sources := $(shell find $(assets)/src -type f) $(addprefix $(assets)/,build.mjs package.json package-lock.json) \
    crates/web/templates/components/verify.html $(wildcard crates/web/locales/*/verify.ftl)

# need WHAT TEST PACKAGES…: installs the packages unless the test succeeds already, and sees that it does then.
define need
need() {
    local what=$$1 there=$$2 as=; shift 2
    if eval "$$there" >/dev/null 2>&1; then return; fi
    local please="$$what is needed, and missing. On Debian: apt-get install $$*"
    if ! command -v apt-get >/dev/null; then echo "$$please" >&2; exit 1; fi
    if [ "$$(id -u)" != 0 ]; then
        # Asks for a password only where somebody can give one.
        if ! sudo -n true 2>/dev/null && ! { command -v sudo >/dev/null && [ -t 0 ]; }; then echo "$$please" >&2; exit 1; fi
        as=sudo
    fi
    echo "$$what is missing: installing $$*"
    $$as apt-get update -q
    $$as env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$$@"
    if ! eval "$$there" >/dev/null 2>&1; then echo "$$what is needed, and what this system offers is not enough." >&2; exit 1; fi
}
endef

define need_rust
$(need)
if ! command -v cargo >/dev/null; then echo "Rust is needed, and missing: see https://rustup.rs" >&2; exit 1; fi
need "A C compiler" "command -v cc" gcc libc6-dev
endef

define need_node
$(need)
need "Node.js 20 or newer with npm (https://nodejs.org)" \
    "node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' && command -v npm" nodejs npm
endef

# Where initdb is: it stands outside the PATH on Debian.
define need_for_tests
$(need_node)
need "PostgreSQL 15 or newer" "compgen -G '/usr/lib/postgresql/*/bin/initdb' || command -v initdb" postgresql
need "w3m" "command -v w3m" w3m
need "openssl" "command -v openssl" openssl
endef

define need_for_journeys
if [ -d tests/browser ]; then
    need "Chromium" "command -v \"$${CHROMIUM:-chromium}\"" chromium
    need "Java, for the checker of HTML," "command -v java" default-jre-headless
fi
endef

help:
	@sed -n 's/^#   //p' Makefile

run: assets
	@$(need_rust)
	# Without optimisation: it is there in a third of the time, and quick enough for a demonstration.
	if [ ! -x "$(CARGO_TARGET_DIR)/debug/folkmoot" ]; then echo "The first build takes some minutes."; fi
	cargo build --package folkmoot
	exec "$(CARGO_TARGET_DIR)/debug/folkmoot" demo --listen "$(LISTEN)"

assets: $(assets)/dist/manifest.json

$(assets)/dist/manifest.json: $(assets_sources) $(assets)/node_modules/.package-lock.json
	@cd $(assets)
	npm run --silent build
	touch dist/manifest.json

$(assets)/node_modules/.package-lock.json: $(assets)/package.json $(assets)/package-lock.json
	@$(need_node)
	cd $(assets)
	npm ci --no-audit --no-fund
	touch node_modules/.package-lock.json

test: assets
	@$(need_rust)
	$(need_for_tests)
	$(need_for_journeys)
	# One process for all tests of a crate, because they share a PostgreSQL; the documentation holds what must not compile.
	cargo test --workspace
	if [ ! -d tests/browser ]; then exit; fi
	# As the tests have built it already: for the program alone, some libraries would be built anew.
	cargo build --workspace --bin folkmoot
	cd tests/browser
	if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then npm ci --no-audit --no-fund; fi
	CHROMIUM="$$(command -v "$${CHROMIUM:-chromium}")" node --test

crash: assets
	@$(need_rust)
	$(need_for_tests)
	FOLKMOOT_KILLS="$(ROUNDS)" cargo test --workspace --test stories crash:: -- --nocapture

lint: assets
	@$(need_rust)
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- --deny warnings
	if command -v cargo-deny >/dev/null; then
		cargo fetch --locked
		cargo deny --offline check --hide-inclusion-graph bans licenses sources
	else
		echo "Licences and sources were not checked: cargo install cargo-deny --locked --version 0.20.2"
	fi

bench: assets
	@$(need_rust)
	$(need_for_tests)
	cargo build --release --package folkmoot --package folkmoot-bench --bins
	if [ -z "$(ARGS)" ]; then cargo bench --package folkmoot-bench --bench functions; fi
	"$(CARGO_TARGET_DIR)/release/folkmoot-bench" $(ARGS)

# Functions first, then whole processes beside their peers: benches/peers/README.md.
bench-sense: assets
	@$(need_rust)
	need "Python 3.11 or newer with venv" "python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'" python3 python3-venv
	cargo build --release --package folkmoot
	cargo bench --package folkmoot-sense
	data=(); if [ -d ../shared/data ]; then data=(--data ../shared/data); fi
	for script in benches/peers/*.py; do
		printf '\n== %s\n' "$$script"
		python3 "$$script" --program "$(CARGO_TARGET_DIR)/release/folkmoot" "$${data[@]}"
	done

clean:
	cargo clean
	rm -rf $(assets)/dist $(assets)/node_modules tests/browser/node_modules
