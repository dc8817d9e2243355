package daemontest

import "testing"

// Nginx starts an https server. More than one pair is served by kind of key.
func Nginx(t testing.TB, pair Pair, more ...Pair) *Daemon {
	t.Helper()
	nginx := Need(t, "nginx")
	d := newDaemon(t, pair, "https")
	config := d.write("nginx.conf", `daemon off;
pid @DIR@/pid;
error_log @DIR@/log notice;
worker_processes 2;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path @DIR@/tmp; proxy_temp_path @DIR@/tmp; fastcgi_temp_path @DIR@/tmp; uwsgi_temp_path @DIR@/tmp; scgi_temp_path @DIR@/tmp;
  server {
    listen 127.0.0.1:@https@ ssl default_server;
    server_name mail.example.test;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate @CERT@;
    ssl_certificate_key @KEY@;
`+d.more(more, "    ssl_certificate %CERT%;\n    ssl_certificate_key %KEY%;\n")+`    location / { return 200 "ok"; }
  }
}
`)
	d.Config, d.Reload = config, []string{nginx, "-p", d.Dir, "-c", config, "-e", d.log, "-s", "reload"}
	return d.serve(nginx, "-p", d.Dir, "-c", config, "-e", d.log)
}

// Apache starts an https server. More than one pair is served by kind of key.
func Apache(t testing.TB, pair Pair, more ...Pair) *Daemon {
	t.Helper()
	apache := Need(t, "apache2")
	d := newDaemon(t, pair, "https")
	config := d.write("apache2.conf", asRoot("User www-data\nGroup www-data\n")+`ServerRoot @DIR@
PidFile @DIR@/pid
DefaultRuntimeDir @DIR@
Mutex file:@DIR@
ErrorLog @DIR@/log
ServerName mail.example.test
Listen 127.0.0.1:@https@ https
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule socache_shmcb_module /usr/lib/apache2/modules/mod_socache_shmcb.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
SSLSessionCache shmcb:@DIR@/scache(512000)
StartServers 1
MinSpareThreads 5
ThreadsPerChild 10
ServerLimit 4
MaxRequestWorkers 40
DocumentRoot @DIR@
<VirtualHost 127.0.0.1:@https@>
  ServerName mail.example.test
  SSLEngine on
  SSLProtocol -all +TLSv1.2 +TLSv1.3
  SSLCertificateFile @CERT@
  SSLCertificateKeyFile @KEY@
`+d.more(more, "  SSLCertificateFile %CERT%\n  SSLCertificateKeyFile %KEY%\n")+`</VirtualHost>
`)
	d.Config, d.Reload = config, []string{apache, "-d", d.Dir, "-f", config, "-k", "graceful"}
	return d.serve(apache, "-d", d.Dir, "-f", config, "-DFOREGROUND")
}
