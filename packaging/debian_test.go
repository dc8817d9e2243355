package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const mirror = "http://deb.debian.org/debian"

// tool gives the path of a program. One that is missing is a failure in CI and a loud skip elsewhere.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing, and CI is to try packages with it", name)
	}
	t.Skipf("SKIPPED: %s is not installed, so no package was tried", name)
	return ""
}

// TestDebianPackage takes the package through its life on the Debian releases of today.
func TestDebianPackage(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" || os.Getuid() != 0 {
		t.Skip("SKIPPED without CERTDESK_ALL, and for all but root: it installs Debian into a directory")
	}
	tool(t, "debootstrap")
	t.Chdir("..")
	out := t.TempDir()
	if err := run(out, []string{"linux/amd64"}); err != nil {
		t.Fatal(err)
	}
	made, err := filepath.Glob(filepath.Join(out, "*.deb"))
	if err != nil || len(made) != 1 {
		t.Fatal(made, err)
	}
	t.Run("lintian", func(t *testing.T) {
		said, err := exec.Command(tool(t, "lintian"), "--fail-on", "error,warning", made[0]).CombinedOutput()
		if err != nil {
			t.Errorf("%v\n%s", err, said)
		}
	})
	commit, noCommit := exec.Command("git", "rev-parse", "HEAD").Output()
	if git, err := os.Stat(".git"); err == nil && git.IsDir() && noCommit == nil { // Go asks Git in no other checkout
		said := shell(t, `cd "$0" && dpkg-deb -x "$1" . && usr/bin/certdesk --version`, t.TempDir(), made[0])
		if !strings.Contains(said, ", commit "+strings.TrimSpace(string(commit))) {
			t.Errorf("%s is not of the commit %s", said, commit)
		}
	}
	newer := newerThan(t, made[0])
	for _, suite := range []string{"bookworm", "trixie"} {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			root := debian(t, suite)
			shell(t, "cp "+made[0]+" "+root+"/old.deb && cp "+newer+" "+root+"/new.deb")
			for _, step := range life {
				said := shell(t, inside, root, fails+step.does)
				for _, want := range step.says {
					if !strings.Contains(said, want) {
						t.Errorf("%s: it says\n%s\nand lacks %q", step.name, said, want)
					}
				}
			}
		})
	}
}

// inside runs a command in a directory that holds a Debian.
const inside = `exec unshare --mount sh -ec 'mount -t proc proc "$0/proc"
	exec chroot "$0" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root sh -euc "$1"' "$0" "$1"`

// fails is for commands that must not succeed; the shell's own ! does not end it.
const fails = "fails() { if \"$@\"; then echo \"this succeeds: $*\"; exit 1; fi; }; "

