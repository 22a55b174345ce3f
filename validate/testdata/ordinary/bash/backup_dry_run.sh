#!/bin/bash
#
# Shows what a backup would do. Nothing is copied: the commands are printed.
#
set -o nounset -o pipefail
shopt -s nullglob extglob

readonly VERSION=1.2
verbose=0
target=/mnt/backup

die() {
    echo "${0##*/}: $*" >&2
    exit 1
}

log() {
    (( verbose )) && printf '%(%H:%M:%S)T %s\n' -1 "$*"
    return 0
}

usage() {
    cat <<EOF
backup ${VERSION}
  -t DIR   where to put the copies (default: $target)
  -v       say more
The real script would run:  rsync -a --delete SRC/ DIR/ && find DIR -mtime +30 -exec rm {} \\;
EOF
}

while (( $# )); do
    case $1 in
        -v|--verbose) verbose=1 ;;
        -t|--target) target=${2:-}; [[ $target ]] || die "-t needs a directory"; shift ;;
        -h|--help) usage; exit 0 ;;
        --) shift; break ;;
        -*) die "unknown option $1" ;;
        *) break ;;
    esac
    shift
done

sources=("${@:-./documents}")
for dir in "${sources[@]}"; do
    name=${dir%%+(/)}
    name=${name##*/}
    stamp=$(date +%Y-%m-%d)
    log "planning $dir"
    echo "would run: tar czf $target/$name-$stamp.tar.gz -C $(dirname "$dir") $name"
    echo "would run: sudo chown root:root $target/$name-$stamp.tar.gz"
done
echo "${#sources[@]} folder(s), host ${HOSTNAME:-unknown}, user ${USER:-nobody}"
