// Package enabling has the services of a host serve a certificate: it plans, switches one service after the other,
// proves each by handshakes with its ports, and puts back what it cannot prove. It surveys what all ports serve.
//
// Whatever happens to a service, the journal says before what will be done and afterwards how it was left; a change
// whose process died is finished or undone by Settle. A plan and a survey change nothing.
package enabling
