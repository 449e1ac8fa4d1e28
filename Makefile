# For those who type make: everything is done by Meson, through the scripts.
.PHONY: all install test
all:
	script/setup run
	script/build build
install: all
	meson install -C build --no-rebuild
test:
	script/test
