// Package ext has what extensions of Traefik add to its configuration: nothing.
package ext

// HTTP is added to the configuration of HTTP.
type HTTP struct{}

// Router is added to the configuration of a router.
type Router struct{}
