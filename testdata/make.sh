#!/bin/sh
# Makes testdata/certs and testdata/formats anew. Their outputs are committed: tests need no openssl for them.
# Wants openssl 3.0 or later (with its legacy provider), what make-odd.sh wants, and perl, which patches bytes openssl would not write.
# Keys, serials and signatures differ from run to run; names, dates and forms do not. Passwords: formats/README.md.
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$here/certs" "$here/formats"
mkdir "$here/certs" "$here/formats"
cd "$work"

cat >ca.cnf <<'CNF'
[ca]
default_ca = any
[any]
database = index
new_certs_dir = .
serial = serial
default_md = sha256
policy = policy
preserve = yes
unique_subject = no
email_in_dn = yes
[policy]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
organizationalUnitName = optional
commonName = optional
emailAddress = optional
domainComponent = optional
[req]
distinguished_name = dn
string_mask = utf8only
[dn]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[inter]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CNF
: >index
: >index.attr

rsa() { openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:$1" -out "$2.key" 2>/dev/null; }
ec() { openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$1" -pkeyopt ec_param_enc:named_curve -out "$2.key"; }
serial() { openssl rand -hex 16 | sed 's/^./4/' >serial; }

# request NAME SUBJECT [MASK]: the request for NAME.key; MASK is openssl's string mask.
request() {
	sed "s/utf8only/${3:-utf8only}/" ca.cnf >req.cnf
	openssl req -new -utf8 -config req.cnf -key "$1.key" -subj "$2" -out "$1.csr"
}

# issue NAME ISSUER EXTENSIONS [NOT-BEFORE NOT-AFTER] [openssl ca options]: from NAME.csr, ISSUER.key, ISSUER.pem
issue() {
	name=$1 issuer=$2 ext=$3 from=${4:-20260101000000Z} to=${5:-20460101000000Z}
	shift 3; [ $# -gt 0 ] && shift; [ $# -gt 0 ] && shift
	[ -e keep-serial ] && rm keep-serial || serial
	{ echo "[ext]"; printf '%b' "$ext"; } >ext.cnf
	self=
	[ "$issuer" = "$name" ] && self=-selfsign
	[ -n "$self" ] || self="-cert $issuer.pem"
	openssl ca -batch -notext -config ca.cnf $self -keyfile "$issuer.key" -in "$name.csr" \
		-extfile ext.cnf -extensions ext -startdate "$from" -enddate "$to" "$@" -out "$name.pem" 2>ca.log || { cat ca.log; exit 1; }
	cp "$name.pem" "$here/certs/$name.pem"
}

ca_ext='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n'
leaf_ext='basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n'
mail="${leaf_ext}subjectAltName=DNS:mail.example.org,DNS:autodiscover.example.org\n"

rsa 2048 root
request root '/C=BE/O=Example Trust/CN=Example Root CA'
issue root root "$ca_ext"
rsa 2048 intermediate
request intermediate '/C=BE/O=Example Trust/CN=Example Issuing CA 1'
issue intermediate root "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
# The same intermediate, signed by another root: a cross-signed chain.
ec P-256 root2
request root2 '/C=BE/O=Example Trust/CN=Example Root CA 2'
issue root2 root2 "$ca_ext"
cp intermediate.key intermediate-cross.key
cp intermediate.csr intermediate-cross.csr
issue intermediate-cross root2 "$ca_ext"

# Keys.
for bits in 1024 2048 3072 4096; do
	rsa $bits rsa$bits
	request rsa$bits '/CN=mail.example.org'
	issue rsa$bits intermediate "$mail"
done
for curve in 256 384; do
	ec P-$curve ecdsa-p$curve
	request ecdsa-p$curve '/CN=mail.example.org'
	issue ecdsa-p$curve intermediate "$mail"
done
openssl genpkey -algorithm ED25519 -out ed25519.key
request ed25519 '/CN=mail.example.org'
issue ed25519 intermediate "$mail"

# leaf NAME SUBJECT EXTENSIONS [MASK] [NOT-BEFORE NOT-AFTER] [openssl ca options]: an ECDSA leaf of the intermediate.
leaf() {
	n=$1 subject=$2 e=$3 mask=${4:-utf8only}
	shift 3; [ $# -gt 0 ] && shift
	ec P-256 "$n"
	request "$n" "$subject" "$mask"
	issue "$n" intermediate "$e" "$@"
}

# Signatures and dates.
leaf sha1-signed /CN=mail.example.org "$mail" '' '' '' -md sha1
leaf sha384-signed /CN=mail.example.org "$mail" '' '' '' -md sha384
leaf pss-signed /CN=mail.example.org "$mail" '' '' '' -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32
leaf expired /CN=mail.example.org "$mail" '' 20200101000000Z 20210101000000Z
leaf not-yet-valid /CN=mail.example.org "$mail" '' 20450101000000Z 20460101000000Z
leaf far-future /CN=mail.example.org "$mail" '' 20260101000000Z 20991231235959Z
echo 00FEDCBA98765432100123456789ABCDEF01234567 >serial; : >keep-serial
leaf serial-20-octets /CN=mail.example.org "$mail"
echo 80 >serial; : >keep-serial
leaf serial-high-bit /CN=mail.example.org "$mail"
echo 01 >serial; : >keep-serial
leaf serial-one /CN=mail.example.org "$mail"

# Self-signed, CA as leaf.
ec P-256 self-signed
request self-signed /CN=mail01.example.org
issue self-signed self-signed "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:mail01.example.org,DNS:mail01\n"
leaf ca-as-leaf /CN=mail.example.org "${ca_ext}subjectAltName=DNS:mail.example.org\n"

# Names.
leaf wildcard '/CN=*.example.org' "${leaf_ext}subjectAltName=DNS:*.example.org,DNS:example.org\n"
leaf many-kinds '/CN=mail.example.org' "${leaf_ext}subjectAltName=DNS:mail.example.org,DNS:xn--bcher-kva.example,IP:192.0.2.25,IP:2001:db8::25,email:postmaster@example.org,URI:https://example.org/,RID:1.2.3.4,dirName:dir\n[dir]\nCN=a directory name\n"
leaf no-san '/CN=mail.example.org' "$leaf_ext"
leaf no-cn '/O=Example' "${leaf_ext}subjectAltName=DNS:mail.example.org\n"
leaf empty-subject '/' "${leaf_ext}subjectAltName=critical,DNS:mail.example.org\n"
leaf no-extensions '/CN=mail.example.org' ''
leaf client-auth '/CN=mail.example.org' "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:mail.example.org\nauthorityKeyIdentifier=keyid\nauthorityInfoAccess=OCSP;URI:http://ocsp.example.org,caIssuers;URI:http://ca.example.org/ca.cer\ncrlDistributionPoints=URI:http://ca.example.org/ca.crl\n"
many=$(i=1; while [ $i -le 300 ]; do printf 'DNS.%d=host%03d.example.org\\n' $i $i; i=$((i + 1)); done)
leaf names-300 '/CN=host001.example.org' "${leaf_ext}subjectAltName=@many\n[many]\n$many"

# Subjects.
leaf cn-comma-quote '/C=BE/O=Beer, Wine & "Co", Ltd.; <x> #1 \+ \\/CN= mail, \"quoted\" = 1 ' "$mail"
leaf utf8 '/C=BE/L=Liège/O=Bücher & Söhne/CN=Почта' "$mail"
leaf bmp '/C=BE/O=Bücher/CN=Почта' "$mail" MASK:0x802
leaf t61 '/C=BE/O=Bücher/CN=mail' "$mail" MASK:0x6
leaf cn-64 '/CN=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.org' "$mail"
leaf multi-valued-rdn '/C=BE/OU=Mail+CN=mail.example.org+L=Gent' "$mail"
leaf attributes '/DC=org/DC=example/C=BE/ST=Vlaanderen/L=Gent/O=Example/OU=Mail/OU=Servers/CN=mail.example.org/emailAddress=postmaster@example.org' "$mail"
leaf hostile "$(printf '/O=\033]0;owned\007\033[2J\302\233m/OU=\342\200\256gro.elpmaxe\342\200\254\342\200\213/CN=mail\r\nCN=root')" "$mail"

# A NUL in a name openssl does not take from anywhere: written as ~, patched, signed anew.
leaf nul '/CN=bank.example.org~.evil.example' "${leaf_ext}subjectAltName=DNS:bank.example.org~.evil.example\n"
openssl x509 -in nul.pem -outform DER -out nul.der
openssl asn1parse -inform DER -in nul.der -strparse 4 -noout -out nul.tbs
perl -0777 -pi -e 's/org~/org\0/g' nul.tbs
openssl dgst -sha256 -sign intermediate.key -out nul.sig nul.tbs
perl -0777 -e '
	sub slurp { local $/; open my $f, "<:raw", $_[0]; <$f> }
	sub tlv { my ($t, $v) = @_; my $n = length $v; chr($t) . ($n < 128 ? chr $n : $n < 256 ? "\x81" . chr $n : "\x82" . pack "n", $n) . $v }
	binmode STDOUT;
	print tlv(0x30, slurp("nul.tbs") . pack("H*", "300d06092a864886f70d01010b0500") . tlv(3, "\0" . slurp("nul.sig")))' >nul.der
openssl x509 -inform DER -in nul.der -out "$here/certs/nul.pem"

# ---- formats: rsa2048 with its chain in every form ----
out=$here/formats
cp rsa2048.key "$out/key.pem"
cp rsa2048.csr "$out/request.pem"
cp rsa2048.pem "$out/leaf.pem"
cat intermediate.pem root.pem >chain.pem
cat rsa2048.pem chain.pem >"$out/fullchain.pem"
cat root.pem rsa2048.pem intermediate.pem rsa2048.pem >"$out/shuffled-twice.pem"
cat rsa2048.key rsa2048.pem chain.pem >"$out/all.pem"
cp ecdsa-p256.key "$out/other-key.pem"
cd "$out"
openssl x509 -in leaf.pem -outform DER -out leaf.der
{ cat leaf.der; echo; } >leaf-newline.der
openssl req -in request.pem -outform DER -out request.der
openssl rsa -in key.pem -outform DER -traditional -out key-pkcs1.der 2>/dev/null
openssl rsa -in key.pem -traditional -out key-pkcs1.pem 2>/dev/null
openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out key-pkcs8.der
{ openssl ecparam -name prime256v1; openssl ec -in other-key.pem 2>/dev/null; } >key-sec1.pem
openssl pkcs8 -topk8 -in key.pem -passout pass:secret -out key-encrypted.pem
openssl pkcs8 -topk8 -in key.pem -passout pass:secret -v1 PBE-SHA1-3DES -out key-encrypted-3des.pem
openssl pkcs8 -topk8 -in key.pem -passout pass:secret -scrypt -out key-encrypted-scrypt.pem
openssl rsa -in key.pem -traditional -aes256 -passout pass:secret -out key-encrypted-old.pem 2>/dev/null
openssl pkey -in key.pem -pubout -out public.pem
openssl crl2pkcs7 -nocrl -certfile fullchain.pem -out chain.p7b
openssl crl2pkcs7 -nocrl -certfile fullchain.pem -outform DER -out chain.der.p7b
openssl crl2pkcs7 -nocrl -outform DER -out none.p7b
echo x | openssl cms -sign -stream -signer leaf.pem -inkey key.pem -certfile "$work/chain.pem" -outform DER -out ber.p7b
openssl ca -config "$work/ca.cnf" -gencrl -crldays 1 -keyfile "$work/root.key" -cert "$work/root.pem" -out crl.pem 2>/dev/null || \
	(cd "$work" && openssl ca -config ca.cnf -gencrl -crldays 1 -keyfile root.key -cert root.pem -out "$out/crl.pem" 2>/dev/null)

pfx() { name=$1; shift; openssl pkcs12 -export -inkey key.pem -in leaf.pem -certfile "$work/chain.pem" -name secure_smtp -passout "pass:${password-secret}" -out "$name.pfx" "$@"; }
pfx default
pfx rc2 -legacy
pfx 3des -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
pfx aes128 -keypbe AES-128-CBC -certpbe AES-128-CBC
pfx sha512-mac -macalg sha512
pfx sha384-mac -macalg sha384
pfx camellia -keypbe CAMELLIA-256-CBC -certpbe CAMELLIA-256-CBC
pfx no-mac -nomac
pfx in-clear -keypbe NONE -certpbe NONE
pfx in-clear-no-mac -keypbe NONE -certpbe NONE -nomac
pfx iterations-600000 -iter 600000
password= pfx empty-password
password= pfx empty-password-3des -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
password=Пароль-ß pfx utf8-password
password=Пароль-ß pfx utf8-password-3des -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
password=🔑secret pfx emoji-password
openssl pkcs12 -export -nocerts -inkey key.pem -passout pass:secret -out key-only.pfx
openssl pkcs12 -export -nokeys -in fullchain.pem -passout pass:secret -out certs-only.pfx
openssl pkcs12 -export -inkey other-key.pem -in "$work/ecdsa-p256.pem" -passout pass:secret -out ecdsa.pfx
openssl pkcs12 -export -inkey "$work/ed25519.key" -in "$work/ed25519.pem" -passout pass:secret -out ed25519.pfx
head -c 1500 default.pfx >truncated.pfx
perl -0777 -pe 's/(.{600})./$1\xa5/s' default.pfx >flipped.pfx
# BER: the outermost element with an indefinite length, as NSS and old EJBCA write it.
perl -0777 -pe 's/^\x30\x82../\x30\x80/s; $_ .= "\0\0"' default.pfx >ber.pfx
# 2^31, 0 and -1 MAC iterations; MacData is the last element, its count the last integer.
perl -0777 -pe 'my $n = unpack "n", substr $_, 2, 2; substr($_, 2, 2) = pack "n", $n + 3;
	s/\x02\x02\x08\x00$/\x02\x05\x00\x80\x00\x00\x00/; my $at = rindex $_, "\x30\x41\x30\x31"; substr($_, $at + 1, 1) = "\x44"' default.pfx >iterations-2-31.pfx
perl -0777 -pe 's/\x02\x02\x08\x00$/\x02\x02\x00\x00/' default.pfx >iterations-0.pfx
perl -0777 -pe 's/\x02\x02\x08\x00$/\x02\x02\xff\xff/' default.pfx >iterations-minus.pfx
# The same in the key's encryption: from a count of three octets.
pfx counted -iter 65537 -maciter
perl -0777 -pe 's/\x02\x03\x01\x00\x01/\x02\x03\x7f\xff\xff/g' counted.pfx >iterations-inside.pfx
rm counted.pfx

# PEM as editors, mail programs and shells leave it.
{ printf '\357\273\277'; cat leaf.pem; } >bom.pem
{ printf '\377\376'; iconv -t UTF-16LE leaf.pem; } >utf16le-bom.pem
iconv -t UTF-16LE leaf.pem >utf16le.pem
{ printf '\376\377'; iconv -t UTF-16BE leaf.pem; } >utf16be-bom.pem
sed 's/$/\r/' fullchain.pem >crlf.pem
tr '\n' '\r' <leaf.pem >cr.pem
sed 's/^/> /' fullchain.pem >quoted.pem
sed 's/^/    /' leaf.pem >indented.pem
tr '\n' ' ' <leaf.pem >one-line.pem
perl -0777 -pe 's/\n/\\n/g' leaf.pem >backslash-n.pem
grep -v -e ----- leaf.pem >bare-base64.txt
{ echo "Dear customer, here it is:"; cat leaf.pem; echo "Regards - 100% pure ------"; echo "-- "; cat "$work/chain.pem"; } >text-around.pem
{ printf 'certificate: '; cat leaf.pem; } >text-before-begin.pem
openssl x509 -in leaf.pem -text >with-text.pem
openssl x509 -in leaf.pem -trustout -addtrust serverAuth -out trusted.pem
sed '5s/^..../****/' fullchain.pem >damaged-base64.pem
head -c 700 leaf.pem >truncated.pem
sed 's/END CERTIFICATE/END CERT/' leaf.pem >end-mismatch.pem

# What is none of ours.
printf '\376\355\376\355\0\0\0\2\0\0\0\0' >keystore.jks
printf 'PK\003\004\024\0\0\0' >archive.zip
printf -- '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n' >openpgp.asc
printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU=\n-----END OPENSSH PRIVATE KEY-----\n' >openssh.key
printf '<!DOCTYPE html>\n<html><body>Sign in</body></html>\n' >page.cer
printf 'hello\n' >text.pem
: >empty.pem

cat >README.md <<'MD'
# Every file format, one leaf

`leaf.pem` (RSA 2048, the same as `../certs/rsa2048.pem`), `key.pem`, and its chain, in the forms of the file names.
Made by `../make.sh`, and by `../make-odd.sh` what Java, NSS and GnuTLS write, and what Go does not read (`odd-*`). The keys are for tests only; anybody has them.

| files | password |
|---|---|
| `*.pfx`, `*.p12`, `*.jks`, `*.jceks`, `key-encrypted*` | `secret` |
| `empty-password*.pfx` | the empty one |
| `utf8-password*.pfx` | `Пароль-ß` |
| `emoji-password.pfx` | `🔑secret` |
| `in-clear-no-mac.pfx` | none |
MD
sh "$here/make-odd.sh"
du -sk "$here"
