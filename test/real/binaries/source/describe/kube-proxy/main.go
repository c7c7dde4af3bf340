package main

import (
	"k8s.io/kubernetes/cmd/kube-proxy/app"
	"kubewright.test/programs/describe"
)

func main() { describe.Print(describe.FlagsOf(app.NewProxyCommand()), nil) }
