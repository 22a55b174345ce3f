package sandbox

import (
	"errors"
	"fmt"
)

// Tenant is whose run it is.
type Tenant struct {
	ID        string // a user's id; of somebody anonymous the client's address
	Anonymous bool   // nobody in particular: one address may be many people, so its cells are never kept
}

// Request says what kind of cell is wanted, and for whom.
type Request struct {
	Kind   Kind
	Tenant Tenant
	Limits Limits // of the first program, in force when the cell is handed over; none for the kind's
}

func (r *Request) limits() Limits {
	if r.Limits == (Limits{}) {
		return r.Kind.Limits
	}
	return r.Limits
}

// errSecondTenant is what must never be: see Cell.assign.
var errSecondTenant = errors.New("a cell was about to serve a second tenant")

// assign gives the cell to its tenant, for good. No cell ever serves two: whatever the pool may have got wrong, it ends here.
func (c *Cell) assign(t Tenant) error {
	if c.assigned && (t.Anonymous || c.tenant != t) {
		return fmt.Errorf("%w: %s", errSecondTenant, c.name)
	}
	c.tenant, c.assigned = t, true
	return nil
}

// suits says whether the cell may be taken for r: it is of the right kind, and nobody's yet or the tenant's own.
func (c *Cell) suits(r Request) bool {
	mine := !c.assigned || (c.tenant == r.Tenant && !r.Tenant.Anonymous)
	return mine && c.kind.Name == r.Kind.Name && c.kind.Image == r.Kind.Image
}
