package redisstore

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"paddock/quota"
)

// BenchmarkRedis is a decision beside the least that a round trip can be, call by call. What counts is times-ping, and that every
// decision is one round trip (TestAVerbIsOneRoundTrip counts them).
func BenchmarkRedis(b *testing.B) {
	s := open(b, patient(shared(b)), clock)
	b.Cleanup(func() { forget(b, s) })
	ctx := context.Background()
	pro := quota.Rate{PerMinute: 120, Burst: 10}
	watch := []quota.Window{{Length: 10 * time.Second, Most: 50}, {Length: time.Minute, Most: 100}} // issue 5
	for _, bench := range []struct {
		name string
		call func(i int) error
	}{
		{"spend", func(i int) error {
			_, err := s.Spend(ctx, "user:"+strconv.Itoa(i%1000), quota.Spending{Bucket: "run", Rate: pro, Cost: 1})
			return err
		}},
		{"spend and watch", func(i int) error {
			_, err := s.Spend(ctx, "addr:"+strconv.Itoa(i%10), quota.Spending{Bucket: "address", Rate: pro, Cost: 1, Watch: watch})
			return err
		}},
		{"reserve", func(i int) error {
			_, err := s.Reserve(ctx, "user:"+strconv.Itoa(i%1000), quota.Reservation{Lease: strconv.Itoa(i), TTL: time.Minute, Most: 50,
				Starts: quota.Window{Length: time.Hour, Most: 200}})
			return err
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			require.NoError(b, bench.call(0)) // the server knows the script
			var ping, call time.Duration
			for i := 0; b.Loop(); i++ {
				began := time.Now()
				if err := s.client.Ping(ctx).Err(); err != nil {
					b.Fatal(err)
				}
				between := time.Now()
				if err := bench.call(i); err != nil {
					b.Fatal(err)
				}
				ping, call = ping+between.Sub(began), call+time.Since(between)
			}
			b.ReportMetric(float64(call.Microseconds())/float64(b.N), "us/decision")
			b.ReportMetric(float64(call)/float64(ping), "times-ping")
			b.ReportMetric(0, "ns/op") // of both
		})
	}
}
