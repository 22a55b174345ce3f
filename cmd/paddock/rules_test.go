package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rulesFile is a directory with one rule file.
func rulesFile(t *testing.T, text string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "our.yaml"), []byte(text), 0o600))
	return dir
}

func TestPoliciesAreThoseOfTheRules(t *testing.T) {
	c := defaults()
	_, err := loadRules(c)
	require.NoError(t, err)

	c.Validate.Policy = "lenient"
	_, err = loadRules(c)
	require.ErrorContains(t, err, `validate.policy: there is no policy "lenient"; there are `)

	c.Validate.Rules = rulesFile(t, "policies: {lenient: {process_exec: off}}")
	_, err = loadRules(c)
	require.NoError(t, err)

	c.Validate.Tiers = map[string]string{"FREE": "lenient", "PRO": "no-such"}
	_, err = loadRules(c)
	require.ErrorContains(t, err, `validate.tiers: PRO: there is no policy "no-such"`)
}

func TestATiersPolicyGoesOverTheGeneralOne(t *testing.T) {
	c := ValidateConfig{Policy: "standard", Tiers: map[string]string{"FREE": "strict"}}
	assert.Equal(t, "strict", c.policyOf("FREE"))
	assert.Equal(t, "standard", c.policyOf("PRO"))
	assert.Equal(t, "standard", c.policyOf(""))
}

func TestBadRulesAreAllNamed(t *testing.T) {
	c := defaults()
	c.Validate.Rules = rulesFile(t, "rules: [{id: Wrong, colour: red}]")
	_, err := loadRules(c)
	require.ErrorContains(t, err, filepath.Join(c.Validate.Rules, "our.yaml"))
	require.ErrorContains(t, err, "colour")

	c.Validate.Rules = "/no/such/directory"
	_, err = loadRules(c)
	require.ErrorContains(t, err, "/no/such/directory")
}
