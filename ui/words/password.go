package words

import (
	"fmt"
	"strconv"
)

// WrongPassword says that the password that was tried last does not open the file, and how many that were; most is how
// many may be tried, 0 for any number.
func WrongPassword(tries, most int) string {
	of := ordinal(tries) + " try of this file"
	if most > 0 {
		of = fmt.Sprintf("%s of %d tries", ordinal(tries), most)
	}
	return "wrong password, " + of + ": type it again; if it is right, the file is damaged"
}

// ordinal is 1st, 2nd, 3rd, 4th and so on.
func ordinal(n int) string {
	ending := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			ending = "st"
		case 2:
			ending = "nd"
		case 3:
			ending = "rd"
		}
	}
	return strconv.Itoa(n) + ending
}
