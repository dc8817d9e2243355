#!/usr/bin/env python3
"""PKCS#12 files with the checksum of RFC 9579 (PBMAC1), which openssl writes from 3.4 on and Debian's does not: the
content of formats/no-mac.pfx, with a MacData made by Python's hashlib and hmac, which share no code with certdesk."""
import hashlib, hmac, pathlib

HMAC = {"sha1": "2a864886f70d0207", "sha224": "2a864886f70d0208", "sha256": "2a864886f70d0209", "sha384": "2a864886f70d020a", "sha512": "2a864886f70d020b"}

def tlv(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    size = bytes([n]) if n < 128 else (lambda b: bytes([0x80 | len(b)]) + b)(n.to_bytes((n.bit_length() + 7) // 8, "big"))
    return bytes([tag]) + size + body

def number(n): return tlv(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))
def algorithm(name): return tlv(0x30, tlv(6, bytes.fromhex(HMAC[name])), b"\x05\x00")

def inner(data):
    """The elements within a SEQUENCE, whole."""
    def head(at):
        n, at = data[at + 1], at + 2
        if n & 0x80:
            k = n & 0x7f
            n, at = int.from_bytes(data[at:at + k], "big"), at + k
        return at, at + n
    at, end = head(0)
    while at < end:
        _, after = head(at)
        yield data[at:after]
        at = after

def content(info):
    """What a ContentInfo of data holds."""
    octets = list(inner(list(inner(info))[1]))[0]
    return octets[4:] if octets[1] == 0x82 else octets[2:]

here = pathlib.Path(__file__).parent / "formats"
version, safe = list(inner((here / "no-mac.pfx").read_bytes()))[:2]
for prf, mac in [("sha256", "sha256"), ("sha256", "sha512"), ("sha512", "sha512"), ("sha1", "sha384")]:
    salt = hashlib.sha256((prf + mac).encode()).digest()[:16]
    size = hashlib.new(mac).digest_size
    key = hashlib.pbkdf2_hmac(prf, b"secret", salt, 2048, size)
    kdf = tlv(0x30, tlv(6, bytes.fromhex("2a864886f70d01050c")), tlv(0x30, tlv(4, salt), number(2048), number(size), algorithm(prf)))
    pbmac1 = tlv(0x30, tlv(6, bytes.fromhex("2a864886f70d01050e")), tlv(0x30, kdf, algorithm(mac)))
    digest = tlv(0x30, pbmac1, tlv(4, hmac.new(key, content(safe), mac).digest()))
    data = tlv(0x30, tlv(0x30, digest, tlv(4, b"NOT USED"), number(1)))  # MacData
    (here / f"pbmac1-{prf}-{mac}.pfx").write_bytes(tlv(0x30, version, safe, list(inner(data))[0]))
