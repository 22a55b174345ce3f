package store

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
)

// asTheAPI is what the API takes for a user id.
var asTheAPI = regexp.MustCompile(`^[A-Za-z0-9._:@-]{1,128}$`)

// Whatever a user id is, it is refused by every call or it is one user's and nobody else's.
func FuzzUserID(f *testing.F) {
	for _, id := range []string{"", "u", "a.b:c@d-e_f", "U", "u\n", "\x00", "u'; DROP TABLE profiles; --", "ü", "\xff", "%", "?1"} {
		f.Add(id)
	}
	f.Add(string(make([]byte, 129)))
	f.Add("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")
	s := mustOpen(f, tempPath(f))
	f.Fuzz(func(t *testing.T, id string) {
		p := full()
		_, _, err := setProfile(t.Context(), s, id, p)
		if !asTheAPI.MatchString(id) {
			refused := []error{err}
			_, _, err = s.Profile(t.Context(), id)
			refused = append(refused, err)
			_, _, err = block(t.Context(), s, id, "")
			refused = append(refused, err)
			_, _, err = unblock(t.Context(), s, id)
			refused = append(refused, err)
			_, _, err = s.DeleteProfile(t.Context(), id)
			refused = append(refused, err)
			if id != "" { // where a list begins
				_, _, err = s.Profiles(t.Context(), id, 1)
				refused = append(refused, err)
			}
			for _, err := range refused {
				require.ErrorIs(t, err, ErrUserID)
				assert.Less(t, len(err.Error()), 1200)
			}
			return
		}
		require.NoError(t, err)
		assert.Equal(t, p, get(t, s, id))
		page, next, err := s.Profiles(t.Context(), "", 1)
		require.NoError(t, err)
		assert.Equal(t, []quota.UserProfile{{UserID: id, Profile: p}}, page)
		assert.Empty(t, next)
		before, existed, err := s.DeleteProfile(t.Context(), id)
		require.NoError(t, err)
		assert.True(t, existed)
		assert.Equal(t, p, before)
	})
}
