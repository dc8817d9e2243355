// Package disktest is a file system in memory for tests of what must survive a crash or a failing disk.
//
// A Model implements disk.FS and records every operation. After a scenario ran on it, CrashImages gives, for each
// prefix of its operations, the file systems that a power cut at that moment may leave: bytes and directory entries
// that no fsync covers are dropped, kept, or cut at a page. FailAt makes one operation fail, DropSync and
// DropSyncsAt make an fsync do nothing, which is how a test shows that each of them is needed.
//
// The model is stricter than any real file system: an fsync of a file makes no directory entry durable, entries of
// one directory reach the disk in any order, and a failed fsync leaves a file's pages marked as written though they
// are not (Rebello et al., USENIX ATC 2020).
package disktest
