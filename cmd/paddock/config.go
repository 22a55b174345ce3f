package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/docker/go-units"
	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"

	"paddock/anomalylog/webhook"
	"paddock/api"
	"paddock/patterns"
	"paddock/runner"
	"paddock/sandbox"
	"paddock/validate"
)

// Config is everything that can be set: by flag, by PADDOCK_ variable, in a YAML file, in that order. The tags are the one
// place a key, and what it means, is written down; flags, variables, checks and --print-config follow from them.
type Config struct {
	Addr         string         `koanf:"addr" help:"address to listen on; without credentials only loopback is allowed"`
	Admin        AdminConfig    `koanf:"admin"`
	AllowedHosts []string       `koanf:"allowed_hosts" help:"Host names to answer to besides loopback ones (a reverse proxy's)"`
	CORS         CORSConfig     `koanf:"cors"`
	StateDir     string         `koanf:"state_dir" help:"the only directory written to"`
	Shutdown     time.Duration  `koanf:"shutdown_timeout" help:"how long runs may go on after a signal to stop"`
	Log          LogConfig      `koanf:"log"`
	Podman       PodmanConfig   `koanf:"podman"`
	Sandbox      SandboxConfig  `koanf:"sandbox"`
	Pool         PoolConfig     `koanf:"pool"`
	Limits       LimitsConfig   `koanf:"limits"`
	Languages    LangConfig     `koanf:"languages"`
	Validate     ValidateConfig `koanf:"validate"`
	Containers   ImagesConfig   `koanf:"containers"`
	Results      ResultsConfig  `koanf:"results"`
	Anomaly      AnomalyConfig  `koanf:"anomaly"`
	Quota        QuotaConfig    `koanf:"quota"`
	Monitor      MonitorConfig  `koanf:"monitor"`
	Breaker      BreakerConfig  `koanf:"breaker"`
	Tracing      TracingConfig  `koanf:"tracing"`
}

// AdminConfig says where admins are answered.
type AdminConfig struct {
	Addr string `koanf:"addr" help:"address for admins besides admin.sock in state_dir: 127.0.0.1:8081, unix:/path; never public"`
}

// CORSConfig says which pages may call.
type CORSConfig struct {
	Origins []string `koanf:"origins" help:"origins whose pages' scripts may call and read the answers (https://ide.example.com,...)"`
}

// LogConfig says what is logged, to stderr.
type LogConfig struct {
	Level  string `koanf:"level" help:"debug, info, warn or error"`
	Format string `koanf:"format" help:"json, or text for people"`
}

// PodmanConfig says where Podman is.
type PodmanConfig struct {
	Socket string `koanf:"socket" help:"URI of the Podman socket; empty to look for one, and to start a service where none answers"`
}

// SandboxConfig says how cells are made.
type SandboxConfig struct {
	Reuse      string `koanf:"reuse" help:"tenant keeps a user's cell, reset, for the user's next run; never makes cells single use"`
	Runtime    string `koanf:"runtime" help:"OCI runtime, by name or path; auto tries those there are with a canary cell"`
	Agent      string `koanf:"agent" help:"path of paddock-agent; empty for the one beside this program"`
	Disk       Size   `koanf:"disk" help:"size of each writable mount (/box, /tmp, /dev/shm); counts as memory"`
	CPUPercent int64  `koanf:"cpu_percent" help:"CPU a running program may use, in percent of one core"`
}

// PoolConfig bounds the cells.
type PoolConfig struct {
	MaxCells int            `koanf:"max_cells" help:"most cells at once, warm ones and those being removed included"`
	Slots    int            `koanf:"slots" help:"programs that run at a time, those that sleep or take long not counted"`
	Warm     int            `koanf:"warm" help:"warm cells to keep at least for each language that has an image"`
	MostWarm int            `koanf:"most_warm" help:"warm cells to keep of a much used language; 0 keeps pool.warm"`
	Language map[string]int `koanf:"language" help:"warm cells by language, over pool.warm (python=4,go=0)"`
	Queue    int            `koanf:"queue" help:"how many requests may wait for a slot, and how many for a cell"`
	Wait     time.Duration  `koanf:"wait" help:"how long a request waits for a slot, and for a cell when there are max_cells"`
	Create   time.Duration  `koanf:"create_timeout" help:"how long the making of one cell may take"`
	Idle     time.Duration  `koanf:"idle" help:"how long a parked cell waits for its user's next run"`
	Age      time.Duration  `koanf:"max_age" help:"how old a cell may be to be kept once more"`
	Runs     uint64         `koanf:"max_runs" help:"how many programs may have run in a cell to be kept once more"`
}

