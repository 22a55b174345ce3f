package api

import (
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"paddock/quota"
	"paddock/runner"
)

// RunRequest asks for a program to be run.
type RunRequest struct {
	Language      string            `json:"language" maxLength:"64" doc:"Name or alias, see /api/repl/languages" example:"python"`
	Version       string            `json:"version,omitempty" maxLength:"64" doc:"Wanted version, or the beginning of one up to a dot"`
	Code          *string           `json:"code,omitempty" doc:"The program in one file; or give files" example:"print('hello')"`
	Files         []File            `json:"files,omitempty" maxItems:"200" doc:"The program; or give code"`
	Entrypoint    string            `json:"entrypoint,omitempty" maxLength:"512" doc:"Which of files to run"`
	Stdin         string            `json:"stdin,omitempty" doc:"What the program reads"`
	StdinEncoding string            `json:"stdin_encoding,omitempty" enum:"utf8,base64" doc:"utf8 when missing"`
	StdinOpen     bool              `json:"stdin_open,omitempty" doc:"Keep stdin open: more comes later"`
	Args          []string          `json:"args,omitempty" maxItems:"256" doc:"The program's arguments"`
	Env           map[string]string `json:"env,omitempty" maxProperties:"128" doc:"More environment variables"`
	Dependencies  []string          `json:"dependencies,omitempty" maxItems:"20" doc:"Checked, but not supported yet by runs"`
	Limits        Limits            `json:"limits,omitzero" doc:"Limits of this run; the server's defaults when missing"`
	ProjectID     string            `json:"project_id,omitempty" pattern:"^[A-Za-z0-9._:@-]*$" maxLength:"128" doc:"The caller's own"`
	UserID        string            `json:"user_id,omitempty" pattern:"^[A-Za-z0-9._:@-]*$" maxLength:"128" doc:"For whom it runs"`
	UserProfile   *UserProfile      `json:"user_profile,omitempty" doc:"What that user may do, for this request"`
	ReadmeContent *string           `json:"readme_content,omitempty" doc:"Not supported yet"`
	Port          *int64            `json:"port,omitempty" doc:"Not supported yet"`
}

// File is one file of a program.
type File struct {
	Path     string `json:"path" doc:"Relative to the working directory" example:"main.py"`
	Content  string `json:"content" doc:"What is in it"`
	Encoding string `json:"encoding,omitempty" enum:"utf8,base64" doc:"How content is written here; utf8 when missing"`
}

// Limits bound a run. The schema's maxima are the server's, see boundLimits.
type Limits struct {
	Timeout   int64 `json:"timeout_ms,omitempty" minimum:"1" doc:"Wall clock, in milliseconds"`
	CPUTime   int64 `json:"cpu_time_ms,omitempty" minimum:"1" doc:"CPU time of all threads together, in milliseconds"`
	Memory    int64 `json:"memory_mb,omitempty" minimum:"16" doc:"Memory, files written included, in MiB"`
	Output    int64 `json:"output_bytes,omitempty" minimum:"1" doc:"Each of stdout and stderr, in bytes"`
	Processes int64 `json:"processes,omitempty" minimum:"1" doc:"Processes and threads at one time"`
}

// UserProfile is what a user may do, as a backend in front of us knows it.
type UserProfile struct {
	Tier                 string `json:"tier,omitempty" enum:"FREE,BASIC,PRO,ENTERPRISE"`
	MaxConcurrent        int64  `json:"max_concurrent_services,omitempty" minimum:"1" maximum:"10000"`
	MaxMemory            int64  `json:"max_memory_mb,omitempty" minimum:"1" maximum:"1048576"`
	MaxCPU               int64  `json:"max_cpu_percent,omitempty" minimum:"1" maximum:"100000"`
	MaxRequestsPerMinute int64  `json:"max_requests_per_minute,omitempty" minimum:"1" maximum:"100000"`
	MaxServicesPerHour   int64  `json:"max_services_per_hour,omitempty" minimum:"1" maximum:"10000"`
}

func (p *UserProfile) profile() quota.Profile {
	own := func(n int64) *int64 {
		if n == 0 {
			return nil // the schema's minimum is 1
		}
		return &n
	}
	return quota.Profile{
		Tier: quota.Tier(p.Tier), Concurrent: own(p.MaxConcurrent), MemoryMB: own(p.MaxMemory), CPUPercent: own(p.MaxCPU),
		RequestsPerMinute: own(p.MaxRequestsPerMinute), ServicesPerHour: own(p.MaxServicesPerHour),
	}
}

// ReplRequest is the small shape of a RunRequest.
type ReplRequest struct {
	Language      string   `json:"language" maxLength:"64" doc:"Name or alias" example:"python"`
	Version       string   `json:"version,omitempty" maxLength:"64" doc:"Wanted version, or the beginning of one up to a dot"`
	Code          string   `json:"code" doc:"The program" example:"print('hello')"`
	Stdin         string   `json:"stdin,omitempty" doc:"What the program reads"`
	StdinEncoding string   `json:"stdin_encoding,omitempty" enum:"utf8,base64" doc:"utf8 when missing"`
	Args          []string `json:"args,omitempty" maxItems:"256" doc:"The program's arguments"`
	Limits        Limits   `json:"limits,omitzero" doc:"Limits of this run"`
	UserID        string   `json:"user_id,omitempty" pattern:"^[A-Za-z0-9._:@-]*$" maxLength:"128" doc:"For whom it runs"`
}

