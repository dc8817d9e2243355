// Package renewing does what is due: it goes on with orders that were interrupted, orders what is to be renewed, gives
// what was issued to the services that serve the old one, and has it proven; where no ACME authority gives a
// certificate it prepares the request.
//
// Its promise: a renewal is over when every port serves it, and not before; what failed is written down with when it is
// tried again, and is never tried before that; of two runs the second does nothing.
package renewing
