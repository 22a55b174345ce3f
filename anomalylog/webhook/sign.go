package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The headers of a delivery.
const (
	SignatureHeader = "Paddock-Signature" // t=<unix seconds>,v1=<hex>; t is that of the try
	DeliveryHeader  = "Paddock-Delivery"  // the delivery's id, the same in each try
)

// ErrSignature is what Verify finds wrong.
var ErrSignature = errors.New("the signature is not right")

// Verify tells a receiver whether a body was sent by somebody who knows the secret, within a tolerance of now (five minutes are
// usual). header is that named SignatureHeader, body what came, byte by byte.
func Verify(secret, header string, body []byte, now time.Time, tolerance time.Duration) error {
	var at, given string
	for part := range strings.SplitSeq(header, ",") {
		switch key, value, _ := strings.Cut(part, "="); key {
		case "t":
			at = value
		case "v1":
			given = value
		}
	}
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || given == "" {
		return fmt.Errorf("%w: no header of t=<seconds>,v1=<hex>", ErrSignature)
	}
	if !hmac.Equal([]byte(given), []byte(mac(secret, at, body))) {
		return ErrSignature
	}
	if age := now.Sub(time.Unix(seconds, 0)).Abs(); age > tolerance {
		return fmt.Errorf("%w: it is %v old", ErrSignature, age)
	}
	return nil
}

func sign(secret string, body []byte, now time.Time) string {
	at := strconv.FormatInt(now.Unix(), 10)
	return "t=" + at + ",v1=" + mac(secret, at, body)
}

// mac is the HMAC-SHA256 of "<at>.<body>", in hex.
func mac(secret, at string, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(at + "."))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}
