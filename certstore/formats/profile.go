package formats

// Profile says who will open a PKCS#12 file.
type Profile string

// The profiles.
const (
	Modern      Profile = "modern"       // AES-256, SHA-256: Windows Server 2019 and later, OpenSSL 1.1.1, Java 12
	Windows2016 Profile = "windows-2016" // 3DES, SHA-1: Windows Server 2016 and older
)
