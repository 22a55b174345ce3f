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
		Message: "Code is read up to a limit; read large data from stdin instead.",
	}, {
		ID: DependencyCount, Severity: Block, Category: "dependency", CWE: 400,
		Message: "Ask only for packages that the program itself imports; what they need comes with them.",
	}, {
		ID: DependencySyntax, Severity: Block, Fixed: true, Category: "dependency", CWE: 88,
		Message: "A dependency is the name of a package, with a version if need be, as the language's package manager writes them.",
	}, {
		ID: DependencyDenied, Severity: Block, Category: "dependency", CWE: 506,
		Message: "Do without it, or look for the package that was meant.",
	}, {
		ID: DependencyLookalike, Severity: Block, Category: "dependency", CWE: 1007,
		Message: "A name that looks like another is there to deceive; ask for the package that was meant.",
	}, {
		ID: DependencyTyposquat, Severity: Warn, Category: "dependency", CWE: 1357, References: []string{"guarddog:typosquatting"},
		Message: "Misspelt names are where malicious packages wait; look whether it is the one that was meant.",
	}, {
		ID: DependencySuspicious, Severity: Warn, Category: "dependency", CWE: 1357,
		Message: "Such names are seldom what a program needs; look whether it is the one that was meant.",
	}, {
		ID: DependencyUnsupported, Severity: Warn, Category: "dependency",
		Message: "Dependencies are for languages that have a registry of packages; leave them out.",
	},
}

// BuiltIn reports whether validate has code for the rule, so that it has no pattern.
func (r *Rule) BuiltIn() bool { return len(r.Pattern) == 0 }
