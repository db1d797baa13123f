# Two environments, never mixed: the virtual environment in .venv computes; the system's Python with QGIS runs the plugin.
# A second run starts at once: finished steps leave a stamp in .venv or in build.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory --no-builtin-rules
.DEFAULT_GOAL := help

PYTHON ?= python3
QGIS_PYTHON ?= /usr/bin/python3
TORCH_INDEX ?=
BUILD ?= cpu
LRELEASE ?= /usr/lib/qt5/bin/lrelease
SUITES ?= trixie sid
CONFIG ?= training/configs/small.toml
OUT ?= runs/$(basename $(notdir $(CONFIG)))

VENV := .venv
LOCK := resources/requirements
CPU_INDEX := https://download.pytorch.org/whl/cpu
PLUGINS := build/plugins
QGIS_PACKAGES := qgis python3-qgis
QGIS_TEST_PACKAGES := python3-pytest python3-pytestqt
I18N_PACKAGES := qttools5-dev-tools
DISPLAY_PACKAGES := xvfb

# Without the system's packages, whatever the shell that calls make has set: Debian's attrs breaks rasterio.
RUN := env -u PYTHONPATH -u PYTHONHOME $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check
# What the plugin and qgis_process need to find this checkout, its worker and no display.
QGIS_ENVIRONMENT := QT_QPA_PLATFORM=offscreen QGIS_PLUGINPATH="$(CURDIR)/$(PLUGINS)" SITSR_PYTHON="$(CURDIR)/$(VENV)/bin/python"
# Tests run on one thread: their arrays are small, and thread pools of several processes would fight for the cores.
TEST_ENVIRONMENT := OMP_NUM_THREADS=1

.NOTPARALLEL:
.PHONY: help setup demo test lint test-core test-plugin test-end-to-end test-qgis-matrix package lock i18n screenshots benchmark evaluate train clean

help:
	@printf '%s\n' \
	  'make setup       the environments: .venv with pinned packages, and QGIS (by apt-get when root on Debian)' \
	  'make demo        a simulated cloudy series through real QGIS: figures, GeoTIFFs and a picture in demo_output' \
	  'make test        linting, types, and all tests, those in real QGIS too' \
	  'make package     build/package/sitsr.zip for "Install from ZIP" in QGIS, checked as plugins.qgis.org does' \
	  'make test-qgis-matrix   the tests of the plugin in newer QGIS, in systems of their own (root on Debian; SUITES="trixie sid")' \
	  'make lock        the hashes of the pinned packages, into resources/requirements' \
	  'make i18n        collects the texts of the interface into resources/i18n and compiles the translations' \
	  'make screenshots the pictures of docs/, from the real program; ARGUMENTS="--only NAME" makes some' \
	  'make benchmark   throughput and memory, half an hour on two cores; ARGUMENTS=--quick for a minute' \
	  'make evaluate    quality of the bundled models on held-out sites (needs training data, see README)' \
	  'make train       train CONFIG=$(CONFIG) into OUT=$(OUT)' \
	  'make clean       remove what tests, demo and build left (not .venv, not runs)' \
	  '' \
	  'PYTHON=python3.12           the Python to make .venv with (3.11 or later)' \
	  'QGIS_PYTHON=/path/python3   the Python that has QGIS' \
	  'BUILD=cuda                  PyTorch for NVIDIA GPUs in .venv, some GB larger' \
	  'TORCH_INDEX=URL             a mirror of $(CPU_INDEX)'

# $(call need,CHECK,PACKAGES,WHAT IS MISSING): when CHECK fails, install Debian packages if that is possible, and check again.
, := ,
define need
check() { $(1); } >/dev/null 2>&1; \
if ! check && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
  echo '== system packages: $(2)'; \
  { apt-get -q -y update && DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $(2); } >build/apt.log 2>&1 \
    || { tail -n 20 build/apt.log >&2; exit 1; }; \
fi; \
check || { echo '$(3). Install it (on Debian as root: apt-get install $(2)), or name another with PYTHON= or QGIS_PYTHON=.' >&2; exit 1; }
endef

# --- environments -------------------------------------------------------------------------------------------------------------------

setup: $(VENV)/.core $(VENV)/.dev build/.qgis build/.qgis-tests $(PLUGINS)/sitsr

$(VENV)/bin/python:
	@echo '== virtual environment'
	@mkdir -p build
	@$(call need,$(PYTHON) -c 'import venv$(,) ensurepip',python3-venv,$(PYTHON) cannot make virtual environments)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: name one with PYTHON=.")'
	@env -u PYTHONPATH -u PYTHONHOME $(PYTHON) -m venv $(VENV)

