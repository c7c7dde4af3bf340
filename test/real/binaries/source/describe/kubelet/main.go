package main

import (
	"github.com/spf13/pflag"
	_ "k8s.io/kubernetes/cmd/kubelet/app"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	"kubewright.test/programs/describe"
)

func main() { describe.Print(flags(), nil) }

// The kubelet parses its flags itself, from a set that its cobra command does not show.
func flags() *pflag.FlagSet {
	all := pflag.NewFlagSet("kubelet", pflag.ContinueOnError)
	config, err := options.NewKubeletConfiguration()
	if err != nil {
		panic(err)
	}
	options.NewKubeletFlags().AddFlags(all)
	options.AddKubeletConfigFlags(all, config)
	options.AddGlobalFlags(all)
	all.BoolP("help", "h", false, "")
	return all
}
