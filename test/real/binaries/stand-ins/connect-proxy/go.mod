module github.com/wrouesnel/go.connect-proxy-scheme

go 1.25.0

require golang.org/x/net v0.56.0
