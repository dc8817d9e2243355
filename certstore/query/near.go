package query

// nearest is the word that somebody meant who typed another; "" for none that is near.
func nearest(typed string, words []string) string {
	best, least := "", 3
	for _, word := range words {
		if d := distance(typed, word); d < least && d*2 < len(word) {
			best, least = word, d
		}
	}
	return best
}

// distance is how many letters must be put in, left out or changed to make one word of the other (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := before
			if a[i] != b[j] {
				changed++
			}
			before = row[j+1]
			row[j+1] = min(changed, row[j]+1, before+1)
		}
	}
	return row[len(b)]
}
