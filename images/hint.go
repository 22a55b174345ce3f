package images

import "strings"

// hints are what to do about failures that say what they are about, by a piece of their output.
var hints = []struct{ output, todo string }{
	{"Could not resolve", mirrorHint},
	{"Temporary failure resolving", mirrorHint},
	{"Unable to connect to", mirrorHint},
	{"Could not connect to", mirrorHint},
	{"Unable to fetch some archives", mirrorHint},
	{"Unable to locate package", "Is the package's name right? These are the packages: https://packages.debian.org/trixie/"},
	{"NO_PUBKEY", "The host does not know Debian 13's keys: apt-get install debian-archive-keyring"},
	{"is not signed", "The host does not know Debian 13's keys: apt-get install debian-archive-keyring"},
	{"No space left on device", "The disk is full, or Podman's storage is: podman system df"},
	{"newuidmap", "As an ordinary user this needs the package uidmap, and a line for the user in /etc/subuid and /etc/subgid"},
}

const mirrorHint = "The build needs http://deb.debian.org. Behind a proxy, set http_proxy for us and for the Podman service."

// hint is what to do about a failed build, empty if we do not know.
func hint(output []string) string {
	all := strings.Join(output, "\n")
	for _, h := range hints {
		if strings.Contains(all, h.output) {
			return h.todo
		}
	}
	return ""
}
