//go:build !race

package quota_test

// tried is how many addresses are tried (issue 5).
const tried = 10_000_000
