package patterns_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/patterns"
	"paddock/validate"
)

// Every rule's examples, through all that a program goes through. The error names each that does not hold.
func TestExamples(t *testing.T) {
	set, err := patterns.Load()
	require.NoError(t, err)
	_, err = validate.New(set, validate.Options{})
	assert.NoError(t, err)
}
