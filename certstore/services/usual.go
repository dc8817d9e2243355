package services

// Usual says whether the instance is the daemon as its package configures it.
func Usual(in Instance) bool {
	d, ok := drivers[in.Driver]
	return !ok || in.Config == "" || clean(in.Config) == d.config(Host{})
}
