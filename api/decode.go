package api

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	json "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// payload is a JSON body of type T. It is decoded strictly: a name that is there twice, text that is not UTF-8 and unknown
// fields are refused, and so is what T's schema does not allow. Every mistake is told by its place.
type payload[T any] struct {
	value T
	err   error
}

// Schema is T's schema: for the OpenAPI document, and for decode.
func (payload[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}

func (p *payload[T]) get() (*T, error) { return &p.value, p.err }

// decode fills p. What is wrong is kept for get, because huma would make a string of it.
func (p *payload[T]) decode(r huma.Registry, data []byte) {
	p.err = strict(r, p.Schema(r), data, &p.value)
}

// unmarshal is the decoder that huma gets.
func unmarshal(r huma.Registry) func([]byte, any) error {
	return func(data []byte, v any) error {
		p, ok := v.(interface {
			decode(huma.Registry, []byte)
		})
		if !ok {
			return fmt.Errorf("%T is not decoded here", v)
		}
		p.decode(r, data)
		return nil
	}
}

// strict decodes data into v: first into a tree, which is held against the schema, so that all mistakes are found at once
// and each has its place; then into v. Twice costs less than a request's way through the kernel, code of 1 MiB excepted.
// What the tree and the mistakes may take is bounded by countValues.
func strict(r huma.Registry, schema *huma.Schema, data []byte, v any) error {
	if err := countValues(data); err != nil {
		return err
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		return malformed(r, data, err)
	}
	path := huma.NewPathBuffer(make([]byte, 0, 64), 0)
	path.Push("body")
	var found huma.ValidateResult
	huma.Validate(r, schema, path, huma.ModeWriteToServer, tree, &found)
	if len(found.Errors) > 0 {
		errs := fieldErrors(found.Errors)
		for i := range errs {
			errs[i].Message = withBounds(r, errs[i])
		}
		return invalid(codeOfErrors(errs), errs...)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return malformed(r, data, err)
	}
	return nil
}

// codeOfErrors is the code of what the schema does not allow: too many dependencies have their own, when nothing else is wrong.
func codeOfErrors(errs []FieldError) string {
	if len(errs) == 1 && errs[0].Location == dependenciesField && errs[0].Message == fmt.Sprintf(tooManyElements, maxDependencies) {
		return codeManyDeps
	}
	return codeInvalidRequest
}

// malformed says what is wrong with text that can't be decoded: 422 when it is one value that can't be, 400 for the rest.
func malformed(r huma.Registry, data []byte, err error) *Problem {
	var semantic *json.SemanticError
	if errors.As(err, &semantic) {
		return wrongValue(r, semantic.JSONPointer, "can't be taken")
	}
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) {
		return newProblem(codeInvalidJSON, "it can't be decoded")
	}
	at := data[min(int(syntax.ByteOffset), len(data)):]
	if bytes.HasPrefix(at, []byte("NaN")) || bytes.HasPrefix(at, []byte("Infinity")) {
		return wrongValue(r, syntax.JSONPointer, "is no number in JSON")
	}
	why := shorten(syntax.Err.Error(), maxValue)
	if errors.Is(syntax.Err, jsontext.ErrDuplicateName) {
		why = "the name is there twice"
	}
	line, column := position(data, int(syntax.ByteOffset))
	detail := fmt.Sprintf("line %d, column %d (byte %d): %s", line, column, syntax.ByteOffset, why)
	return newProblem(codeInvalidJSON, detail, FieldError{Location: location(syntax.JSONPointer), Message: why})
}

func wrongValue(r huma.Registry, at jsontext.Pointer, message string) *Problem {
	e := FieldError{Location: location(at), Message: message}
	e.Message = withBounds(r, e)
	return invalid(codeInvalidRequest, e)
}

// withBounds is e's message, or one that names both bounds where the field is a number that has them.
func withBounds(r huma.Registry, e FieldError) string {
	for prefix, schema := range map[string]string{"body.limits.": "Limits", "body.user_profile.": "UserProfile"} {
		field, ok := strings.CutPrefix(e.Location, prefix)
		if !ok {
			continue
		}
		s := r.SchemaFromRef("#/components/schemas/" + schema).Properties[field]
		if s != nil && s.Minimum != nil && s.Maximum != nil {
			return fmt.Sprintf("must be an integer from %.0f to %.0f, written without point or exponent", *s.Minimum, *s.Maximum)
		}
	}
	return e.Message
}

// location is a JSON pointer in the notation of all other locations: /files/0/path is body.files[0].path.
func location(p jsontext.Pointer) string {
	var b strings.Builder
	b.WriteString("body")
	for token := range p.Tokens() {
		if _, err := strconv.ParseUint(token, 10, 32); err == nil {
			b.WriteString("[" + token + "]")
		} else {
			b.WriteString("." + token)
		}
		if b.Len() > maxLocation {
			break
		}
	}
	return shorten(b.String(), maxLocation)
}

// position is where in the text a byte is, both counted from 1; the column counts bytes.
func position(data []byte, offset int) (line, column int) {
	before := data[:min(offset, len(data))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}

// The encodings of text in requests and answers.
const (
	utf8Encoding   = "utf8"
	base64Encoding = "base64"
)

// plain decodes a text field of a request. The schema has seen to it that encoding is one of the two, or missing.
func plain(text, encoding, field string) ([]byte, error) {
	if encoding != base64Encoding {
		return []byte(text), nil
	}
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, invalid(codeInvalidRequest, FieldError{Location: "body." + field, Message: "is not base64: " + err.Error()})
	}
	return data, nil
}
