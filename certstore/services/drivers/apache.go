package drivers

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// apache changes SSLCertificateFile and SSLCertificateKeyFile where they stand for each host. Which directives are
// active, and in which file and line each stands, Apache is asked (mod_info's DUMP_CONFIG): a section is never judged
// here by its condition, a file never by its name.
type apache struct{}

func (apache) Read(ctx context.Context, h daemon.Host, in daemon.Instance) (*daemon.Reading, error) {
	if _, err := daemon.ReadFile(in.Config); err != nil {
		return nil, daemon.Cannot("read", in.Config, err)
	}
	call, err := apacheCall(h, in.Config)
	if err != nil {
		return nil, err
	}
	dump, err := call.ask(ctx, h)
	if err != nil {
		return nil, err
	}
	if len(dump.files) == 0 {
		dump.files = []included{{parent: -1, path: in.Config}}
	}
	a := &apacheConf{texts: newTexts(), dump: dump}
	if err := a.understand(); err != nil {
		return nil, err
	}
	r := &daemon.Reading{State: daemon.State{Unit: "apache2"}, Programs: apachePrograms}
	if strings.HasSuffix(in.Config, "httpd.conf") {
		r.Unit = "httpd"
	}
	r.PidFile, r.Log = dump.pidFile, dump.errorLog
	r.Sites, r.Aside, r.Named = a.sites(), a.aside, a.named()
	r.Check, r.Reload, r.Start = call.step("-t"), call.step("-k", "graceful"), call.step("-k", "start")
	r.Edit, r.Unsayable = a.edit, "$"
	return r, nil
}

var apachePrograms = []string{"apache2", "httpd"}

// apacheCaller is how this Apache is called: Debian's needs the variables of its envvars, which apache2ctl reads.
type apacheCaller struct {
	program string
	main    string   // the configuration
	config  string   // the same; "" where apache2ctl knows it
	env     []string // for apache2ctl
	defines []string // -D NAME that the running one was started with
}

func apacheCall(h daemon.Host, config string) (*apacheCaller, error) {
	dir := filepath.Dir(config)
	_, err := os.Stat(filepath.Join(dir, "envvars"))
	switch {
	case err == nil:
		return &apacheCaller{program: "apache2ctl", main: config, env: []string{"APACHE_CONFDIR=" + dir}}, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, daemon.Cannot("read", filepath.Join(dir, "envvars"), err)
	}
	program := "apache2"
	if _, err := h.Program(program); err != nil {
		program = "httpd"
	}
	return &apacheCaller{program: program, main: config, config: config}, nil
}

func (c *apacheCaller) step(args ...string) daemon.Step {
	if c.config != "" {
		argv := append([]string{c.program, "-f", c.config}, dashD(c.defines)...)
		return daemon.Step{Argv: append(argv, args...)}
	}
	env := slices.Clone(c.env)
	if len(c.defines) > 0 {
		env = append(env, "APACHE_ARGUMENTS=-D"+strings.Join(c.defines, " -D"))
	}
	if args[0] == "-k" {
		args = args[1:] // apache2ctl's own words: they mind systemd
	}
	return daemon.Step{Argv: append([]string{c.program}, args...), Env: env}
}

func dashD(names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, "-D", name)
	}
	return all
}

// ask has Apache tell its configuration. One that runs may have been started with -D: sections that wait for it are
// active in that one alone, so it is asked again with the same.
func (c *apacheCaller) ask(ctx context.Context, h daemon.Host) (apacheDump, error) {
	dump, err := c.askOnce(ctx, h)
	if err != nil {
		return dump, err
	}
	var seen []string
	if h.Running(dump.pidFile, apachePrograms...) {
		seen = startedWith(h, dump.pidFile)
	}
	for _, name := range daemon.AsStarted("apache", c.main, seen) {
		if _, known := dump.defines[name]; !known {
			c.defines = append(c.defines, name)
		}
	}
	if len(c.defines) == 0 {
		return dump, nil
	}
	return c.askOnce(ctx, h)
}

func (c *apacheCaller) askOnce(ctx context.Context, h daemon.Host) (apacheDump, error) {
	args := []string{"-t", "-D", "DUMP_VHOSTS", "-D", "DUMP_RUN_CFG", "-D", "DUMP_INCLUDES", "-D", "DUMP_CONFIG"}
	if module := infoModule(c.main); module != "" {
		// Read behind the configuration, so that no <IfModule> of it sees the module.
		args = append(args, "-c", "LoadModule info_module "+module)
	}
	st := c.step(args[:len(args):len(args)]...)
	out, err := h.Ask(ctx, st.Argv, st.Env...)
	if err != nil {
		return apacheDump{}, err
	}
	dump := parseApacheDump(out.Stdout)
	if dump.active == nil {
		return dump, fail.New(fail.Failed, "install Apache's mod_info.so next to its other modules; it need not be loaded",
			"%s cannot tell which of its directives are active", printable.Text(c.program))
	}
	return dump, nil
}

var moduleDirs = []string{"/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules",
	"/usr/lib64/apache2", "/usr/lib/apache2", "/usr/local/apache2/modules", "/usr/local/libexec/apache24"}

// infoModule finds mod_info.so: where the main configuration loads a module from, or else where distributions have
// them. A module of another Apache would not do.
func infoModule(config string) string {
	dirs := moduleDirs
	if own := modulesOf(config); own != "" {
		dirs = []string{own}
	}
	for _, dir := range dirs {
		path := filepath.Join(dir, "mod_info.so")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

func modulesOf(config string) string {
	data, _ := daemon.ReadFile(config)
	root := filepath.Dir(filepath.Dir(config))
	for _, l := range parseApache(config, string(data)) {
		words := strings.Fields(l.args)
		switch {
		case l.name == "serverroot":
			root = l.value
		case l.name == "loadmodule" && len(words) == 2 && !strings.Contains(words[1], "$"):
			return filepath.Dir(daemon.Below(root, strings.Trim(words[1], `"'`)))
		}
	}
	return ""
}

// notForMore are defines that say how a process runs, not what is active.
var notForMore = []string{"FOREGROUND", "NO_DETACH", "ONE_PROCESS", "DEBUG"}

// startedWith lists what the running Apache was given with -D.
func startedWith(h daemon.Host, pidFile string) []string {
	names := []string{}
	data, _ := os.ReadFile(h.Path(fmt.Sprintf("/proc/%d/cmdline", daemon.ReadPID(pidFile))))
	argv := strings.Split(string(data), "\x00")
	for i, arg := range argv {
		name, attached := strings.CutPrefix(arg, "-D")
		if name == "" && i+1 < len(argv) {
			name = argv[i+1]
		}
		if attached && name != "" && !slices.Contains(notForMore, name) {
			names = append(names, name)
		}
	}
	return names
}
