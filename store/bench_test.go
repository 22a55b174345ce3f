package store

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// filled is a file with profiles of so many users.
func filled(b *testing.B, users int) (path string) {
	b.Helper()
	path = tempPath(b)
	s := mustOpen(b, path)
	tx, err := s.write.BeginTx(b.Context(), nil)
	require.NoError(b, err)
	p := full()
	for i := range users {
		require.NoError(b, put(b.Context(), tx, fmt.Sprintf("user-%d", i), &p))
	}
	require.NoError(b, tx.Commit())
	require.NoError(b, s.Close())
	return path
}

const benchUsers = 100_000

func BenchmarkProfile(b *testing.B) {
	path := filled(b, benchUsers)
	s := mustOpen(b, path)
	read := func(b *testing.B, userID string) {
		b.Helper()
		if _, _, err := s.Profile(b.Context(), userID); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("remembered", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			read(b, "user-7")
		}
	})
	b.Run("remembered-none", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			read(b, "nobody")
		}
	})
	b.Run("from-the-file", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			id := fmt.Sprintf("user-%d", i%benchUsers)
			delete(s.cache.entries, id)
			read(b, id)
		}
	})
	b.Run("from-the-file-parallel", func(b *testing.B) {
		var n atomic.Int64
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				read(b, fmt.Sprintf("user-%d", n.Add(1)%benchUsers))
			}
		})
	})
}

func BenchmarkSetProfile(b *testing.B) {
	s := mustOpen(b, filled(b, benchUsers))
	for i := 0; b.Loop(); i++ {
		if _, _, err := setProfile(b.Context(), s, fmt.Sprintf("user-%d", i%benchUsers), full()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	path := filled(b, benchUsers)
	for b.Loop() {
		s, err := Open(b.Context(), path)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
