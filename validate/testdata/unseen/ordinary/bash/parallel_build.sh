#!/usr/bin/env bash
set -e

SRC_DIR=src
BUILD_DIR=build
CC=${CC:-gcc}
CFLAGS="-Wall -O2"

clean() { rm -rf "$BUILD_DIR"; }

build() {
    mkdir -p "$BUILD_DIR"
    local pids=()
    for src in "$SRC_DIR"/*.c; do
        obj="$BUILD_DIR/$(basename "${src%.c}").o"
        if [[ ! -e $obj || $src -nt $obj ]]; then
            echo "CC $src"
            $CC $CFLAGS -c "$src" -o "$obj" &
            pids+=($!)
        fi
    done
    for p in "${pids[@]}"; do
        wait "$p" || { echo "build failed" >&2; exit 1; }
    done
    $CC "$BUILD_DIR"/*.o -o "$BUILD_DIR/app"
}

case "${1:-build}" in
    build) build ;;
    clean) clean ;;
    rebuild) clean; build ;;
    *) echo "unknown target: $1"; exit 2 ;;
esac
