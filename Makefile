# Pqs.Embedded. `make demo` shows what it does, `make test` checks all of it; `make help` lists the rest.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

CONFIGURATION := Release
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

# Verifications share the objects of the kernel library, which sanitizers make slow to compile.
export PQS_OBJECT_CACHE := $(abspath out/objects)

# What verification runs, and the Debian packages that hold it.
TOOLS := arm-none-eabi-gcc qemu-system-arm gcc g++ clang-16 cppcheck cmake
PACKAGES := gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm gcc g++ clang-16 libclang-rt-16-dev cppcheck cmake
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

DEMO_MODEL := models/fashion-dscnn.onnx
DEMO_DATA := models/fashion-calibration.npz
FASHION_MNIST := /usr/share/datasets/fashion-mnist
SCHEDULES := natural alternating sorted sorted:rounds=1 sorted:tile=32
MODELS := $(wildcard models/*.tflite ../shared/models/*/model.tflite)

.PHONY: help setup build test test-all test-schedules demo bench calibrate experiments clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: ## Install the compilers and the emulator that are missing (Debian)
	@missing=""; for tool in $(TOOLS); do command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	if command -v clang-16 >/dev/null && ! ls /usr/lib/llvm-16/lib/clang/16/lib/linux/libclang_rt.asan-*.a >/dev/null 2>&1; then \
	    missing="$$missing libclang-rt-16-dev"; fi; \
	if [ -n "$$missing" ]; then \
	    echo "installing:$$missing"; \
	    $(SUDO) apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $(PACKAGES) >/dev/null; \
	fi

build: ## Build the tool: afterwards ./bin/pqs runs it
	@dotnet publish Pqs.Codegen/Pqs.Codegen.csproj -c $(CONFIGURATION) -o bin -v quiet --nologo

test: ## Run every test that a change must pass
	@dotnet test Pqs.Embedded.sln -c $(CONFIGURATION) --nologo -v quiet \
	    --logger "console;verbosity=normal" --logger "trx;LogFileName=tests.trx" --results-directory out/tests

test-all: build ## Run the long tests too, and verify every model at hand on every target, in every schedule
	@PQS_LONG=1 $(MAKE) --no-print-directory test
	@for model in $(MODELS); do echo "== $$model"; ./bin/pqs verify $$model --targets all || exit 1; done
	@$(MAKE) --no-print-directory test-schedules

test-schedules: build ## Verify the third-party models on every target in every schedule at 16 and 13 bits
	@for folder in $(dir $(wildcard ../shared/models/*/model.tflite)); do for bits in 16 13; do for schedule in $(SCHEDULES); do \
	    echo "== $$folder $$schedule, $$bits bits"; \
	    ./bin/pqs verify $${folder}model.tflite --targets all --inputs $${folder}inputs.bin --samples 2 \
	        --accumulator-bits $$bits --schedule $$schedule --timeout 3600 || exit 1; \
	done; done; done

demo: setup build ## Compress a float model, generate C for a Cortex-M4, run it under QEMU, compare every layer
	@./bin/pqs compress $(DEMO_MODEL) --calibration $(DEMO_DATA) \
	    --prune 2:4 --weight-bits 6 --accumulator-bits 16 --output out/demo/fashion.onnx
	@./bin/pqs generate out/demo/fashion.onnx --target cortex-m4 --output out/demo/generated
	@./bin/pqs profile out/demo/fashion.onnx --targets cortex-m4

bench: build ## Print executed instructions, flash and RAM: layers against CMSIS-NN's, whole models against TensorFlow Lite Micro's
	@dotnet test tests/Pqs.Tests.csproj -c $(CONFIGURATION) --nologo -v quiet --filter "FullyQualifiedName~LayerBench|FullyQualifiedName~ModelBench"
	@cat out/bench/layers.md out/bench/models.md
	@echo "== pqs generate, whole process"; time ./bin/pqs generate $(lastword $(MODELS)) --target cortex-m4 --output out/bench >/dev/null

calibrate: build ## Measure what kernels take on every chip and write targets/costs, which the choice of kernels follows
	@dotnet test tests/Pqs.Tests.csproj -c $(CONFIGURATION) --nologo -v quiet --filter FullyQualifiedName~CostCalibration && cat out/bench/calibration.md

experiments: build ## Measure what compression costs in accuracy and write docs/experiments.md; takes long (KEEP=--keep goes on with a run that ended)
	@command -v python3 >/dev/null && test -d $(FASHION_MNIST) || { $(SUDO) apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends python3 dataset-fashion-mnist >/dev/null; }
	@python3 experiments/run.py $(KEEP)

clean: ## Remove everything that was built
	@rm -rf bin out */bin */obj
