// Package disk keeps bytes that survive a crash: write-once objects, the journal, the lock. It knows nothing of
// certificates; its names are hashes and its records are opaque JSON.
//
// What it promises:
//
//   - An object for which Put returned nil, and a record for which Update returned nil, are there after a power cut.
//   - An object is complete or absent. Nothing here overwrites one, and only Delete removes one.
//   - The journal is there before the first object. Objects without one say that it was lost: nothing is written before
//     it is restored or Repair starts another.
//   - What Delete destroyed is under no temporary name either.
//   - A reader never waits for a writer, stops none, and never takes a line that is still being written for damage.
//   - No file is ever wider than 0600, or 0640 for the store's readers; keys are never wider than 0600.
//   - After a write to the journal whose outcome is unknown nothing more is written (fail.InDoubt).
//
// Every operation that can fail goes through FS, so that package disktest can fail it, forget its fsync, or cut the
// power after it. Every error carries a code of package fail.
package disk
