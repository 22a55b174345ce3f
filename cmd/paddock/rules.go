package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"paddock/patterns"
	"paddock/validate"
)

// loadRules makes the validator that the configuration asks for. The error tells everything that is wrong with the rules, or
// which policy there is not.
func loadRules(c Config) (*validate.Validator, error) {
	set, err := loadSet(c.Validate)
	if err != nil {
		return nil, err
	}
	return newValidator(set, c)
}

func newValidator(set *patterns.Set, c Config) (*validate.Validator, error) {
	return validate.New(set, validate.Options{Deadline: c.Validate.Deadline, MaxCode: int64(c.Limits.Code)})
}

// loadSet reads the rules, built in and the operator's. The policies that the configuration names have to be among theirs.
func loadSet(c ValidateConfig) (*patterns.Set, error) {
	set, err := patterns.Load(dirs(c.Rules)...)
	if err != nil {
		return nil, err
	}
	if err := knownPolicy(set, "validate.policy", c.Policy); err != nil {
		return nil, err
	}
	for _, tier := range slices.Sorted(maps.Keys(c.Tiers)) {
		if err := knownPolicy(set, "validate.tiers: "+tier, c.Tiers[tier]); err != nil {
			return nil, err
		}
	}
	return set, nil
}

func knownPolicy(set *patterns.Set, key, policy string) error {
	if _, ok := set.Policy(policy); !ok {
		return fmt.Errorf("%s: there is no policy %q; there are %s", key, policy, strings.Join(set.Policies(), ", "))
	}
	return nil
}
