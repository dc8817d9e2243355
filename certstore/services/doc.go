// Package services plans, makes, proves to be active and undoes changes of what daemons serve. What each daemon's
// configuration says, and what an edit makes of it, package drivers knows; what is common to them lives once, in
// Service.
//
// The order in which a caller uses a Service:
//
//	look := s.Look()        what is effective now: ports, names, files, and what overrides them
//	plan := s.Plan(pairs)   pure data: files, configuration difference, commands, warnings; touches nothing. What the
//	                        daemon's own check complains of already is refused here
//	plan.Undo()             kept by the caller where no daemon's account can write, before anything is changed
//	s.Apply(plan)           new files in a new directory, then the configuration points at them
//	s.Check(plan.Switch)    the daemon's own check, and that what is effective is what was planned
//	s.Reload()              and the caller proves by handshake what every port of plan.Prove serves, as long as the
//	                        daemon lives: Watch
//	s.Prune(plan.Switch)    what no daemon reads goes, but for one version
//	s.Rollback(plan.Switch) instead, when anything failed: bytes, mode, owner and links as they were
//
// What it promises:
//
//   - A file that the configuration named is never written: new files lie in a directory of their own below the
//     installation root, and the directive is pointed at them. A shared pair behind a link stays as it is.
//   - Certificate and key become visible together: the directory is complete and durable before anything names it.
//   - A configuration file is replaced whole (temporary, fsync, rename), with its mode and owner; every line that is
//     not about the certificate keeps its bytes.
//   - A private key can be read by the one account that needs it, from the moment its file exists.
//   - Whatever is written is written below directories that are held open, and through no link that another user made
//     or could replace; a list that a directory hands down opens no key.
//   - What undoes a change is never read from where a daemon's account could write.
//   - A version that the configuration of any daemon of this machine names is not deleted.
//   - No difference and no error shows a private key.
//   - What is active is what the daemon itself tells: Apache's sections and includes are not judged here, nginx's files
//     are those it says it reads. A part that cannot be followed is left alone and named, and stands in no other's way.
//   - The edited texts of nginx and Apache are read again before they are written: a host with TLS that would have
//     another pair than it was meant to have, or none, refuses the plan.
//   - Rollback overwrites nothing that somebody else changed meanwhile; it says so.
//
// No daemon's check is believed: Postfix's, Dovecot's and Apache's accept a key that is not the certificate's. Vet
// judges the pair before anything is touched.
package services
