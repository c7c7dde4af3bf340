package main

import (
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/pkg/kubeapiserver/options"
	"kubewright.test/programs/describe"
)

func main() { describe.Print(describe.FlagsOf(app.NewAPIServerCommand()), plugins()) }

func plugins() *describe.Plugins {
	admission := options.NewAdmissionOptions().GenericAdmission
	facts := describe.Plugins{Known: admission.Plugins.Registered(), EnabledByDefault: []string{}}
	for _, name := range admission.RecommendedPluginOrder {
		if !admission.DefaultOffPlugins.Has(name) {
			facts.EnabledByDefault = append(facts.EnabledByDefault, name)
		}
	}
	return &facts
}
