package patterns

// The rules that validate has code for, by id: what they are about can be counted or compared, but not matched.
const (
	CodeSize              = "any.size.code"
	DependencyCount       = "any.dependency.count"
	DependencySyntax      = "any.dependency.syntax"
	DependencyDenied      = "any.dependency.denied"
	DependencyLookalike   = "any.dependency.lookalike"
	DependencyTyposquat   = "any.dependency.typosquat"
	DependencySuspicious  = "any.dependency.suspicious"
	DependencyUnsupported = "any.dependency.unsupported"
)

// builtinRules are in every set. A finding's message is what was found, and then the rule's message: what to do.
//
// A name that looks like a popular one to the eye is nobody's slip, so it is refused. One that is a keystroke away may be an honest
// package, or an honest slip, so it is told.
var builtinRules = []Rule{
	{
		ID: CodeSize, Severity: Block, Fixed: true, Category: "resource_bomb", CWE: 400,
		Message: "Read large data from stdin instead.",
	}, {
		ID: DependencyCount, Severity: Block, Category: "dependency", CWE: 400,
		Message: "Ask for those that the program itself imports; what they need comes with them.",
	}, {
		ID: DependencySyntax, Severity: Block, Fixed: true, Category: "dependency", CWE: 88,
		Message: "Give the name of a package, and a version if need be, the way the language's package manager writes them.",
	}, {
		ID: DependencyDenied, Severity: Block, Category: "dependency", CWE: 506,
		Message: "Do without it, or look for the package that was meant.",
	}, {
		ID: DependencyLookalike, Severity: Block, Category: "dependency", CWE: 1007,
		Message: "Ask for the package that was meant.",
	}, {
		ID: DependencyTyposquat, Severity: Warn, Category: "dependency", CWE: 1357, References: []string{"guarddog:typosquatting"},
		Message: "Look whether it is the one that was meant: misspelt names are where malicious packages wait.",
	}, {
		ID: DependencySuspicious, Severity: Warn, Category: "dependency", CWE: 1357,
		Message: "Look whether it is the one that was meant.",
	}, {
		ID: DependencyUnsupported, Severity: Warn, Category: "dependency", CWE: 0,
		Message: "Leave dependencies out.",
	},
}

// BuiltIn reports whether validate has code for the rule, so that it has no pattern.
func (r *Rule) BuiltIn() bool { return len(r.Pattern) == 0 }
