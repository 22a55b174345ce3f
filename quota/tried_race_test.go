//go:build race

package quota_test

// tried is less under the race detector, which finds what it finds with fewer.
const tried = 500_000
