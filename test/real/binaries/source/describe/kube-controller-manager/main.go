package main

import (
	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
	"kubewright.test/programs/describe"
)

func main() { describe.Print(describe.FlagsOf(app.NewControllerManagerCommand()), nil) }
