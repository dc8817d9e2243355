// Package delivering brings a letter to whom a configuration names: by mail over SMTP or the mail server's program, by
// a webhook in the shape that a chat tool takes, by a command.
//
// Its promise: each way is bounded in time; nothing that a name or a server says becomes a header, a command or a
// mention; an address of a webhook, a password and a token are in no receipt and no error; a webhook is posted to the
// host that it names and to no other, and its certificate must be trusted.
package delivering
