package api

import (
	"bytes"
	"fmt"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-json-experiment/json/jsontext"
)

// How much JSON a body may be made of, whatever its size. A decoded value costs a hundred times what it takes to write one,
// and a mistake more. The largest request that the schema allows has 2200 values and names, five deep.
const (
	maxValues = 5000
	maxNested = 32
)

// countValues refuses a body of too many values, or nested too deeply, before anything is made of it. It keeps nothing but the
// decoder's place. Text that is not proper JSON passes up to where it breaks: who decodes it says why.
func countValues(data []byte) error {
	dec := jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for n := 0; ; {
		kind := dec.PeekKind()
		if kind != jsontext.KindEndObject && kind != jsontext.KindEndArray {
			n++
		}
		if _, err := dec.ReadToken(); err != nil {
			return nil //nolint:nilerr // malformed tells it better
		}
		switch depth := dec.StackDepth(); {
		case depth == 0:
			return nil
		case depth > maxNested:
			return newProblem(codeInvalidJSON, fmt.Sprintf("the depth of nesting is over %d", maxNested))
		case n > maxValues:
			return tooManyValues(location(topField(dec.StackPointer())))
		}
	}
}

// topField is the part of a pointer that names a field of the request.
func topField(p jsontext.Pointer) jsontext.Pointer {
	for token := range p.Tokens() {
		return jsontext.Pointer("").AppendToken(token)
	}
	return ""
}

func tooManyValues(at string) error {
	code := codeInvalidRequest
	if at == dependenciesField {
		code = codeManyDeps
	}
	message := fmt.Sprintf("has too much in it: a body may have %d values and names of fields", maxValues)
	return invalid(code, FieldError{Location: at, Message: message})
}

// places bounds how many requests are served at one time. Nobody waits for a place.
type places chan struct{}

// in makes a layer that refuses requests there is no place for, before their bodies are read. A request keeps its place until
// its answer is written: a run that is waited for and an event stream have one all along.
func (s *site) in(p places) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		select {
		case p <- struct{}{}:
		default:
			r, w := humachi.Unwrap(ctx)
			detail := fmt.Sprintf("%d requests like this are being served, which is all there may be", cap(p))
			s.refuse(w, r, newProblem(codeOverloaded, detail))
			return
		}
		defer func() { <-p }()
		next(ctx)
	}
}
