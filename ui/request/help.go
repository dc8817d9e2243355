package request

// fieldHelp is what the help screen says of each field of the wizard, by the field's id: what it is, and what goes
// wrong with it.
var fieldHelp = map[string]string{
	"SelfSigned": "A request is sent to a CA, which vouches for names. It checks that the names are yours " +
		"and answers with a certificate " +
		"that every client trusts. A self-signed certificate is there at once, but each client warns until it is told to " +
		"trust it.",
	"FriendlyName": "The friendly name is only a label for people: it is shown in the table, and no client sees it. " +
		"Two certificates may have the same " +
		"one, but then you cannot tell them apart. Left empty, it is the common name.",
	"ValidDays": "A self-signed certificate expires after so many days, and everything that uses it then fails. One " +
		"year is usual. " +
		"With a request, the CA decides.",

	"Typed": "Every name that clients connect by must be in the certificate, as a subject alternative name; a client " +
		"that finds its name missing warns or " +
		"hangs up. Put in webmail and mail server names, autodiscover, and the name in your MX record. *.example.org " +
		"covers webmail.example.org, but " +
		"neither example.org nor a.b.example.org.",
	"IncludeAcceptedDomains": "Accepted domains are those this organisation receives mail for: what comes after the @ " +
		"of its addresses. " +
		"Other mail servers may ask for them by TLS. They are listed in certdesk's configuration.",
	"IncludeAutodiscover": "Outlook and most phones take the domain of a mail address and ask autodiscover.<domain> " +
		"for their settings. Without that name in the " +
		"certificate they warn on every start. It is added for each accepted domain, and for each public domain among the " +
		"names.",
	"IncludeServerFQDN": "The full name of this server, by which other servers and old mail programs may connect. If " +
		"it ends in .local or the like, no public CA " +
		"signs it: keep it for a certificate of your own CA.",
	"IncludeServerNetBIOSName": "The short name of this server, without a domain. Since 2015 public CAs refuse every " +
		"name without a dot, and the whole " +
		"request with it. Only for a certificate of your own CA.",
	"Split": "CAs put at most 100 names into one certificate. Switched on, the names are split into as few requests as " +
		"that takes, those of one domain together, and all are made in one go: all or none. A port gives out one " +
		"certificate to whoever does not say by which name it comes (SNI), so names that old programs use belong together.",
	"Worksheet": "The worksheet asks by which name each service is reached, from the internet and inside. What you " +
		"write there, one name or several, " +
		"goes into the list of names with its reason. Blank cells add nothing, and what is in brackets is only a " +
		"suggestion until you take it over. Whoever has a list of names " +
		"can paste it on the names page and leave this alone.",
	"Off": "These names will be in the certificate, in this order, the common name first. A name that is off stays " +
		"here but not in the request. " +
		"Old programs look at the common name alone, so make it the name that is used most; it can have 64 characters at " +
		"most, where other names may have 255.",

	"Organization": "The legal name of the organisation, as it is registered: a public CA that shows it in the " +
		"certificate checks it, and refuses what differs. " +
		"It may have 64 characters, a limit of the standard (X.520).",
	"Unit": "A department or team. Public CAs have not put it into certificates since 2022, so leave it out unless " +
		"your own CA wants it.",
	"City": "The city or locality where the organisation is registered, in full. CAs compare it with the register, so " +
		"write it as it is written there.",
	"State": "The state, province or region, in full: Brabant, not BR. Some CAs refuse a request that has a city and " +
		"no state, others one that has " +
		"a state in short.",
	"Country": "The country where the organisation is registered, kept as two letters. It is the one part of the " +
		"address to fill in even if the rest is " +
		"left out: some CAs refuse to renew a certificate without it.",
	"SubjectDN": "The subject is the name of the certificate's owner, written in parts: C country, S state, L city, O " +
		"organisation, OU unit, CN common name. " +
		"This one has parts that the single fields cannot hold, so it stays whole. Emptied, the single fields come back.",

	"ReuseKey": "A new key is safer: whoever got hold of the old one cannot use it for the new certificate. Keep the " +
		"old key only where something " +
		"pins it, such as a TLSA record in the DNS or a device that knows only the old key.",
	"Algorithm": "RSA 2048 works with every client and CA. Larger keys are slower without need today. Public CAs " +
		"refuse RSA 1024, and " +
		"Exchange up to 2016 cannot use ECDSA.",
	"Exportable": "An exportable key can leave the store in a PFX file, to be put on another server. If it is not, " +
		"certdesk never writes it out; somebody " +
		"who is root on this machine can still copy its file. It is decided now: later it can be withdrawn, but never " +
		"granted.",

	"Services": "The web site: webmail, phones, autodiscover and Outlook all come through it. A service that is chosen " +
		"here is only noted as wanted. " +
		"Nothing changes for clients until the certificate is there and is enabled for it.",
	"Services-SMTP": "Mail from and to other servers, and from mail programs that send. A service that is chosen here " +
		"is only noted as wanted. " +
		"Enabling it later asks before it replaces the certificate that SMTP has now.",
	"Services-IMAP": "Mail programs that read mail on the server. A service that is chosen here is only noted as " +
		"wanted, until the certificate is enabled for it.",
	"Services-POP": "Mail programs that fetch mail away from the server. A service that is chosen here is only noted " +
		"as wanted, until the certificate is enabled for it.",
	"Services-UM": "Voice mail, and the telephone exchange that delivers it. A service that is chosen here is only " +
		"noted as wanted, until the certificate is enabled for it.",

	"Binary": "PEM is text that can be pasted into a CA's web page or a mail. DER is the same request as bytes: choose " +
		"it only for a CA " +
		"that asks for it, since many web pages refuse it as unreadable.",
	"Path": "The request is always kept in the store, and can be exported again at any time. The file is the copy you " +
		"send to the CA; " +
		"it holds no secret. Left empty, the request is shown at the end, to be pasted.",
	"Overwrite": "A file of that name is there already. Switched on, its content is replaced by this request and is " +
		"lost; " +
		"switched off, nothing is made until you choose another name.",

	"Review": "This is exactly what will be made. Nothing has been made yet: esc goes back and keeps all answers. The " +
		"commands below do the same, in a " +
		"script or on another server.",
	"Create": "Makes the key and then the request or the certificate. Both are kept in the store before any file is " +
		"written, so that nothing is lost if " +
		"the disk is full or the power fails.",
}