# PyTorch for processors is on an index of its own for Linux, which is asked where the usual ones do not have it.
$(VENV)/.core: $(wildcard $(LOCK)/*.txt) pyproject.toml | $(VENV)/bin/python
	@echo '== packages of the worker (PyTorch is large: this can take minutes)'
	@if [ '$(BUILD)' = cuda ]; then \
	  $(PIP) install -q -r $(LOCK)/packages.txt && $(PIP) install -q -r $(LOCK)/torch-cuda.txt; \
	elif [ -n '$(TORCH_INDEX)' ]; then \
	  $(PIP) install -q --extra-index-url '$(TORCH_INDEX)' -r $(LOCK)/core.txt; \
	else \
	  $(PIP) install -q -r $(LOCK)/core.txt 2>build/pip.log || $(PIP) install -q --extra-index-url $(CPU_INDEX) -r $(LOCK)/core.txt; \
	fi
	@$(PIP) install -q --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: tests/requirements.txt | $(VENV)/.core
	@echo '== packages of tests and training'
	@$(PIP) install -q -r tests/requirements.txt
	@touch $@

build/.qgis:
	@mkdir -p build
	@$(call need,command -v qgis_process.bin qgis_process && $(QGIS_PYTHON) -c 'import qgis.core',$(QGIS_PACKAGES),QGIS 3.22 or later with its Python is missing)
	@touch $@

build/.qgis-tests: build/.qgis
	@$(call need,$(QGIS_PYTHON) -c 'import pytest$(,) pytestqt',$(QGIS_TEST_PACKAGES),pytest and pytest-qt for $(QGIS_PYTHON) are missing)
	@touch $@

# QGIS names a plugin by its folder, and a checkout may be called anything.
$(PLUGINS)/sitsr:
	@mkdir -p $(PLUGINS)
	@ln -sfn ../.. $@

# --- the two commands ---------------------------------------------------------------------------------------------------------------

demo: $(VENV)/.core build/.qgis $(PLUGINS)/sitsr
	@$(QGIS_ENVIRONMENT) $(RUN) -m sitsr_core.demo --profile build/profile --output demo_output

# All four run even when one fails, and make fails when any did.
test: setup
	@$(MAKE) --keep-going lint test-core test-plugin test-end-to-end

lint: $(VENV)/.dev
	@echo '== ruff, mypy, and whether the plugin runs on the Python of the oldest QGIS'
	@$(RUN) -m ruff check -q .
	@$(RUN) -m ruff format -q --check .
	@$(RUN) -m mypy
	@$(VENV)/bin/vermin --quiet --no-tips --violations -t=3.9- sitsr_plugin __init__.py

test-core: $(VENV)/.dev
	@echo '== tests of sitsr_core'
	@$(TEST_ENVIRONMENT) $(RUN) -m pytest -q tests/core

test-plugin: $(VENV)/.dev build/.qgis-tests $(PLUGINS)/sitsr
	@echo '== tests of the plugin in QGIS'
	@$(TEST_ENVIRONMENT) $(QGIS_ENVIRONMENT) $(QGIS_PYTHON) -m pytest -q -p no:cacheprovider tests/plugin

test-end-to-end: $(VENV)/.dev build/.qgis-tests $(PLUGINS)/sitsr
	@echo '== tests through qgis_process'
	@$(TEST_ENVIRONMENT) $(QGIS_ENVIRONMENT) $(QGIS_PYTHON) -m pytest -q -p no:cacheprovider tests/end_to_end

# --- release ------------------------------------------------------------------------------------------------------------------------

# The compiler of translations is where Debian has it; elsewhere name it: LRELEASE=/path/lrelease.
i18n: $(VENV)/bin/python
	@mkdir -p build
	@$(call need,command -v $(LRELEASE),$(I18N_PACKAGES),lrelease (of Qt) is missing)
	@$(RUN) tests/release/translations.py --lrelease "$(LRELEASE)"

# The hashes in the lock files, from the package indexes; the versions are those that the files pin.
lock: $(VENV)/bin/python
	@$(RUN) tests/release/lock.py

# The plugin's tests in the QGIS of Debian 13 (3.40) and of Debian's unstable (3.44 or later): as root on Debian, some GB in build/matrix.
test-qgis-matrix: $(VENV)/.core $(PLUGINS)/sitsr
	@$(call need,command -v debootstrap,debootstrap,debootstrap is missing)
	@$(RUN) tests/release/qgis_matrix.py $(SUITES) $(if $(ARGUMENTS),-- $(ARGUMENTS))

package: $(VENV)/.dev i18n
	@$(RUN) tests/release/package.py build/package/sitsr.zip

# QGIS itself on a virtual display: it needs a clipboard, which Qt's offscreen platform has not.
screenshots: $(VENV)/.dev build/.qgis i18n
	@$(call need,command -v Xvfb,$(DISPLAY_PACKAGES),Xvfb is missing)
	@$(RUN) tests/release/screenshots.py $(ARGUMENTS)
	@$(if $(ARGUMENTS),,$(RUN) tests/release/real_or_invented.py)

# --- figures and training -----------------------------------------------------------------------------------------------------------

benchmark: $(VENV)/.core
	@$(RUN) tests/benchmarks/throughput.py $(ARGUMENTS)

evaluate: $(VENV)/.dev
	@$(RUN) training/evaluate.py $(ARGUMENTS)

train: $(VENV)/.dev
	@$(RUN) training/train.py $(CONFIG) --out $(OUT) $(ARGUMENTS)

clean:
	@rm -rf build demo_output .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find sitsr_core sitsr_plugin training tests -name __pycache__ -type d -prune -exec rm -rf {} +
