package main

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"math/bits"
	"net/url"
)

func sign(key, message string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

func hamming(a, b []byte) (n int) {
	for i := range a {
		n += bits.OnesCount8(a[i] ^ b[i])
	}
	return n
}

func xor(data []byte, key string) []byte {
	out := make([]byte, len(data))
	for i, b := range data {
		out[i] = b ^ key[i%len(key)]
	}
	return out
}

func main() {
	fmt.Printf("%x\n", md5.Sum([]byte("hello")))
	fmt.Println(sign("secret", "pay 100")[:16])
	encoded := base64.StdEncoding.EncodeToString([]byte("any carnal pleasure"))
	decoded, err := base64.StdEncoding.DecodeString(encoded)
	fmt.Println(encoded, string(decoded), err)
	fmt.Println(crc32.ChecksumIEEE([]byte("123456789")) == 0xCBF43926)
	buf := make([]byte, 8)
	binary.BigEndian.PutUint32(buf, 0xDEADBEEF)
	binary.LittleEndian.PutUint16(buf[4:], 0x1234)
	fmt.Println(hex.Dump(buf))
	fmt.Println(hamming([]byte("this is a test"), []byte("wokka wokka!!!")))
	fmt.Println(string(xor(xor([]byte("round trip"), "key"), "key")))
	u, err := url.Parse("https://user:pass@example.com:8080/a/b?x=1&y=2#top")
	if err != nil {
		panic(err)
	}
	fmt.Println(u.Hostname(), u.Port(), u.Query().Get("y"), u.Fragment)
}
