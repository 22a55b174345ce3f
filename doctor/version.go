package doctor

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/blang/semver/v4"
	debversion "github.com/knqyf263/go-deb-version"
)

// upstream finds the version that the component's authors gave, inside whatever a program or a package adds to it:
// "crun version 1.8.1", "1.1.5+ds1", "1.0.0~rc93+ds1", "4.9.4-rhel". Candidates keep their mark (they come before the
// release), a vendor's suffix goes.
var upstream = regexp.MustCompile(`(\d+(?:\.\d+){1,2})(?:[-~.]?(alpha|beta|rc|dev)[-.~]?(\d*))?`)

// versionIn is the first upstream version in a text, empty if there is none.
func versionIn(text string) string { return upstream.FindString(text) }

// parseVersion makes candidates comparable: rc9 comes before rc10, in either spelling.
func parseVersion(s string) (semver.Version, error) {
	m := upstream.FindStringSubmatch(s)
	if m == nil {
		return semver.Version{}, fmt.Errorf("no version in %q", s)
	}
	numbers := m[1]
	if strings.Count(numbers, ".") == 1 {
		numbers += ".0"
	}
	if m[2] != "" {
		numbers += "-" + m[2] + "." + orZero(strings.TrimLeft(m[3], "0"))
	}
	return semver.Parse(numbers)
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// before tells whether version is older than want; what cannot be read is not known to be old.
func before(version, want string) bool {
	v, err := parseVersion(version)
	w, err2 := parseVersion(want)
	return err == nil && err2 == nil && v.LT(w)
}

// debianAtLeast compares two versions of a Debian package: 1.1.5+ds1-1+deb12u1 is newer than 1.1.5+ds1-1.
func debianAtLeast(have, want string) bool {
	h, err := debversion.NewVersion(have)
	w, err2 := debversion.NewVersion(want)
	return err == nil && err2 == nil && !h.LessThan(w)
}
