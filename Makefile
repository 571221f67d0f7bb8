# NXG Connect. `make run` shows a running gym, `make test` proves it; `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/.deps/bin:$(PATH)
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
export CCACHE_SLOPPINESS := pch_defines,time_macros

help: ## what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-9s %s\n", $$1, $$2 }'

deps: ## install what building and running need and the machine lacks (Debian 12 and 13)
	@tools/deps.sh

test-deps:
	@tools/deps.sh test

build: deps ## the programs, into bin/
	@tools/build.sh release programs

run: build ## a running gym on this machine: backend, AI sandbox, simulated members and machines
	@tools/run.sh

cluster: ## the gym on three backends: MongoDB engine, Redis, S3, haproxy; kill any of them
	@tools/deps.sh test && tools/build.sh release programs && tools/cluster.sh

test: test-deps ## build and pass all tests
	@tools/test.sh

bench: ## measure side by side with the named peers, into docs/benchmarks.md
	@tools/deps.sh test bench && tools/build.sh release programs && bench/run.sh

soak: test-deps ## 10,000 sockets that come and go for SOAK_SECONDS (default 1200), then the long form of the chaos tests
	@tools/build.sh release && bin/socketio-soak 10000 "$${SOAK_SECONDS:-1200}"
	@NXG_SOAK=1 tools/vitest.sh tests/chaos

lint: ## formatting, clang-tidy, layering, coroutines, types of the tests, generated documents
	@tools/deps.sh test lint && tools/lint.sh

format: ## format all C++ in place
	@tools/deps.sh lint && tools/format.sh -i

asan: test-deps ## unit tests and API tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@tools/sanitize.sh asan

tsan: test-deps ## unit tests and API tests under ThreadSanitizer
	@tools/sanitize.sh tsan

fuzz: ## every fuzz target for FUZZ_SECONDS (default 600) each
	@tools/deps.sh fuzz && tools/fuzz.sh

clean: ## remove build folders, programs, and the data of the gyms of run and cluster (what was downloaded stays)
	rm -rf build bin .run

.PHONY: help deps test-deps build run cluster test bench soak lint format asan tsan fuzz clean
