package services

import (
	"fmt"
	"slices"
	"strings"
)

// around is how many unchanged lines a diff shows around a change.
const around = 3

// line is one line of a diff: ' ' in both, '-' in the old text, '+' in the new.
type line struct {
	sign byte
	text string
}

// unified gives the unified diff of two texts, "" where they are equal.
func unified(path, before, after string, isNew bool) string {
	if before == after {
		return ""
	}
	var b strings.Builder
	b.WriteString(heading(path, isNew))
	hunks(&b, script(lines(before), lines(after)))
	return b.String()
}

// heading names the file of a diff.
func heading(path string, isNew bool) string {
	old := path
	if isNew {
		old = "/dev/null"
	}
	return "--- " + old + "\n+++ " + path + "\n"
}

// lines splits after each newline; a last line without one is told apart from one with.
func lines(s string) []string {
	all := strings.SplitAfter(s, "\n")
	if all[len(all)-1] == "" {
		all = all[:len(all)-1]
	}
	return all
}

// script finds a shortest edit script by Myers' algorithm. What the texts have in common at both ends is set aside
// first, so that the quadratic part sees only what changed.
func script(a, b []string) []line {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []line
	for _, s := range a[:head] {
		out = append(out, line{' ', s})
	}
	out = append(out, myers(a[head:len(a)-tail], b[head:len(b)-tail])...)
	for _, s := range a[len(a)-tail:] {
		out = append(out, line{' ', s})
	}
	return out
}

// myers walks the edit graph; trace[d] holds the furthest points before the d-th edit, by diagonal.
func myers(a, b []string) []line {
	most := len(a) + len(b)
	v := make([]int, 2*most+3)
	var trace [][]int
	for d := 0; ; d++ {
		trace = append(trace, append([]int(nil), v...))
		for k := -d; k <= d; k += 2 {
			at := most + 1 + k
			x := v[at-1] + 1
			if down(v, at, k, d) {
				x = v[at+1]
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			v[at] = x
			if x >= len(a) && x-k >= len(b) {
				return backtrack(a, b, trace)
			}
		}
	}
}

// down says that the d-th edit on diagonal k is an added line.
func down(v []int, at, k, d int) bool { return k == -d || k != d && v[at-1] < v[at+1] }

func backtrack(a, b []string, trace [][]int) []line {
	var out []line
	x, y := len(a), len(b)
	for d := len(trace) - 1; d > 0; d-- {
		k := x - y
		from := k - 1
		if at := len(a) + len(b) + 1 + k; down(trace[d], at, k, d) {
			from = k + 1
		}
		px := trace[d][len(a)+len(b)+1+from]
		for x > px && y > px-from {
			x, y = x-1, y-1
			out = append(out, line{' ', a[x]})
		}
		if x == px {
			y--
			out = append(out, line{'+', b[y]})
		} else {
			x--
			out = append(out, line{'-', a[x]})
		}
	}
	for ; x > 0; x-- {
		out = append(out, line{' ', a[x-1]})
	}
	slices.Reverse(out)
	return out
}

// hunks writes the changes with their context; changes nearer than twice the context share a hunk.
func hunks(b *strings.Builder, all []line) {
	for at := 0; at < len(all); {
		from := at
		for from < len(all) && all[from].sign == ' ' {
			from++
		}
		if from == len(all) {
			return
		}
		end, quiet := from, 0
		for i := from; i < len(all) && quiet <= 2*around; i++ {
			if quiet++; all[i].sign != ' ' {
				end, quiet = i+1, 0
			}
		}
		hunk(b, all, max(from-around, at), min(end+around, len(all)))
		at = min(end+around, len(all))
	}
}

func hunk(b *strings.Builder, all []line, from, to int) {
	oldAt, newAt := count(all[:from], '+'), count(all[:from], '-')
	oldN, newN := count(all[from:to], '+'), count(all[from:to], '-')
	fmt.Fprintf(b, "@@ -%s +%s @@\n", span(oldAt, oldN), span(newAt, newN))
	for _, l := range all[from:to] {
		b.WriteByte(l.sign)
		b.WriteString(l.text)
		if !strings.HasSuffix(l.text, "\n") {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// count counts the lines that do not carry a sign.
func count(all []line, but byte) int {
	n := 0
	for _, l := range all {
		if l.sign != but {
			n++
		}
	}
	return n
}

func span(before, n int) string {
	if n == 0 {
		return fmt.Sprintf("%d,0", before)
	}
	if n == 1 {
		return fmt.Sprint(before + 1)
	}
	return fmt.Sprintf("%d,%d", before+1, n)
}
