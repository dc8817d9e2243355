package daemontest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const nginxConf = `# A comment that stays.
pid DIR/nginx.pid;
error_log DIR/error.log notice;
worker_processes 2;
events { worker_connections 64; }
http {
  access_log off; ssl_protocols TLSv1.2 TLSv1.3; fastcgi_temp_path DIR/tmp;
  client_body_temp_path DIR/tmp; proxy_temp_path DIR/tmp; uwsgi_temp_path DIR/tmp; scgi_temp_path DIR/tmp;
  server {
    listen 127.0.0.1:PORT ssl default_server;
    server_name mail.example.test;
    ssl_certificate DIR/tls/cert.pem; # the pair
    ssl_certificate_key "DIR/tls/key.pem";
    return 200 "hi";
  }
  server {
    listen 127.0.0.1:PORT ssl;
    server_name www.example.org;
    ssl_certificate DIR/tls/cert.pem;
    ssl_certificate_key DIR/tls/key.pem;
    return 200 "other";
  }
}
`

// Nginx runs one port with a host for Name and one for www.example.org.
func Nginx(t testing.TB, p Pair, adapt ...func(root, text string) string) *Daemon {
	t.Helper()
	Need(t, "nginx", "openssl")
	root := dir(t, "tls", "tmp")
	port := ports(t, 1)[0]
	d := &Daemon{Dir: root, Config: filepath.Join(root, "nginx.conf"), Cert: filepath.Join(root, "tls/cert.pem"),
		Key: filepath.Join(root, "tls/key.pem"),
		Log: filepath.Join(root, "error.log"), pid: filepath.Join(root, "nginx.pid"),
		URLs: []string{fmt.Sprintf("https://127.0.0.1:%d", port)}}
	d.File = d.Config
	d.Reload = []string{"nginx", "-c", d.Config, "-s", "reload"}
	d.place(t, nginxConf, port, adapt)
	p.Install(t, d.Cert, d.Key)
	run(t, "nginx", "-c", d.Config)
	return d.started(t)
}

const apacheConf = `# A comment that stays.
ServerRoot DIR
PidFile DIR/run/apache2.pid
DefaultRuntimeDir DIR/run
Mutex file:DIR/run
ErrorLog DIR/error.log
LogLevel warn
ServerName mail.example.test
Listen 127.0.0.1:PORT https
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule socache_shmcb_module /usr/lib/apache2/modules/mod_socache_shmcb.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
SSLSessionCache shmcb:DIR/run/scache(512000)
StartServers 1
MinSpareThreads 5
ThreadsPerChild 10
ServerLimit 4
MaxRequestWorkers 40
DocumentRoot DIR/www
<VirtualHost 127.0.0.1:PORT>
  ServerName mail.example.test
  SSLEngine on
  SSLCertificateFile DIR/tls/cert.pem
  SSLCertificateKeyFile "DIR/tls/key.pem"
  SSLProtocol -all +TLSv1.2 +TLSv1.3
</VirtualHost>
<VirtualHost 127.0.0.1:PORT>
  ServerName www.example.org
  SSLEngine on
  SSLCertificateFile DIR/tls/cert.pem
  SSLCertificateKeyFile DIR/tls/key.pem
</VirtualHost>
`

// Apache runs one port with a host for Name and one for www.example.org.
func Apache(t testing.TB, p Pair, adapt ...func(root, text string) string) *Daemon {
	t.Helper()
	Need(t, "apache2", "openssl")
	root := dir(t, "tls", "run", "www")
	port := ports(t, 1)[0]
	d := &Daemon{Dir: root, Config: filepath.Join(root, "apache2.conf"), Cert: filepath.Join(root, "tls/cert.pem"),
		Key: filepath.Join(root, "tls/key.pem"),
		Log: filepath.Join(root, "error.log"), pid: filepath.Join(root, "run/apache2.pid"),
		URLs: []string{fmt.Sprintf("https://127.0.0.1:%d", port)}}
	d.File, d.Reload = d.Config, []string{"apache2", "-f", d.Config, "-k", "graceful"}
	user := func(_, text string) string {
		if os.Geteuid() != 0 {
			return text
		}
		return strings.Replace(text, "StartServers", "User www-data\nGroup www-data\nStartServers", 1)
	}
	d.place(t, apacheConf, port, append(adapt, user))
	p.Install(t, d.Cert, d.Key)
	run(t, "apache2", "-f", d.Config, "-k", "start")
	return d.started(t)
}

// place writes the configuration.
func (d *Daemon) place(t testing.TB, text string, port int, adapt []func(root, text string) string) {
	t.Helper()
	text = strings.NewReplacer("DIR", d.Dir, "PORT", fmt.Sprint(port)).Replace(text)
	for _, a := range adapt {
		text = a(d.Dir, text)
	}
	write(t, d.Config, text)
}
