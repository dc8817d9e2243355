package printable

import "fmt"

// Count is a number of things in a sentence: "1 port", "2 ports".
func Count[N int | int64](n N, thing string) string {
	return fmt.Sprintf("%d %s", n, Agree(n, thing, thing+"s"))
}

// Agree is the word that agrees with a number: "is" or "are".
func Agree[N int | int64](n N, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}
