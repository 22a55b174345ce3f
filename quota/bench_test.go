package quota_test

import (
	"fmt"
	"net/netip"
	"sync/atomic"
	"testing"

	"paddock/quota"
)

// users is how many there are (issue 5).
const users = 100_000

// BenchmarkAdmission is a whole admission: may it be looked at, may it run, and the lease given back. 5 us are allowed for it (design,
// 10); the store's part is beside it, and both with as many callers as there are processors.
func BenchmarkAdmission(b *testing.B) {
	m := quota.NewMemory(quota.MemoryOptions{})
	tiers := quota.DefaultTiers()
	most := int64(100_000)
	terms := tiers.Terms(quota.Profile{Tier: quota.Enterprise, RequestsPerMinute: &most})
	q, err := quota.New(quota.Options{Store: m})
	if err != nil {
		b.Fatal(err)
	}
	subjects := make([]quota.Subject, users)
	for i := range subjects {
		subjects[i] = quota.User(fmt.Sprintf("user-%06d", i))
		q.Rate(b.Context(), quota.Request{Subject: subjects[i], Terms: terms, Category: quota.Run})
	}
	admit := func(b *testing.B, i int) {
		b.Helper()
		r := quota.Request{Subject: subjects[i*7919%users], Terms: terms, Category: quota.Run}
		if d := q.Rate(b.Context(), r); !d.Allowed && d.Code != quota.CodeRate {
			b.Fatal(d)
		}
		d, lease := q.Admit(b.Context(), r)
		if !d.Allowed {
			b.Fatal(d)
		}
		lease.Release(b.Context())
	}
	b.Run("one", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			admit(b, i)
		}
	})
	b.Run("parallel", func(b *testing.B) {
		var n atomic.Int64
		b.RunParallel(func(pb *testing.PB) {
			for i := int(n.Add(1)) * 1009; pb.Next(); i++ {
				admit(b, i)
			}
		})
	})
	spending := quota.Spending{Bucket: "run", Rate: quota.Rate{PerMinute: most, Burst: 10}, Cost: 1}
	b.Run("store/spend", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, err := m.Spend(b.Context(), string(subjects[i*7919%users]), spending); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("store/spend, parallel", func(b *testing.B) {
		var n atomic.Int64
		b.RunParallel(func(pb *testing.PB) {
			for i := int(n.Add(1)) * 1009; pb.Next(); i++ {
				if _, err := m.Spend(b.Context(), string(subjects[i*7919%users]), spending); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

// BenchmarkGate is a request from an address that was never seen, in a store that is full.
func BenchmarkGate(b *testing.B) {
	m := quota.NewMemory(quota.MemoryOptions{Subjects: users})
	q, err := quota.New(quota.Options{Store: m})
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		q.Gate(b.Context(), netip.AddrFrom4([4]byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}))
	}
}
