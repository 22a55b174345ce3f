package images

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/sandbox/podman"
)

func TestBaseIsCurrentByItsFiles(t *testing.T) {
	source, want, err := readBase()
	require.NoError(t, err)
	for _, name := range []string{"Containerfile", "install-packages", "etc/hosts", "etc/hostname", "etc/resolv.conf"} {
		assert.Contains(t, source, name)
	}
	assert.True(t, baseCurrent(&podman.Image{Labels: map[string]string{LabelSource: want}}))
	assert.False(t, baseCurrent(&podman.Image{}))
	assert.False(t, baseCurrent(nil))
}

func TestRegistry(t *testing.T) {
	for ref, want := range map[string]string{
		debianImage:                     "registry-1.docker.io",
		"debian":                        "registry-1.docker.io",
		"quay.io/x/debian:trixie":       "quay.io",
		"registry.corp:5000/debian":     "registry.corp:5000",
		"docker.io/library/debian:slim": "registry-1.docker.io",
	} {
		assert.Equal(t, want, registry(ref), ref)
	}
}

func TestUnreachable(t *testing.T) {
	wrap := func(err error) error { return &url.Error{Op: "Get", URL: "https://r/v2/", Err: err} }
	dial := func(err error) error { return wrap(&net.OpError{Op: "dial", Net: "tcp", Err: err}) }
	require.EqualError(t, unreachable(dial(&net.DNSError{Name: "r", Err: "no such host"})), "no address of r")
	require.EqualError(t, unreachable(wrap(context.DeadlineExceeded)), "no answer within 3s")
	require.ErrorContains(t, unreachable(dial(errors.New("connection refused"))), "connection refused")
	require.NoError(t, unreachable(wrap(x509.UnknownAuthorityError{})), "it answered: Podman may know its certificate")
	require.NoError(t, unreachable(wrap(errors.New("malformed HTTP response"))))
}

func TestHint(t *testing.T) {
	for output, want := range map[string]string{
		"E: Could not resolve 'deb.debian.org'":  "deb.debian.org",
		"E: Unable to locate package nimm":       "packages.debian.org",
		"... NO_PUBKEY 6ED0E7B82643E131":         "debian-archive-keyring",
		"write /x: No space left on device":      "podman system df",
		"newuidmap: write to uid_map failed: no": "/etc/subuid",
	} {
		assert.Contains(t, hint([]string{"first", output}), want, output)
	}
	assert.Empty(t, hint([]string{"main.c:1: error"}))
}

func TestMissingBootstrapSaysWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := runBootstrap(t.Context(), nil, nil)
	require.ErrorContains(t, err, "apt-get install mmdebstrap")
}

func TestBuildErrorIsBrief(t *testing.T) {
	long := make([]byte, 2000)
	for i := range long {
		long[i] = 'x'
	}
	err := &BuildError{Name: "go", Err: errors.New("building at STEP \"RUN " + string(long) + "\":\n exit status 1\n"),
		Output: []string{"E: Unable to locate package nimm"}}
	assert.Less(t, len(err.Error()), 400)
	assert.Contains(t, err.Error(), "image go: building at STEP \"RUN xxx")
	assert.Contains(t, err.Error(), "x\": exit status 1\n  Is the package's name right?")
}
