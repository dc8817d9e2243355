package daemontest

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// Beside has a daemon serve a second pair, of the other kind of key: what it gives is an adapt of that daemon's.
func Beside(t testing.TB, daemon string, p Pair) func(at, text string) string {
	t.Helper()
	root := dir(t)
	cert, key := filepath.Join(root, "cert.pem"), filepath.Join(root, "key.pem")
	p.Install(t, cert, key)
	return func(at, text string) string {
		switch daemon {
		case "postfix":
			if at == "main.cf" {
				text += fmt.Sprintf("smtpd_tls_eccert_file = %s\nsmtpd_tls_eckey_file = %s\n", cert, key)
			}
		case "dovecot":
			text += fmt.Sprintf("ssl_alt_cert = <%s\nssl_alt_key = <%s\n", cert, key)
		case "nginx":
			more := fmt.Sprintf("ssl_certificate %s; ssl_certificate_key %s;\n    return 200", cert, key)
			text = strings.ReplaceAll(text, "return 200", more)
		case "apache":
			more := fmt.Sprintf("  SSLCertificateFile %s\n  SSLCertificateKeyFile %s\n</VirtualHost>", cert, key)
			text = strings.ReplaceAll(text, "</VirtualHost>", more)
		}
		return text
	}
}
