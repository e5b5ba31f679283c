# `make help` lists the targets. The scripts do the work; this file names it.

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DESTDIR ?=
# `make install INSTALL_FLAGS=` keeps the symbols.
INSTALL_FLAGS ?= -s

VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
LIBRARY := $(TARGET_DIR)/release/libparsec.so
SONAME := libparsec.so.0
# Debian's libmbedtls-dev owns include/psa, so ours stand one level deeper and pkg-config gives the -I.
HEADERS := $(DESTDIR)$(INCLUDEDIR)/parsec
PKGCONFIG := $(DESTDIR)$(LIBDIR)/pkgconfig

.PHONY: build deps demo check bench check-long torture fuzz headers install uninstall help

build: ## build the release library (the default)
	cargo build --release --locked

deps: ## install the missing Debian packages, or print the line that does
	@scripts/deps.sh

demo: deps build ## run one program with its key in software, in SoftHSM and in a TPM
	@scripts/demo.sh

check: deps ## run every test, with the time of each stage
	@scripts/check.sh

bench: deps ## compare the speed with what one could pick instead; table, and JSON and chart in target/bench
	@scripts/bench.sh

check-long: deps ## run the C tests under valgrind and sanitizers, and with longer loops
	@scripts/check_long.sh

torture: deps ## try for hours to make the key store lose or mix up keys; prints what was tried
	@scripts/torture.sh

fuzz: deps ## try random inputs, FUZZ_SECONDS=60 for each kind (needs cargo-fuzz)
	@scripts/fuzz.sh

headers: ## regenerate the committed headers from the Rust code
	UPDATE_HEADERS=1 cargo test --locked --test headers -- bindings:: values:: support_table::
	cargo test --locked --test headers

# Installing never builds: `make && sudo make install` needs no cargo for root.
install: ## install below $(DESTDIR)$(PREFIX)
	@test -f $(LIBRARY) || { echo "run 'make' first: $(LIBRARY) is missing" >&2; exit 1; }
	install -d $(HEADERS)/psa $(PKGCONFIG)
	install -m 755 $(INSTALL_FLAGS) $(LIBRARY) $(DESTDIR)$(LIBDIR)/libparsec.so.$(VERSION)
	ln -sf libparsec.so.$(VERSION) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libparsec.so
	install -m 644 include/parsec.h $(HEADERS)/
	install -m 644 include/psa/*.h $(HEADERS)/psa/
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
	    -e 's|@VERSION@|$(VERSION)|' pkgconfig/libparsec.pc.in > $(PKGCONFIG)/libparsec.pc
	chmod 644 $(PKGCONFIG)/libparsec.pc
	@test -n "$(DESTDIR)" || echo "installed; 'ldconfig' lets the loader find it in a system directory"

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(LIBDIR)/libparsec.so.$(VERSION) $(DESTDIR)$(LIBDIR)/$(SONAME) $(DESTDIR)$(LIBDIR)/libparsec.so
	rm -f $(PKGCONFIG)/libparsec.pc $(HEADERS)/parsec.h $(patsubst include/%,$(HEADERS)/%,$(wildcard include/psa/*.h))
	-rmdir $(HEADERS)/psa $(HEADERS)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14