// LimitsConfig holds what a run gets when it asks for nothing, and the most it can ask for.
type LimitsConfig struct {
	Default RunLimits     `koanf:"default"`
	Max     RunLimits     `koanf:"max"`
	Compile RunLimits     `koanf:"compile"`
	Grace   time.Duration `koanf:"grace" help:"from SIGTERM at a time limit to SIGKILL"`
	Code    Size          `koanf:"code" help:"most bytes of all files of a job together, and of its stdin"`
}

// RunLimits bound one program. For the compile phase, output is the run's.
type RunLimits struct {
	Timeout   time.Duration `koanf:"timeout" help:"wall-clock limit"`
	CPUTime   time.Duration `koanf:"cpu_time" help:"CPU-time limit, all threads together"`
	Memory    Size          `koanf:"memory" help:"memory limit"`
	Output    Size          `koanf:"output" help:"limit of each of stdout and stderr"`
	Processes int64         `koanf:"processes" help:"limit of processes and threads"`
}

// LangConfig says where languages come from.
type LangConfig struct {
	Dir string `koanf:"dir" help:"directory with more language folders, which replace built-in ones of the same name"`
}

// ValidateConfig says how code is looked at before it is run; limits.code is how much of it.
type ValidateConfig struct {
	Rules    string            `koanf:"rules" help:"directory with more rule files (*.yaml), over the built-in ones"`
	Policy   string            `koanf:"policy" help:"what is refused: strict, standard, permissive, or a policy of the rule files"`
	Tiers    map[string]string `koanf:"tiers" help:"policy by the tier of the user's profile, over validate.policy (FREE=strict,...)"`
	Deadline time.Duration     `koanf:"deadline" help:"how long a request's code is looked at; what takes longer is refused"`
}

// ImagesConfig is the allow-list of POST /api/containers/create.
type ImagesConfig struct {
	Images map[string]string `koanf:"images" help:"images allowed besides the languages' (name=image,...)"`
}

// anomalyFile is where security events are written down in the state directory, unless anomaly.path says otherwise.
const anomalyFile = "anomalies.jsonl"

// anomalyNote is a file of the state directory that holds where they are written down, for commands.
const anomalyNote = "anomaly-path"

// AnomalyConfig says where security events are written down, for how long they are kept, and who is told of them. The bounds can
// be 0, for none.
type AnomalyConfig struct {
	Path       string                   `koanf:"path" help:"file for security events, a line of JSON each; empty for one in state_dir"`
	RotateSize Size                     `koanf:"rotate_size" help:"size at which that file is moved away, to a name with the time"`
	RotateAge  time.Duration            `koanf:"rotate_age" help:"age of its first event at which it is moved away"`
	Keep       time.Duration            `koanf:"keep" help:"how long files that were moved away are kept"`
	MaxTotal   Size                     `koanf:"max_total" help:"size of all these files; the oldest are removed first"`
	Webhooks   map[string]WebhookConfig `koanf:"webhooks" help:"who is told of them, by name; YAML or JSON ({ops: {url: ...}})"`
	Allow      []string                 `koanf:"webhook_allow" help:"networks, not public, that webhooks may be in (10.0.0.0/8,...)"`
	Window     time.Duration            `koanf:"webhook_window" help:"how long what is alike is counted, not told; 0 tells of each"`
}

// ResultsConfig says how long results live.
type ResultsConfig struct {
	Keep   time.Duration `koanf:"keep" help:"how long results can be fetched"`
	Return time.Duration `koanf:"return" help:"how long a streamed run goes on after its last reader left"`
}

// Size is a number of bytes, written as 64MiB, 1g or 65536.
type Size int64

