package daemontest

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

var starttls = map[string]string{"smtp": "smtp", "imap": "imap", "pop3": "pop3", "sieve": "sieve", "lmtp": "lmtp"}

// Served asks a port with openssl s_client and gives the SHA-256 of the leaf it sent, "" if there was no handshake.
// more are further options of s_client.
func Served(url, name string, more ...string) string {
	scheme, address, _ := strings.Cut(url, "://")
	args := []string{"s_client", "-connect", address}
	if s := starttls[scheme]; s != "" {
		args = append(args, "-starttls", s)
	}
	if name == "" {
		args = append(args, "-noservername")
	} else {
		args = append(args, "-servername", name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	out, _ := exec.CommandContext(ctx, "openssl", append(args, more...)...).Output()
	block, _ := pem.Decode(out)
	if block == nil || !strings.Contains(string(out), "Cipher is ") || strings.Contains(string(out), "Cipher is (NONE)") {
		return ""
	}
	sum := sha256.Sum256(block.Bytes)
	return hex.EncodeToString(sum[:])
}

// Await asks until a port served a leaf three times in a row, the last time asked by openssl, which has the last word
// and costs most; last is "" or another's sum if it never did. more are options for openssl, which then asks alone.
func Await(url, name, sum string, limit time.Duration, more ...string) (last string, ok bool) {
	hits := 0
	for end := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		if hits < 2 && len(more) == 0 {
			last = peek(url, name)
		} else {
			last = Served(url, name, more...)
		}
		if hits++; last != sum {
			hits = 0
		}
		if hits == 3 || time.Now().After(end) {
			return last, hits == 3
		}
	}
}

// peek asks as Served does, without a process.
func peek(url, name string) string {
	scheme, address, _ := strings.Cut(url, "://")
	c, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return ""
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(5 * time.Second))
	leaf, err := upgrade(c, scheme, name)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(leaf)
	return hex.EncodeToString(sum[:])
}

// Visitor connects without pause to the ports of a daemon, one after the other.
type Visitor struct {
	stop context.CancelFunc
	done sync.WaitGroup
	// Refused connections, failed handshakes, all attempts.
	Refused, Failed, All int
	Why                  []string // of each failure
}

// Visit begins to connect. One port alone would starve the others where a process serves one connection at a time.
func Visit(t testing.TB, urls []string) *Visitor {
	ctx, cancel := context.WithCancel(context.Background())
	v := &Visitor{stop: cancel}
	v.done.Add(1)
	go func() {
		defer v.done.Done()
		for ctx.Err() == nil {
			v.once(urls[v.All%len(urls)])
		}
	}()
	t.Cleanup(v.Leave)
	return v
}

// Leave ends the visits; the counts are valid behind it.
func (v *Visitor) Leave() {
	v.stop()
	v.done.Wait()
}

// patience is how long a visitor waits: on a machine that does much else, to be served late is not to be refused.
const patience = 30 * time.Second

func (v *Visitor) once(url string) {
	scheme, address, _ := strings.Cut(url, "://")
	v.All++
	c, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		v.Refused++
		v.Why = append(v.Why, err.Error())
		time.Sleep(time.Millisecond)
		return
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	if _, err := upgrade(c, scheme, ""); err != nil {
		v.Failed++
		v.Why = append(v.Why, err.Error())
	}
}

// goesOn says whether another line of the same answer follows.
func goesOn(scheme, line string) bool {
	if scheme == "sieve" {
		return strings.HasPrefix(line, `"`)
	}
	return (scheme == "smtp" || scheme == "lmtp") && len(line) > 3 && line[3] == '-'
}

// upgrade speaks up to the end of the handshake, takes its leave and gives the leaf.
func upgrade(c net.Conn, scheme, name string) ([]byte, error) {
	r := bufio.NewReader(c)
	say := func(line string) (string, error) {
		if line != "" {
			fmt.Fprintf(c, "%s\r\n", line)
		}
		for {
			got, err := r.ReadString('\n')
			if err != nil || !goesOn(scheme, got) {
				return got, err
			}
		}
	}
	for _, line := range map[string][]string{"smtp": {"", "EHLO client", "STARTTLS"}, "imap": {"", "a STARTTLS"},
		"pop3":  {"", "STLS"},
		"sieve": {"", "STARTTLS"}, "lmtp": {"", "LHLO client", "STARTTLS"}}[scheme] {
		if got, err := say(line); err != nil || strings.HasPrefix(got, "4") || strings.HasPrefix(got, "5") {
			return nil, fmt.Errorf("%s: %q %v", line, got, err)
		}
	}
	conn := tls.Client(c, &tls.Config{InsecureSkipVerify: true, ServerName: name})
	if err := conn.Handshake(); err != nil {
		return nil, err
	}
	if bye := map[string]string{"smtp": "QUIT", "smtps": "QUIT", "imap": "b LOGOUT", "imaps": "b LOGOUT", "pop3": "QUIT",
		"pop3s": "QUIT"}[scheme]; bye != "" {
		fmt.Fprintf(conn, "%s\r\n", bye)
	}
	return conn.ConnectionState().PeerCertificates[0].Raw, nil
}
