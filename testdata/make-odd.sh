#!/bin/sh
# Makes those files of testdata/formats anew that others' programs write: Java's keytool, NSS's pk12util, GnuTLS's
# certtool, and openssl where it writes what Go does not read. Wants all four, zip and perl. Run by make.sh, or alone
# after it. Password: secret.
set -eu
umask 022
out=$(cd "$(dirname "$0")" && pwd)/formats
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# signed NAME KEY: NAME.tbs, signed by KEY with SHA-256 and RSA, as NAME.pem.
signed() {
	openssl dgst -sha256 -sign "$2" -out "$1.sig" "$1.tbs"
	perl -0777 -e '
		sub slurp { local $/; open my $f, "<:raw", $_[0]; <$f> }
		sub tlv { my ($t, $v) = @_; my $n = length $v; chr($t) . ($n < 128 ? chr $n : $n < 256 ? "\x81" . chr $n : "\x82" . pack "n", $n) . $v }
		binmode STDOUT;
		print tlv(0x30, slurp("$ARGV[0].tbs") . pack("H*", "300d06092a864886f70d01010b0500") . tlv(3, "\0" . slurp("$ARGV[0].sig")))' "$1" >"$1.der"
	openssl x509 -inform DER -in "$1.der" -out "$out/$1.pem"
}
# selfsigned NAME KEY [options of openssl req]
selfsigned() {
	name=$1 key=$2; shift 2
	openssl req -x509 -key "$key" -subj /CN=odd.example.org -addext subjectAltName=DNS:odd.example.org -days 7000 "$@" -out "$name.pem"
}
# patched NAME EXPRESSION: a certificate by key.pem, its signed part changed by perl and signed anew.
patched() {
	selfsigned "$1" "$out/key.pem" -set_serial 0x4123456789abcdef
	openssl x509 -in "$1.pem" -outform DER -out "$1.der"
	openssl asn1parse -inform DER -in "$1.der" -strparse 4 -noout -out "$1.tbs"
	perl -0777 -pi -e "$2" "$1.tbs"
	signed "$1" "$out/key.pem"
}
patched odd-negative-serial 's/\x02\x08\x41\x23/\x02\x08\x81\x23/'
patched odd-date 's/\x17\x0d(\d{10})\d\dZ/\x17\x0d${1}+0Z/'
patched odd-boolean 's/\x01\x01\xff/\x01\x01\x01/'

openssl ecparam -name prime256v1 -genkey -noout -param_enc explicit -out "$out/odd-explicit-curve.key"
selfsigned odd-explicit-curve "$out/odd-explicit-curve.key" && cp odd-explicit-curve.pem "$out"
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1 -out brainpool.key
selfsigned odd-brainpool brainpool.key && cp odd-brainpool.pem "$out"
openssl pkcs12 -export -inkey brainpool.key -in odd-brainpool.pem -passout pass:secret -out "$out/odd-brainpool.pfx"
openssl genpkey -algorithm ED448 -out ed448.key
selfsigned odd-ed448 ed448.key && cp odd-ed448.pem "$out"
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:1024 -out "$out/odd-pss.key" 2>/dev/null
openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out dsa.param 2>/dev/null
openssl genpkey -paramfile dsa.param -out dsa.key
openssl dsa -in dsa.key -out "$out/odd-dsa.key" 2>/dev/null

# Java: two keys and a root in each; legacy.p12 as Java 8 wrote it.
for type in JKS JCEKS PKCS12; do
	file=$out/java.$(echo $type | sed 's/PKCS12/p12/' | tr A-Z a-z)
	rm -f "$file"
	openssl pkcs12 -export -inkey "$out/key.pem" -in "$out/leaf.pem" -certfile "$out/../certs/intermediate.pem" -name "Mail Server" -passout pass:secret -out one.p12
	keytool -importkeystore -srckeystore one.p12 -srcstorepass secret -destkeystore "$file" -deststoretype $type -deststorepass secret 2>/dev/null
	openssl pkcs12 -export -inkey "$out/other-key.pem" -in "$out/../certs/ecdsa-p256.pem" -name other -passout pass:secret -out two.p12
	keytool -importkeystore -srckeystore two.p12 -srcstorepass secret -destkeystore "$file" -deststoretype $type -deststorepass secret 2>/dev/null
	keytool -importcert -noprompt -alias root -file "$out/../certs/root.pem" -storetype $type -keystore "$file" -storepass secret 2>/dev/null
done
rm -f "$out/java-legacy.p12" "$out/java-trust.jks"
keytool -importkeystore -srckeystore "$out/java.jks" -srcstorepass secret -destkeystore "$out/java-legacy.p12" -deststoretype PKCS12 -deststorepass secret -J-Dkeystore.pkcs12.legacy 2>/dev/null
keytool -importcert -noprompt -alias root -file "$out/../certs/root.pem" -storetype JKS -keystore "$out/java-trust.jks" -storepass secret 2>/dev/null

# NSS writes BER with indefinite lengths and strings in pieces.
mkdir db && echo secret >pw
certutil -N -d sql:db -f pw
pk12util -i one.p12 -d sql:db -k pw -w pw >/dev/null
pk12util -o "$out/nss.p12" -n "Mail Server" -d sql:db -k pw -w pw >/dev/null
pk12util -o "$out/nss-rc2.p12" -n "Mail Server" -d sql:db -k pw -w pw -c "PKCS #12 V2 PBE With SHA-1 And 40 Bit RC2 CBC" -C "PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC" >/dev/null
for cipher in 3des-pkcs12 aes-256; do
	certtool --load-privkey "$out/key.pem" --load-certificate "$out/leaf.pem" --to-p12 --p12-name mail --password secret --pkcs-cipher $cipher --outder --outfile "$out/gnutls-$cipher.p12" 2>/dev/null
done

# What a CA sends, and what is none of ours.
mkdir answer && cp "$out/leaf.pem" answer/mail_example_org.crt && cp "$out/chain.p7b" answer/ && echo "Thank you for your order." >answer/README.txt
rm -f "$out/answer.zip" "$out/nested.zip"
(cd answer && zip -q "$out/answer.zip" ./* && zip -q inner.zip README.txt && zip -q "$out/nested.zip" inner.zip)
openssl cms -encrypt -in "$out/leaf.pem" -outform PEM -out "$out/encrypted.p7m" "$out/leaf.pem"
openssl smime -sign -signer "$out/leaf.pem" -inkey "$out/key.pem" -nodetach -in "$out/text.pem" -out "$out/signed.eml"
openssl dhparam -dsaparam 512 2>/dev/null >"$out/dh.pem"
openssl rsa -in "$out/key.pem" -outform PVK -pvk-none -out "$out/key.pvk" 2>/dev/null || :
