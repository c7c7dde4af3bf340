package main

import (
	"k8s.io/kubernetes/cmd/kube-scheduler/app"
	"kubewright.test/programs/describe"
)

func main() { describe.Print(describe.FlagsOf(app.NewSchedulerCommand()), nil) }
