package formats

// Profile says who will open a PKCS#12 file.
type Profile string

// The profiles.
const (
	Modern      Profile = "modern"       // AES-256, SHA-256: Windows Server 2019 and later, OpenSSL 1.1.1, Java 12, macOS
	Windows2016 Profile = "windows-2016" // 3DES, SHA-1: Windows Server 2016 and older, appliances
	Ancient     Profile = "ancient"      // as that, with the certificates under 40-bit RC2, which some know alone
)

// Profiles are their names, the one to prefer first.
func Profiles() []string { return []string{string(Modern), string(Windows2016), string(Ancient)} }

// The counts are as high as the readers of each profile bear. 600,000 for PBKDF2 with SHA-256 is what OWASP asks for
// (not tried on Windows and .NET here); openssl, NSS, GnuTLS and Java 17 were measured with it. Of old, Windows writes
// 2,000, and appliances that know nothing newer take long over more.
const (
	modernCount = 600_000
	oldCount    = 2048
)

// protection is what a profile means.
type protection struct {
	modern   bool   // PBES2 with AES-256 and SHA-256; otherwise certs names the certificates' cipher, 3DES is the key's
	certs    string // its object identifier
	seal     blockCipher
	count    int64
	provider bool // the key says which of Windows's providers is to keep it
}

var protections = map[Profile]protection{
	Modern:      {modern: true, count: modernCount},
	Windows2016: {certs: oidPBE3DES, seal: cbc("DES-EDE3"), count: oldCount, provider: true},
	Ancient:     {certs: oidPBERC240, seal: cbc("RC2-40"), count: oldCount, provider: true},
}