// UnmarshalText reads a size; units are powers of 1024.
func (s *Size) UnmarshalText(text []byte) error {
	n, err := units.RAMInBytes(string(text))
	if err != nil {
		return fmt.Errorf("%q is no size (64MiB, 1g, 65536): %w", text, err)
	}
	*s = Size(n)
	return nil
}

// String writes a size the way UnmarshalText reads it.
func (s Size) String() string {
	for _, u := range []struct {
		unit Size
		name string
	}{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}} {
		if s >= u.unit && s%u.unit == 0 {
			return fmt.Sprintf("%d%s", s/u.unit, u.name)
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

const mib = 1 << 20

// defaults are what is in force when nothing is set. Every one works on a fresh machine.
func defaults() Config {
	return Config{
		Addr:     "127.0.0.1:8080",
		StateDir: defaultStateDir(),
		Shutdown: 20 * time.Second,
		Log:      LogConfig{Level: "info", Format: "json"},
		Sandbox:  SandboxConfig{Reuse: reuseTenant, Runtime: "auto", Disk: 64 * mib, CPUPercent: 100},
		Pool: PoolConfig{
			MaxCells: 16 + 8*runtime.NumCPU(), Slots: runtime.NumCPU(), Warm: 1, MostWarm: 4 * runtime.NumCPU(),
			Queue: 256, Wait: 10 * time.Second, Create: 20 * time.Second,
			Idle: 5 * time.Minute, Age: time.Hour, Runs: 1000,
		},
		Limits: LimitsConfig{
			Default: RunLimits{Timeout: 30 * time.Second, CPUTime: 30 * time.Second, Memory: 256 * mib, Output: mib, Processes: 64},
			Max:     RunLimits{Timeout: 5 * time.Minute, CPUTime: 5 * time.Minute, Memory: 2048 * mib, Output: 16 * mib, Processes: 512},
			Compile: RunLimits{Timeout: 30 * time.Second, CPUTime: time.Minute, Memory: 768 * mib, Output: mib, Processes: 128},
			Grace:   5 * time.Second,
			Code:    mib,
		},
		Validate: ValidateConfig{Policy: patterns.DefaultPolicy, Deadline: validate.DefaultDeadline},
		Results:  ResultsConfig{Keep: 10 * time.Minute, Return: 15 * time.Second},
		Anomaly: AnomalyConfig{
			RotateSize: 64 * mib, RotateAge: 24 * time.Hour, Keep: 30 * 24 * time.Hour, MaxTotal: 1024 * mib, Window: webhook.DefaultWindow,
		},
		Quota:   quotaDefaults(),
		Monitor: MonitorConfig{Enabled: true, Interval: 5 * time.Second, CPU: 80, Memory: 85, Queue: 50},
		Breaker: BreakerConfig{Failures: 3, Cool: 10 * time.Second},
		Tracing: TracingConfig{Sample: 1},
	}
}

// What sandbox.reuse can be.
const (
	reuseTenant = "tenant"
	reuseNever  = "never"
)

// tiers are what a user's profile can name.
var tiers = []string{"FREE", "BASIC", "PRO", "ENTERPRISE"}

// policyOf is the policy for the code of users of a tier, and for that of everybody else.
func (c ValidateConfig) policyOf(tier string) string { return cmp.Or(c.Tiers[tier], c.Policy) }

// keep says how long cells are kept.
func (c *Config) keep() sandbox.Keep {
	if c.Sandbox.Reuse == reuseNever {
		return sandbox.Keep{}
	}
	return sandbox.Keep{Idle: c.Pool.Idle, Age: c.Pool.Age, Runs: c.Pool.Runs}
}

func defaultStateDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/paddock"
	}
	if dir := os.Getenv("XDG_STATE_HOME"); dir != "" {
		return filepath.Join(dir, "paddock")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = os.TempDir()
	}
	return filepath.Join(home, ".local", "state", "paddock")
}

// setting is one leaf of Config.
type setting struct {
	key    string // limits.default.timeout
	help   string
	kind   reflect.Type
	secret string // what of it is not shown: url, path or all; see shown
}

// settings lists the leaves of Config, in order.
func settings() []setting { return leaves("", reflect.TypeFor[Config]()) }

