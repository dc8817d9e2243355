package disk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"

	"certdesk/certstore/ledger"
)

const (
	journal   = "journal"
	chunkSize = 1 << 20  // bytes read at once: some 800 lines
	maxWhole  = 16 << 20 // bytes of a line that are held at once: more than Append writes into one
)

// Read gives every record after from, in order and in batches, and the bad lines found on the way (those that a
// later repair record names are left out). It stops at the last newline, and before a last line whose checksum is
// wrong or a line of the last write that is so, which is reported with Tail set: to a reader all are "not yet". It also
// stops at the first error of each, and then the position is from. Records keep valid after each returns. progress may
// be nil; it counts bytes. A missing journal reads as an empty one; where it was lost Banner and Bad say so.
// Errors: ledger.ErrRewritten; fail.NotPermitted, UnsafeStore, Damaged, Failed.
func (d *Dir) Read(from Position, each func([]ledger.Record) error, progress func(done, total int64)) (Position,
	[]ledger.BadLine, error) {
	s, err := d.scan(from, each, progress)
	if err != nil {
		return from, nil, err
	}
	return s.pos, s.bad.list(), nil
}

// scan reads the journal as it is now.
func (d *Dir) scan(from Position, each func([]ledger.Record) error, progress func(done, total int64)) (*scan, error) {
	root, _, err := d.root()
	if errors.Is(err, fs.ErrNotExist) {
		d.setLost(false)
		return emptyScan(from)
	}
	if err != nil {
		return nil, unreadable("open the store "+d.o.Dir, err)
	}
	defer root.Close()
	j, info, err := d.openJournal(root, Folder.Open)
	if errors.Is(err, fs.ErrNotExist) {
		if _, _, err := d.missingJournal(root); err != nil {
			return nil, unreadable("look for the journal of "+d.o.Dir, err)
		}
		return emptyScan(from)
	}
	if err != nil {
		return nil, unreadable("open the journal of "+d.o.Dir, err)
	}
	defer j.Close()
	s, err := d.scanFile(j, info, from, each, progress)
	if err != nil {
		return nil, err
	}
	d.learn(from, s)
	return s, nil
}

// learn keeps what a reader found, unless this process knows more: the pass may have begun before another one that
// went on further.
func (d *Dir) learn(from Position, s *scan) {
	info, err := s.file.Info()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lost = false
	if from != d.state.pos {
		if err != nil || d.state.pos.holds(s.file, info) != nil {
			d.state = state{} // of another journal
		}
		if s.pos.offset < d.state.pos.offset {
			return
		}
	}
	d.state.learn(from, s)
}

func emptyScan(from Position) (*scan, error) {
	if from != (Position{}) {
		return nil, ledger.ErrRewritten
	}
	return &scan{}, nil
}

func (d *Dir) scanFile(j File, info Info, from Position, each func([]ledger.Record) error,
	progress func(done, total int64)) (*scan, error) {
	if err := from.holds(j, info); err != nil {
		return nil, d.unread(err)
	}
	s := &scan{file: j, size: info.Size, pos: from, each: each, progress: progress}
	s.pos.file = info.ident()
	if err := s.run(); err != nil {
		return nil, d.unread(err)
	}
	return s, nil
}

// unread leaves the sentinel, and what the caller's own function said, as they are.
func (d *Dir) unread(err error) error {
	var mine *callerError
	switch {
	case errors.As(err, &mine):
		return mine.err
	case err == ledger.ErrRewritten:
		return err
	}
	return unreadable("read the journal of "+d.o.Dir, err)
}

// callerError is an error of the function given to Read.
type callerError struct{ err error }

func (e *callerError) Error() string { return e.err.Error() }

// openJournal opens the journal with Folder.Open or Folder.Edit.
func (d *Dir) openJournal(root Folder, open func(Folder, string) (File, error)) (File, Info, error) {
	j, err := open(root, journal)
	if err != nil {
		return nil, Info{}, notAnObject(journal, err)
	}
	info, err := j.Info()
	if err == nil {
		err = d.ownedBy(root, j, "the journal of "+d.o.Dir, filepath.Join(d.o.Dir, journal))
	}
	if err != nil {
		j.Close()
		return nil, Info{}, err
	}
	return j, info, nil
}

// scan is one pass over the journal.
type scan struct {
	file     File
	size     int64 // where this pass ends
	each     func([]ledger.Record) error
	progress func(done, total int64)

	pos Position // before the last line, if its checksum is wrong: bad.tail
	bad badLines

	end *int64 // where the last write of several lines began, once that was asked for
}

// chunk is some whole lines, judged while the next are being read.
type chunk struct {
	at    int64
	data  []byte
	err   error
	lines chan []line

	long    *line  // instead of data: one line that is too long to be held
	longSum string // with its newline
}