// ContainerRequest asks for a command to be run on an image.
type ContainerRequest struct {
	Image         string            `json:"image" maxLength:"256" doc:"A language, or an allowed image" example:"bash"`
	Argv          []string          `json:"argv" maxItems:"256" doc:"The command and its arguments" example:"[\"ls\",\"-l\"]"`
	Files         []File            `json:"files,omitempty" maxItems:"200" doc:"Files in the working directory"`
	Stdin         string            `json:"stdin,omitempty" doc:"What the command reads"`
	StdinEncoding string            `json:"stdin_encoding,omitempty" enum:"utf8,base64" doc:"utf8 when missing"`
	StdinOpen     bool              `json:"stdin_open,omitempty" doc:"Keep stdin open: more comes later"`
	Env           map[string]string `json:"env,omitempty" maxProperties:"128" doc:"More environment variables"`
	Limits        Limits            `json:"limits,omitzero" doc:"Limits of this run"`
	UserID        string            `json:"user_id,omitempty" pattern:"^[A-Za-z0-9._:@-]*$" maxLength:"128" doc:"For whom it runs"`
}

// StdinRequest is more for a running program to read.
type StdinRequest struct {
	Data     string `json:"data" doc:"What to feed"`
	Encoding string `json:"encoding,omitempty" enum:"utf8,base64" doc:"How data is written here; utf8 when missing"`
	EOF      bool   `json:"eof,omitempty" doc:"Close stdin behind data"`
}

// submission is what a request asks for.
type submission struct {
	job          runner.Job
	dependencies []string
	project      string        // the caller's own id
	profile      quota.Profile // of the user, as the caller says it
	unsupported  error         // what can't be served yet, once the rest is right: silence about it would be a lie
}

// jobRequest is any request that asks for a run.
type jobRequest interface{ submission() (submission, error) }

// maxDependencies is how many dependencies a request may name, as in the schema. More have a code of their own.
const (
	maxDependencies   = 20
	dependenciesField = "body.dependencies"
)

// unsupported says which parts of the request can't be served.
func (q *RunRequest) unsupported() error {
	var errs []FieldError
	for _, f := range []struct {
		field string
		set   bool
	}{
		{"dependencies", len(q.Dependencies) > 0},
		{"readme_content", q.ReadmeContent != nil},
		{"port", q.Port != nil},
	} {
		if f.set {
			errs = append(errs, FieldError{Location: "body." + f.field, Message: "is not supported yet"})
		}
	}
	if errs != nil {
		return invalid(codeNotSupported, errs...)
	}
	return nil
}

func (q *RunRequest) submission() (submission, error) {
	job := runner.Job{
		User: q.UserID, Language: q.Language, Version: q.Version, Entrypoint: q.Entrypoint,
		StdinOpen: q.StdinOpen, Args: q.Args, Env: q.Env, Limits: q.Limits.limits(),
	}
	if q.Code != nil {
		job.Code = []byte(*q.Code)
	}
	err := fill(&job, q.Files, q.Stdin, q.StdinEncoding)
	out := submission{job: job, dependencies: q.Dependencies, project: q.ProjectID, unsupported: q.unsupported()}
	if q.UserProfile != nil {
		out.profile = q.UserProfile.profile()
	}
	return out, err
}

func (q *ReplRequest) submission() (submission, error) {
	job := runner.Job{
		User: q.UserID, Language: q.Language, Version: q.Version, Code: []byte(q.Code), Args: q.Args, Limits: q.Limits.limits(),
	}
	err := fill(&job, nil, q.Stdin, q.StdinEncoding)
	return submission{job: job}, err
}

func (q *ContainerRequest) submission() (submission, error) {
	job := runner.Job{
		User: q.UserID, Image: q.Image, Argv: q.Argv, StdinOpen: q.StdinOpen, Env: q.Env, Limits: q.Limits.limits(),
	}
	if q.Image == "" {
		return submission{}, invalid(codeInvalidRequest, FieldError{Location: "body.image", Message: "is empty"})
	}
	err := fill(&job, q.Files, q.Stdin, q.StdinEncoding)
	return submission{job: job}, err
}

// fill puts a request's files and stdin into its job.
func fill(job *runner.Job, files []File, stdin, encoding string) (err error) {
	for i, f := range files {
		data, err := plain(f.Content, f.Encoding, fmt.Sprintf("files[%d].content", i))
		if err != nil {
			return err
		}
		job.Files = append(job.Files, runner.File{Path: f.Path, Data: data})
	}
	job.Stdin, err = plain(stdin, encoding, "stdin")
	return err
}

// limits needs no care about overflow: the schema's maxima are the runner's, which fit.
func (l Limits) limits() runner.Limits {
	return runner.Limits{
		Timeout:   time.Duration(l.Timeout) * time.Millisecond,
		CPUTime:   time.Duration(l.CPUTime) * time.Millisecond,
		Memory:    l.Memory << 20,
		Output:    l.Output,
		Processes: l.Processes,
	}
}

// fromRunner is the way back, for the documentation.
func fromRunner(l runner.Limits) map[string]int64 {
	return map[string]int64{
		"timeout_ms":   l.Timeout.Milliseconds(),
		"cpu_time_ms":  l.CPUTime.Milliseconds(),
		"memory_mb":    l.Memory >> 20,
		"output_bytes": l.Output,
		"processes":    l.Processes,
	}
}

// boundLimits writes the server's defaults and maxima into the schema of Limits: requests are held against it, and the OpenAPI
// document shows it.
func boundLimits(r huma.Registry, byDefault, most runner.Limits) {
	schema := r.SchemaFromRef("#/components/schemas/Limits")
	usual := fromRunner(byDefault)
	for field, bound := range fromRunner(most) {
		s := schema.Properties[field]
		top := float64(bound)
		s.Maximum = &top
		s.Description += fmt.Sprintf("; %d when missing", min(usual[field], bound))
	}
	schema.PrecomputeMessages()
}