func leaves(prefix string, t reflect.Type) []setting {
	var all []setting
	for i := range t.NumField() {
		f := t.Field(i)
		key := prefix + f.Tag.Get("koanf")
		if f.Type.Kind() == reflect.Struct {
			all = append(all, leaves(key+".", f.Type)...)
		} else {
			all = append(all, setting{key, f.Tag.Get("help"), f.Type, f.Tag.Get("secret")})
		}
	}
	return all
}

// shown is a value the way it may be shown: without the password of a URL, its path as well, or nothing of it. A URL that can't be
// read may still hold a password.
func (s setting) shown(value string) string {
	switch {
	case s.secret == "" || value == "":
		return value
	case s.secret == "path":
		return webhook.Masked(value)
	case s.secret == "all":
		return "xxxxx"
	}
	u, err := url.Parse(value)
	if err != nil {
		return "(a URL that can't be read)"
	}
	return u.Redacted()
}

// flag is the name of a setting's flag, variable that of its environment variable.
func (s setting) flag() string { return strings.NewReplacer("_", "-").Replace(s.key) }
func (s setting) variable() string {
	return "PADDOCK_" + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

// addFlags gives every setting a flag. Their values stay text until load, so that all three sources are read alike.
func addFlags(flags *pflag.FlagSet) {
	flags.String("config", "", "YAML file with settings")
	def := flatten(defaults())
	for _, s := range settings() {
		flags.String(s.flag(), def[s.key], fmt.Sprintf("%s (%s)", s.help, s.variable()))
	}
}

// load reads the configuration: flags that were set, over the environment, over the file, over the defaults.
func load(flags *pflag.FlagSet, environ []string) (Config, error) {
	k := koanf.New(".")
	if path, _ := flags.GetString("config"); path != "" {
		if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
			return Config{}, fmt.Errorf("configuration file %s: %w", path, err)
		}
	}
	vars, err := fromEnviron(environ)
	if err != nil {
		return Config{}, err
	}
	set := map[string]any{}
	for _, s := range settings() {
		if f := flags.Lookup(s.flag()); f != nil && f.Changed {
			set[s.key] = f.Value.String()
		}
	}
	if err := errors.Join(k.Load(confmap.Provider(vars, "."), nil), k.Load(confmap.Provider(set, "."), nil)); err != nil {
		return Config{}, err
	}
	c := defaults()
	if err := decode(k.Raw(), &c); err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	if err := c.validate(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// decode fills out, which holds the defaults, with what is given. A key that is no setting is an error.
func decode(given, out any) error {
	d, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result: out, TagName: "koanf", WeaklyTypedInput: true, ErrorUnused: true,
		DecodeHook: mapstructure.ComposeDecodeHookFunc(
			mapstructure.StringToTimeDurationHookFunc(), mapstructure.TextUnmarshallerHookFunc(), objectsHook, pairsHook, listHook),
	})
	if err != nil {
		return err
	}
	return d.Decode(given)
}

// fromEnviron picks the PADDOCK_ variables. One that is no setting is an error: it was meant to be.
func fromEnviron(environ []string) (map[string]any, error) {
	keys := map[string]string{}
	for _, s := range settings() {
		keys[s.variable()] = s.key
	}
	set := map[string]any{}
	for _, v := range environ {
		name, value, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "PADDOCK_") || strings.HasPrefix(name, "PADDOCK_TEST_") {
			continue
		}
		key, ok := keys[name]
		if !ok {
			return nil, fmt.Errorf("the environment variable %s is no setting; `paddock serve --help` lists them", name)
		}
		set[key] = value
	}
	return set, nil
}

// objectsHook reads a map of settings from YAML, as which JSON can be read too.
func objectsHook(_, to reflect.Type, data any) (any, error) {
	text, ok := data.(string)
	if !ok || !holdsSettings(to) {
		return data, nil
	}
	objects, err := yaml.Parser().Unmarshal([]byte(text))
	if err != nil {
		return nil, errors.New("this is not YAML or JSON of the form {name: {key: value}}") // more might show a secret
	}
	return objects, nil
}

// holdsSettings tells maps of settings by name from other settings.
func holdsSettings(t reflect.Type) bool {
	return t.Kind() == reflect.Map && t.Elem().Kind() == reflect.Struct
}

