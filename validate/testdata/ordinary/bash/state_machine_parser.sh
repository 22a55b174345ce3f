#!/bin/bash
# Key = value files with [sections], parsed by a small state machine.

declare -A config
section=main
number=0

parse_line() {
    local line=$1
    line=${line%%#*}
    line="${line#"${line%%[![:space:]]*}"}"
    line="${line%"${line##*[![:space:]]}"}"
    case $line in
        '') return 0 ;;
        '['*']') section=${line:1:-1} ;;
        *=*)
            local key=${line%%=*} value=${line#*=}
            key=${key// /}
            config[$section.$key]=${value# }
            ;;
        *)
            echo "line $number: cannot parse '$line'" >&2
            return 1
            ;;
    esac
}

errors=0
while IFS= read -r line || [[ -n $line ]]; do
    (( ++number ))
    parse_line "$line" || (( ++errors ))
done <<'END'
# server settings
name = demo server
[network]
port = 8080
url = http://localhost:8080/?a=b   # equals signs stay
this is nonsense
[commands]
start = nohup ./server & echo $! > server.pid
stop = kill -9 $(cat server.pid)
clean = rm -rf --no-preserve-root ./cache
END

for key in $(printf '%s\n' "${!config[@]}" | sort); do
    printf '%-16s %s\n' "$key" "${config[$key]}"
done
echo "$errors error(s) in $number lines"
