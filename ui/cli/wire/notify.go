package wire

import (
	"certdesk/certstore"
	"certdesk/certstore/printable"
)

// Notify is who is told of what, and with --test what became of the test.
type Notify struct {
	Receivers []Receiver `json:"receivers"`
	Notes     []string   `json:"notes"`
}

// Receiver is one who is told.
type Receiver struct {
	To      string    `json:"to"`
	Table   int       `json:"table"` // which [[notify]], from 1
	On      []string  `json:"on"`
	Digest  string    `json:"digest"`
	Told    *string   `json:"told"` // when, last
	Failing string    `json:"failing,omitempty"`
	Since   *string   `json:"since,omitempty"` // since when it fails
	Test    *Delivery `json:"test,omitempty"`
}

// Delivery is what became of a message.
type Delivery struct {
	To        string `json:"to"`
	Subject   string `json:"subject"`
	Delivered bool   `json:"delivered"`
	Receipt   string `json:"receipt,omitempty"` // what the other side said
	Error     *Error `json:"error,omitempty"`
}

// NotifyOf is who is told; tests are what became of a test, by receiver, nil for none.
func NotifyOf(list []certstore.Hearer, tests []certstore.Delivery, notes []string) Notify {
	out := Notify{Receivers: each(list, receiverOf), Notes: each(notes, printable.Text)}
	for _, d := range tests {
		for i := range out.Receivers {
			if r := &out.Receivers[i]; r.To == printable.Text(d.To) && r.Table == d.Number {
				one := DeliveryOf(d)
				r.Test = &one
			}
		}
	}
	return out
}

func receiverOf(h certstore.Hearer) Receiver {
	return Receiver{To: printable.Text(h.To), Table: h.Number, On: each(h.On, printable.Text), Digest: h.Digest,
		Told: timeOf(h.Last.At), Failing: printable.Text(h.Last.Failed), Since: timeOf(h.Last.Since)}
}

// DeliveryOf is a message and what became of it.
func DeliveryOf(d certstore.Delivery) Delivery {
	return Delivery{To: printable.Text(d.To), Subject: printable.Text(d.Subject), Delivered: d.Err == nil,
		Receipt: printable.Text(d.Receipt), Error: refusalOf(d.Err)}
}