// pairsHook reads a map from "name=value,name=value".
func pairsHook(from, to reflect.Type, data any) (any, error) {
	text, ok := data.(string)
	if !ok || from.Kind() != reflect.String || to.Kind() != reflect.Map {
		return data, nil
	}
	m := map[string]any{}
	for pair := range strings.SplitSeq(text, ",") {
		if pair = strings.TrimSpace(pair); pair == "" {
			continue
		}
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, fmt.Errorf("%q is not name=value", pair)
		}
		m[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return m, nil
}

// listHook reads a list from "a,b".
func listHook(from, to reflect.Type, data any) (any, error) {
	text, ok := data.(string)
	if !ok || from.Kind() != reflect.String || to.Kind() != reflect.Slice {
		return data, nil
	}
	var list []string
	for element := range strings.SplitSeq(text, ",") {
		if element = strings.TrimSpace(element); element != "" {
			list = append(list, element)
		}
	}
	return list, nil
}

// validate names the first setting that can't be.
func (c *Config) validate() error {
	var errs []error
	for key, value := range map[string]int64{
		"shutdown_timeout": int64(c.Shutdown), "sandbox.disk": int64(c.Sandbox.Disk), "sandbox.cpu_percent": c.Sandbox.CPUPercent,
		"pool.max_cells": int64(c.Pool.MaxCells), "pool.slots": int64(c.Pool.Slots), "pool.create_timeout": int64(c.Pool.Create),
		"limits.code": int64(c.Limits.Code), "results.keep": int64(c.Results.Keep),
		"validate.deadline": int64(c.Validate.Deadline), "pool.idle": int64(c.Pool.Idle), "pool.max_age": int64(c.Pool.Age),
		"quota.burst": c.Quota.Burst, "quota.address.burst": c.Quota.Address.Burst, "quota.address.block": int64(c.Quota.Address.Block),
		"quota.abuse.window": int64(c.Quota.Abuse.Window), "quota.abuse.slow": int64(c.Quota.Abuse.Slow),
		"quota.abuse.slow_from": c.Quota.Abuse.SlowFrom, "quota.abuse.quarantine": int64(c.Quota.Abuse.Quarantine),
		"quota.abuse.quarantine_from": c.Quota.Abuse.QuarantineFrom,
		"monitor.cpu":                 c.Monitor.CPU, "monitor.memory": c.Monitor.Memory, "monitor.queue": c.Monitor.Queue,
		"monitor.interval": int64(c.Monitor.Interval), "breaker.failures": c.Breaker.Failures, "breaker.cool": int64(c.Breaker.Cool),
		"pool.max_runs": int64(c.Pool.Runs), //nolint:gosec // nobody counts that far
	} {
		if value <= 0 {
			errs = append(errs, fmt.Errorf("%s must be more than 0", key))
		}
	}
	errs = append(errs, c.validateLimits()...)
	if err := c.Anomaly.validate(); err != nil {
		errs = append(errs, err)
	}
	if err := checkAdminAddr(c.Admin.Addr); err != nil {
		errs = append(errs, err)
	}
	for _, origin := range c.CORS.Origins {
		if err := api.CheckOrigin(origin); err != nil {
			errs = append(errs, fmt.Errorf("cors.origins: %w", err))
		}
	}
	for tier := range c.Validate.Tiers {
		if !slices.Contains(tiers, tier) {
			errs = append(errs, fmt.Errorf("validate.tiers: %q is none of %s", tier, strings.Join(tiers, ", ")))
		}
	}
	if o, err := c.alerts(); err != nil {
		errs = append(errs, err)
	} else if err := o.Validate(); err != nil {
		errs = append(errs, fmt.Errorf("anomaly.%w", err)) // its errors begin with the names of settings
	}
	errs = append(errs, c.Tracing.validate())
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	return nil
}

func (c *Config) validateLimits() (errs []error) {
	for name, l := range map[string]RunLimits{"default": c.Limits.Default, "max": c.Limits.Max, "compile": c.Limits.Compile} {
		if l.Timeout <= 0 || l.CPUTime <= 0 || l.Memory < runner.MinMemory || l.Output <= 0 || l.Processes <= 0 {
			errs = append(errs, fmt.Errorf("limits.%s: every limit must be more than 0, and memory at least %v",
				name, Size(runner.MinMemory)))
		}
	}
	if c.Sandbox.Reuse != reuseTenant && c.Sandbox.Reuse != reuseNever {
		errs = append(errs, fmt.Errorf("sandbox.reuse: %q is neither %s nor %s", c.Sandbox.Reuse, reuseTenant, reuseNever))
	}
	if c.Limits.Grace < 0 || c.Pool.Warm < 0 || c.Pool.MostWarm < 0 || c.Pool.Queue < 0 || c.Pool.Wait < 0 || c.Results.Return < 0 {
		errs = append(errs, errors.New(
			"limits.grace, pool.warm, pool.most_warm, pool.queue, pool.wait and results.return can't be negative"))
	}
	return errs
}

// The least that files of security events are moved away for: all of them are looked at where one asks for what is older.
const (
	minRotateSize Size = mib
	minRotateAge       = time.Hour
)

func (a AnomalyConfig) validate() error {
	switch {
	case a.RotateSize < 0 || a.RotateAge < 0 || a.Keep < 0 || a.MaxTotal < 0:
		return errors.New("anomaly.rotate_size, rotate_age, keep and max_total can't be negative")
	case a.RotateSize > 0 && a.RotateSize < minRotateSize:
		return fmt.Errorf("anomaly.rotate_size: %v is less than %v", a.RotateSize, minRotateSize)
	case a.RotateAge > 0 && a.RotateAge < minRotateAge:
		return fmt.Errorf("anomaly.rotate_age: %v is less than %v", a.RotateAge, minRotateAge)
	case a.Keep > 0 && a.Keep < max(a.RotateAge, minRotateAge):
		return fmt.Errorf("anomaly.keep: %v is less than %v, in which a file is moved away", a.Keep, max(a.RotateAge, minRotateAge))
	case a.MaxTotal > 0 && a.MaxTotal < 2*max(a.RotateSize, minRotateSize):
		return fmt.Errorf("anomaly.max_total: %v is less than two files may have (%v each)", a.MaxTotal, max(a.RotateSize, minRotateSize))
	}
	return nil
}

// flatten gives every setting's value as text, by key: for flags' defaults and for --print-config.
func flatten(c Config) map[string]string {
	out := map[string]string{}
	flattenInto(out, "", reflect.ValueOf(c))
	return out
}

func flattenInto(out map[string]string, prefix string, v reflect.Value) {
	for i := range v.NumField() {
		key := prefix + v.Type().Field(i).Tag.Get("koanf")
		switch f := v.Field(i).Interface().(type) {
		case []string:
			out[key] = strings.Join(f, ",")
		case []int:
			out[key] = strings.Join(strings.Fields(strings.Trim(fmt.Sprint(f), "[]")), ",")
		case map[string]int, map[string]string:
			out[key] = pairs(f)
		default:
			switch field := v.Field(i); {
			case field.Kind() == reflect.Struct:
				flattenInto(out, key+".", field)
			case holdsSettings(field.Type()):
				out[key] = objects(field)
			default:
				out[key] = fmt.Sprint(f)
			}
		}
	}
}

// objects gives settings by name as objectsHook reads them, the way they may be shown.
func objects(m reflect.Value) string {
	if m.Len() == 0 {
		return ""
	}
	all := map[string]map[string]string{}
	for entry := m.MapRange(); entry.Next(); {
		values := map[string]string{}
		flattenInto(values, "", entry.Value())
		for _, s := range leaves("", entry.Value().Type()) {
			values[s.key] = s.shown(values[s.key])
		}
		all[entry.Key().String()] = values
	}
	text, _ := json.Marshal(all) // of strings, which can't fail
	return string(text)
}

func pairs(m any) string {
	text := fmt.Sprint(m) // map[a:1 b:2], sorted
	text = strings.TrimSuffix(strings.TrimPrefix(text, "map["), "]")
	var list []string
	for _, p := range strings.Fields(text) {
		name, value, _ := strings.Cut(p, ":")
		list = append(list, name+"="+value)
	}
	return strings.Join(list, ",")
}
