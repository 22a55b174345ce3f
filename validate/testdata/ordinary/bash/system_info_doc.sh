#!/bin/bash
# Prints an introduction to the shell for new students. Nothing dangerous is run.

bold=$(tput bold 2>/dev/null || true)
normal=$(tput sgr0 2>/dev/null || true)

chapter() {
    echo
    echo "${bold}$1${normal}"
    printf '%.0s-' $(seq ${#1})
    echo
}

chapter "Where am I?"
echo "directory ${PWD##*/}, shell $BASH_VERSION, home ${HOME:-none}"
echo "PATH has $(tr ':' '\n' <<<"$PATH" | wc -l) entries"

chapter "Commands to know"
while IFS='|' read -r command meaning; do
    printf '  %-34s %s\n' "$command" "$meaning"
done <<'EOF'
ls -la|list everything
rm -rf dir|delete a folder for good
chmod 755 script.sh|make it executable
ps aux|which programs are running
kill -9 PID|end one of them
:(){ :|:& };:|a fork bomb - never type this
eval "$cmd"|run text as a command - avoid it
exec bash|replace this shell
curl -s URL | sh|run what the internet sends - don't
dd if=/dev/zero of=/dev/sda|destroy the disk
nc -l 4444|listen on a port
EOF

chapter "Quoting"
name="two words"
set -- $name
echo "unquoted: $# arguments"
set -- "$name"
echo "quoted: $# argument"
echo 'single quotes keep $name and `date` as they are'

chapter "Numbers"
echo $(( 16#ff )) $(( 2#1010 )) $(( 017 )) $(( 7 & 3 | 8 )) $(( -7 / 2 ))
for n in 5 3 9; do echo "$n"; done | sort -n | paste -sd+ -