// life is what happens to a package, as commands of which each must succeed.
var life = []struct {
	name, does string
	says       []string
}{
	{"install", "dpkg -i /old.deb; dpkg -V certdesk; certdesk --version",
		[]string{"Setting up certdesk", "certdesk 0.", ", go1.", " linux/amd64\n"}},
	{"store and group", "stat -c '%U %a' /var/lib/certdesk; getent group certdesk", []string{"root 700\n", "certdesk:x:"}},
	{"the timer is enabled", "readlink /etc/systemd/system/timers.target.wants/certdesk.timer",
		[]string{"/systemd/system/certdesk.timer"}},
	{"the timer's command", "certdesk renew --due", nil},
	{"manuals", "man certdesk; man certdesk-renew; man certdesk.toml; man -k certdesk", []string{
		"CERTDESK(8)", "COMMANDS", "CERTDESK-RENEW(8)", "[accepted_domains]", "certdesk-history-verify (8)"}},
	{"bash", `bash -c '. /usr/share/bash-completion/bash_completion; _completion_loader certdesk; complete -p certdesk
		COMP_WORDS=(certdesk rem) COMP_CWORD=1 COMP_LINE="certdesk rem" COMP_POINT=12; __start_certdesk; echo "${COMPREPLY[@]}"'`,
		[]string{"__start_certdesk certdesk\n", "remove"}},
	{"zsh", `zsh -c 'autoload -Uz compinit; compinit -D; echo $_comps[certdesk]'`, []string{"_certdesk\n"}},
	{"a key, and a configuration that was edited", `
		sed -i 's/^#readers/readers/; s/^#server.*/server = "mx.example.org"/' /etc/certdesk/certdesk.toml
		echo secret >/etc/certdesk/tsig.key
		certdesk new --generate-request --friendly-name kept --subject-name CN=mx.example.org --path /root/kept.req
		certdesk list --json
		cd /var/lib/certdesk; stat -c %a .; sha256sum keys/* requests/* >/root/sums`, []string{`"mx.example.org"`, "\n750\n"}},
	{"a reader", `useradd -G certdesk anna; setpriv --reuid anna --regid anna --init-groups certdesk list
		fails setpriv --reuid anna --regid anna --init-groups cat /var/lib/certdesk/keys/*`, []string{"kept"}},
	{"the administrator wants no timer", "rm /etc/systemd/system/timers.target.wants/certdesk.timer", nil},
	{"upgrade", `dpkg --force-confdef --force-confold -i /new.deb; grep '^server' /etc/certdesk/certdesk.toml
		dpkg -s certdesk | grep Version; ls /etc/certdesk`,
		[]string{`server = "mx.example.org"`, "Version: 99\n", "certdesk.toml.dpkg-dist"}},
	{"nothing was lost by it", `cd /var/lib/certdesk; stat -c %a .; sha256sum -c --quiet /root/sums
		certdesk list; certdesk doctor
		fails ls /etc/systemd/system/timers.target.wants/certdesk.timer`, []string{"750\n", "kept"}},
	{"remove", `dpkg -r certdesk; fails command -v certdesk; cat /etc/certdesk/certdesk.toml
		sh -c "$(sed -n 's/.* root //p' /etc/cron.d/certdesk)"`, []string{`server = "mx.example.org"`}},
	{"purge", "dpkg -P certdesk; ls -A /etc/certdesk; fails ls /etc/cron.d/certdesk; fails dpkg -s certdesk",
		[]string{"\ntsig.key\nls:", "/var/lib/certdesk, with its keys, is kept"}},
	{"the keys outlive it", `cd /var/lib/certdesk; sha256sum -c --quiet /root/sums
		find /etc/systemd /var/lib/systemd -name 'certdesk*' >/root/left; fails grep . /root/left`, nil},
	{"installed again, the store is there", "dpkg -i /old.deb; certdesk list", []string{"kept"}},
}

// newerThan makes the next version of a package: the configuration that it brings differs from the one before.
func newerThan(t *testing.T, deb string) string {
	dir := t.TempDir()
	shell(t, "cd "+dir+" && dpkg-deb -R "+deb+" new && sed -i 's/^Version: .*/Version: 99/' new/DEBIAN/control &&"+
		"echo '# another line' >>new/etc/certdesk/certdesk.toml && rm new/DEBIAN/md5sums && dpkg-deb -b new")
	return filepath.Join(dir, "new.deb")
}

// debian is a new installation of a suite. What debootstrap makes is kept for the next time.
func debian(t *testing.T, suite string) string {
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	made := filepath.Join(cache, "certdesk-debian", suite+".tar")
	root := t.TempDir()
	if _, err := os.Stat(made); err != nil {
		shell(t, `debootstrap --variant=minbase --include=adduser,man-db,bash-completion,zsh "$0" "$1" "$2" &&
			mkdir -p "$(dirname "$3")" && tar -C "$1" -cf "$3.part" . && mv "$3.part" "$3"`, suite, root, mirror, made)
	} else {
		shell(t, "tar -C "+root+" -xf "+made)
	}
	return root
}

func shell(t *testing.T, command string, args ...string) string {
	t.Helper()
	said, err := exec.Command("sh", append([]string{"-c", command}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", command, args, err, said)
	}
	return string(said)
}
