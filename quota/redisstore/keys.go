package redisstore

import (
	"fmt"
	"hash/crc32"
	"net/url"
)

// shards are the parts that all keys are divided into. Keys of one shard share a hash tag and with it a slot of a cluster, so that
// a verb can write a subject's own keys and its shard's indexes at once; a cluster can spread them over up to as many servers. The
// tag is a number and not the subject, whose name clients may choose: one that begins with a brace would have no tag at all. Nodes
// that share a server must agree on the number.
const shards = 64

// key is the key of a part of what is kept under a name: paddock:{07}leases:user:ada. No part has a colon, so that every name has
// keys of its own.
func (s *Store) key(part, name string) string {
	return s.inShard(shard(name), part) + ":" + name
}

// inShard is the key of a part that a shard has one of.
func (s *Store) inShard(shard uint32, part string) string {
	return fmt.Sprintf("%s{%02x}%s", s.prefix, shard, part)
}

func shard(name string) uint32 { return crc32.ChecksumIEEE([]byte(name)) % shards }

// Parts. What a key holds is said where it is used, in lua.
const (
	events   = "events"
	signals  = "signals"
	block    = "block"
	leases   = "leases"
	starts   = "starts"
	hits     = "hits"
	once     = "once"
	suspects = "suspects"
	blocked  = "blocked"
)

// bucketPart is the part for one of a subject's buckets. A bucket that slides is another one.
func bucketPart(bucket string, slides bool) string {
	kind := "tokens."
	if slides {
		kind = "window."
	}
	return kind + url.QueryEscape(bucket)
}
