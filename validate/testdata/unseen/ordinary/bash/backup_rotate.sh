#!/bin/bash
#
# Makes a dated archive of a directory and keeps the last five.
#
SRC="$1"
DEST="${2:-$HOME/backups}"
KEEP=5

die() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

[ -n "$SRC" ] || die "usage: $0 SOURCE [DEST]"
[ -d "$SRC" ] || die "$SRC is not a directory"
mkdir -p "$DEST" || die "cannot create $DEST"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

name="backup-$(date +%Y%m%d-%H%M%S).tar.gz"
tar -czf "$tmp/$name" -C "$(dirname "$SRC")" "$(basename "$SRC")" || die "tar failed"
mv "$tmp/$name" "$DEST/"
echo "wrote $DEST/$name ($(du -h "$DEST/$name" | cut -f1))"

ls -1t "$DEST"/backup-*.tar.gz | tail -n +$((KEEP + 1)) | while read -r old; do
  echo "removing $old"
  rm -f "$old"
done