func (s *scan) run() error {
	stop := make(chan struct{})
	chunks := s.chunks(stop)
	defer func() {
		close(stop)
		for range chunks { // the reader ahead is done with the file when this ends
		}
	}()
	for c := range chunks {
		if c.err != nil {
			return c.err
		}
		if err := s.take(c, <-c.lines); err != nil {
			return err
		}
	}
	return nil
}

// chunks reads ahead by as many chunks as there are processors; each is judged by a goroutine of its own.
func (s *scan) chunks(stop <-chan struct{}) <-chan *chunk {
	out := make(chan *chunk, runtime.GOMAXPROCS(0))
	at := s.pos.offset
	go func() {
		defer close(out)
		for {
			c := s.next(at)
			if c == nil {
				return
			}
			select {
			case out <- c:
			case <-stop:
				return
			}
			if c.err != nil {
				return
			}
			go func() { c.lines <- c.parse() }()
			at += c.size()
		}
	}()
	return out
}

// next reads whole lines; nil at the last newline.
func (s *scan) next(at int64) *chunk {
	c := &chunk{at: at, lines: make(chan []line, 1)}
	for size := int64(chunkSize); size <= maxWhole; size *= 4 {
		buf := make([]byte, min(size, s.size-at))
		c.err = s.readFull(buf, at)
		if c.err != nil {
			return c
		}
		if end := bytes.LastIndexByte(buf, '\n'); end >= 0 {
			c.data = buf[:end+1]
			return c
		}
		if at+int64(len(buf)) == s.size {
			return nil
		}
	}
	return s.nextLong(c)
}

func (s *scan) readFull(buf []byte, at int64) error {
	n, err := s.file.ReadAt(buf, at)
	if n == len(buf) {
		return nil
	}
	if errors.Is(err, io.EOF) {
		return ledger.ErrRewritten // it shrank while it was being read
	}
	return err
}

// nextLong passes over a line that is longer than any record, piece by piece: a crash can leave gigabytes of zeros.
func (s *scan) nextLong(c *chunk) *chunk {
	sum, buf := sha256.New(), make([]byte, chunkSize)
	for at := c.at; at < s.size; {
		piece := buf[:min(chunkSize, s.size-at)]
		c.err = s.readFull(piece, at)
		if c.err != nil {
			return c
		}
		end := bytes.IndexByte(piece, '\n')
		if end < 0 {
			sum.Write(piece)
			at += int64(len(piece))
			continue
		}
		sum.Write(piece[:end])
		c.long = &line{why: "it is longer than any record", sum: hexOf(sum), len: int(at-c.at) + end + 1}
		sum.Write(piece[end : end+1])
		c.longSum = hexOf(sum)
		return c
	}
	return nil
}

func hexOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// size is how many bytes of the journal the chunk is.
func (c *chunk) size() int64 {
	if c.long != nil {
		return int64(c.long.len)
	}
	return int64(len(c.data))
}

func (c *chunk) parse() []line {
	if c.long != nil {
		return []line{*c.long}
	}
	return parseLines(c.data)
}

// sum is that of a line of the chunk, with its newline.
func (c *chunk) sum(from, to int64) string {
	if c.long != nil {
		return c.longSum
	}
	return ledger.SumOf(c.data[from-c.at : to-c.at])
}

func parseLines(data []byte) []line {
	lines := make([]line, 0, bytes.Count(data, []byte{'\n'}))
	var p parser
	for len(data) > 0 {
		end := bytes.IndexByte(data, '\n')
		lines = append(lines, p.parse(data[:end]))
		data = data[end+1:]
	}
	return lines
}

// take checks how the lines of a chunk hang together and hands on the good ones.
func (s *scan) take(c *chunk, lines []line) error {
	records := make([]ledger.Record, 0, len(lines))
	for i := range lines {
		l := &lines[i]
		torn, err := s.endsBefore(l)
		if err != nil {
			return err
		}
		if torn {
			s.bad.tail = &ledger.BadLine{Line: s.pos.chain.line + 1, SHA256: l.sum, Why: l.why, Tail: true}
			break
		}
		s.pos.chain.follow(l)
		s.pos.last, s.pos.wrote = s.pos.offset, beginOf(&l.rec, s.pos.offset)
		s.pos.offset += int64(l.len)
		if l.why != "" {
			if !l.unreadable() {
				l.sum = ledger.SumOf(c.data[s.pos.last-c.at : s.pos.offset-c.at-1])
			}
			s.bad.add(l)
			continue
		}
		s.bad.repairedBy(&l.rec)
		records = append(records, l.rec)
	}
	if s.pos.offset > c.at {
		s.pos.sum = c.sum(s.pos.last, s.pos.offset)
	}
	return s.deliver(records)
}

func (s *scan) deliver(records []ledger.Record) error {
	if s.each != nil && len(records) > 0 {
		if err := s.each(records); err != nil {
			return &callerError{err}
		}
	}
	if s.progress != nil {
		s.progress(s.pos.offset, s.size)
	}
	return nil
}
