# SPDX-License-Identifier: MIT OR Apache-2.0
#
#   make            library and header          make check    every test
#   make demo       the demonstration           make bench    speed beside malloc
#   make install    PREFIX= DESTDIR= libdir=    make oracle   record transcripts from Linux (QEMU)
#   make header     regenerate include/kmem.h   make lint     formatting and lints
#   make fuzz       FUZZ_SECONDS= per mode, guided by coverage (clang)

CARGO ?= cargo
CC ?= cc
CXX ?= c++
PROVE ?= prove
INSTALL ?= install

PREFIX ?= /usr/local
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
SONAME := libkmem.so.0
multiarch := $(shell $(CC) -print-multiarch 2>/dev/null)
# Under /usr, Debian keeps libraries in a directory per architecture.
libdir ?= $(PREFIX)/$(if $(filter /usr,$(PREFIX)),lib/$(multiarch),lib)
includedir ?= $(PREFIX)/include

CFLAGS ?= -O2 -g
# Some tests misuse on purpose what the header teaches the compiler to see.
MISUSE := -Wno-use-after-free -Wno-mismatched-dealloc -Wno-free-nonheap-object -Wno-format -Wno-unknown-warning-option
TEST_CFLAGS := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror $(MISUSE) -Iinclude -pthread $(CFLAGS)
# What the archive needs besides itself (cargo rustc -- --print native-static-libs).
STATIC_LIBS := -lgcc_eh -lutil -lrt -lpthread -lm -ldl -lc

R := target/release
D := target/debug
OUT := target/check
RUST_SOURCES := $(shell find src build.rs Cargo.toml Cargo.lock -type f 2>/dev/null)
HEADERS := $(shell find include -name '*.h') $(wildcard c_tests/*.h c_tests/ports/*.h)

# One place for everything that is built, whatever the environment says.
export CARGO_TARGET_DIR := $(CURDIR)/target

.PHONY: all lib debug-lib check fuzz demo bench install oracle header lint rust-tests models race c-programs c-tests clean
all: lib

# --- library ---------------------------------------------------------------------------------------------------------

lib: $(R)/$(SONAME)
debug-lib: $(D)/$(SONAME)

$(R)/$(SONAME): $(RUST_SOURCES)
	$(CARGO) build --release
	ln -sf libkmem.so $@

$(D)/$(SONAME): $(RUST_SOURCES)
	$(CARGO) build
	ln -sf libkmem.so $@

header:
	KMEM_WRITE_HEADER=1 $(CARGO) test --test header

# --- tests -----------------------------------------------------------------------------------------------------------
# Each C test is built three times: against the shared library, against the archive, and against the debug build of
# the shared library, which checks the allocator's invariants as it goes.

BUILDS := shared static debug
LINK_shared = -L$(R) -lkmem -Wl,-rpath,$(abspath $(R))
LINK_static = $(R)/libkmem.a $(STATIC_LIBS)
LINK_debug = -L$(D) -lkmem -Wl,-rpath,$(abspath $(D))
LIBS := $(R)/$(SONAME) $(D)/$(SONAME)

TESTS := $(basename $(notdir $(wildcard c_tests/*.c)))
PORTS := $(basename $(notdir $(wildcard c_tests/ports/*.c)))
SCENARIOS := $(filter-out slabinfo_at_exit,$(basename $(notdir $(wildcard c_tests/linux/*.c))))
SCRIPTS := $(wildcard c_tests/*.sh c_tests/ports/*.sh)

# These wait for half a minute of real time, in one build.
WAITING := decay
TEST_PROGRAMS := $(WAITING:%=$(OUT)/shared/%) \
	$(foreach b,$(BUILDS),$(filter-out $(WAITING:%=$(OUT)/$b/%),$(TESTS:%=$(OUT)/$b/%)) $(PORTS:%=$(OUT)/$b/port-%))
SCENARIO_PROGRAMS := $(foreach b,$(BUILDS),$(SCENARIOS:%=$(OUT)/$b/linux/%))
FUZZERS := $(OUT)/shared/fuzz-run $(OUT)/debug/fuzz-run
COMPARISONS := $(BUILDS:%=$(OUT)/linux-%.t)

# Kernel code is compiled as the kernel does: without strict aliasing, its formats left to printk.
SCENARIO_CFLAGS := -std=gnu11 -Wall $(MISUSE) -fno-strict-aliasing -Iinclude $(CFLAGS)

# Compiled once, linked three times.
$(OUT)/objects/%.o: c_tests/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(TEST_CFLAGS) -c $< -o $@
$(OUT)/objects/linux/%.o: c_tests/linux/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(SCENARIO_CFLAGS) -c $< -o $@
.PRECIOUS: $(OUT)/objects/%.o $(OUT)/objects/linux/%.o

define BUILD_RULES
$(OUT)/$1/%: $(OUT)/objects/%.o $(LIBS)
	@mkdir -p $$(@D)
	@$(CC) $(CFLAGS) -pthread $$< -o $$@ $$(LINK_$1)
$(OUT)/$1/fuzz-run: $(wildcard c_tests/fuzz/*.[ch]) $(HEADERS) $(LIBS)
	@mkdir -p $$(@D)
	$(CC) $(TEST_CFLAGS) $$(filter c_tests/fuzz/%.c,$$^) -o $$@ $$(LINK_$1)
$(OUT)/$1/port-%: $(OUT)/objects/ports/%.o $(LIBS)
	@mkdir -p $$(@D)
	@$(CC) $(CFLAGS) -pthread $$< -o $$@ $$(LINK_$1)
$(OUT)/$1/linux/%: $(OUT)/objects/linux/%.o $(OUT)/objects/linux/slabinfo_at_exit.o $(LIBS)
	@mkdir -p $$(@D)
	@$(CC) $(CFLAGS) $$(filter %.o,$$^) -o $$@ $$(LINK_$1)
$(OUT)/linux-$1.t: c_tests/linux/compare
	@mkdir -p $$(@D)
	@printf '#!/bin/sh\nexec perl c_tests/linux/compare $(OUT)/$1/linux\n' >$$@ && chmod +x $$@
endef
$(foreach b,$(BUILDS),$(eval $(call BUILD_RULES,$b)))

check: lint rust-tests c-tests

lint:
	@if $(CARGO) fmt --version >/dev/null 2>&1; then $(CARGO) fmt --check && $(CARGO) fmt --check --manifest-path models/Cargo.toml; else echo "SKIP: rustfmt is not installed"; fi
	@if $(CARGO) clippy --version >/dev/null 2>&1; then $(CARGO) clippy --all-targets --quiet -- -D warnings; \
	else echo "SKIP: clippy is not installed"; fi

rust-tests: models
	$(CARGO) test

# Every interleaving of a few threads on a few sheaves. The first run fetches loom.
models:
	$(CARGO) test --quiet --manifest-path models/Cargo.toml

# The tests of threads under ThreadSanitizer, if both compilers have it. A few minutes.
race:
	CC="$(CC)" CARGO="$(CARGO)" c_tests/race/run

c-programs: $(TEST_PROGRAMS) $(FUZZERS) $(SCENARIO_PROGRAMS) $(COMPARISONS)

c-tests: $(LIBS)
	$(MAKE) -j2 c-programs
	CC="$(CC)" CXX="$(CXX)" KMEM_LIBS="$(LINK_shared)" $(PROVE) -j2 --timer --exec '' \
		$(COMPARISONS) $(SCRIPTS) $(TEST_PROGRAMS)

FUZZ_SECONDS ?= 600
fuzz:
	c_tests/fuzz/guided $(FUZZ_SECONDS)

# --- examples --------------------------------------------------------------------------------------------------------

$(OUT)/examples/%: examples/%.c $(HEADERS) $(R)/$(SONAME)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -Wall -Wextra -Iinclude $(CFLAGS) $< -o $@ $(LINK_shared)

demo: $(OUT)/examples/dentry_cache
	$(OUT)/examples/dentry_cache $(DEMO_PATH)

# QUICK=1 takes under two minutes. The first run fetches what it compares with (apt-get, cargo).
bench: $(R)/$(SONAME)
	@[ -d target/bench/vendor/crates ] || benches/setup
	benches/run

oracle:
	c_tests/linux/record

# --- installation ----------------------------------------------------------------------------------------------------
# The kernel's header names go to a directory of their own, so that they never hide the system's <linux/...>:
# programs that port kernel code ask pkg-config for kmem-port, others for kmem.

PORT_DIRS := linux linux/byteorder linux/sched asm uapi/linux

install: lib
	$(INSTALL) -d $(DESTDIR)$(libdir)/pkgconfig $(PORT_DIRS:%=$(DESTDIR)$(includedir)/kmem/port/%)
	$(INSTALL) -m 755 $(R)/libkmem.so $(DESTDIR)$(libdir)/libkmem.so.$(VERSION)
	ln -sf libkmem.so.$(VERSION) $(DESTDIR)$(libdir)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(libdir)/libkmem.so
	$(INSTALL) -m 644 $(R)/libkmem.a $(DESTDIR)$(libdir)/libkmem.a
	$(INSTALL) -m 644 include/kmem.h $(DESTDIR)$(includedir)/kmem.h
	$(INSTALL) -m 644 include/kmem/*.h $(DESTDIR)$(includedir)/kmem/
	for d in $(PORT_DIRS); do \
		$(INSTALL) -m 644 include/$$d/*.h $(DESTDIR)$(includedir)/kmem/port/$$d/ || exit 1; \
	done
	for pc in kmem kmem-port; do \
		sed -e 's|@prefix@|$(PREFIX)|; s|@libdir@|$(libdir)|; s|@includedir@|$(includedir)|' \
		    -e 's|@version@|$(VERSION)|; s|@static_libs@|$(STATIC_LIBS)|' packaging/$$pc.pc.in \
		    >$(DESTDIR)$(libdir)/pkgconfig/$$pc.pc || exit 1; \
	done

clean:
	$(CARGO) clean
