// Package describe prints what one component knows: its flags, its feature gates, its admission plugins.
// Each component is described by a program of its own, because what is linked in decides what is known:
// in the multi-call binary kube-proxy would have cadvisor's flags, kube-scheduler the controller manager's gates.
package describe

import (
	"encoding/json"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/component-base/featuregate"
	"k8s.io/component-base/logs"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
)

type flagFact struct {
	Name       string `json:"name"`
	Type       string `json:"type"`
	Default    string `json:"default"`
	Deprecated string `json:"deprecated,omitempty"`
	Hidden     bool   `json:"hidden,omitempty"`
}

type gateFact struct {
	Name    string `json:"name"`
	Stage   string `json:"stage"`
	Default bool   `json:"default"`
	Locked  bool   `json:"locked"`
}

// Plugins are the admission plugins of an API server.
type Plugins struct {
	Known            []string `json:"known"`
	EnabledByDefault []string `json:"enabledByDefault"`
}

// Print writes the description as JSON.
func Print(flags *pflag.FlagSet, plugins *Plugins) {
	facts := map[string]any{"flags": flagFacts(flags), "gates": gateFacts(), "admissionPlugins": plugins}
	if err := json.NewEncoder(os.Stdout).Encode(facts); err != nil {
		panic(err)
	}
}

// FlagsOf gives every flag a command takes, with those that component-base/cli adds before it runs one.
func FlagsOf(command *cobra.Command) *pflag.FlagSet {
	command.InitDefaultHelpFlag()
	logs.AddFlags(command.PersistentFlags())
	all := pflag.NewFlagSet(command.Name(), pflag.ContinueOnError)
	all.AddFlagSet(command.Flags())
	all.AddFlagSet(command.PersistentFlags())
	return all
}

func flagFacts(flags *pflag.FlagSet) []flagFact {
	facts := []flagFact{}
	flags.VisitAll(func(f *pflag.Flag) {
		facts = append(facts, flagFact{f.Name, f.Value.Type(), f.DefValue, f.Deprecated, f.Hidden})
	})
	return facts
}

// The gates as they hold at this release: GetAll reads the versioned table at the binary's own version.
func gateFacts() []gateFact {
	facts := []gateFact{}
	for name, spec := range utilfeature.DefaultMutableFeatureGate.GetAll() {
		facts = append(facts, gateFact{string(name), stage(spec), spec.Default, spec.LockToDefault})
	}
	return facts
}

func stage(spec featuregate.FeatureSpec) string {
	if spec.PreRelease == featuregate.GA {
		return "GA"
	}
	return string(spec.PreRelease)
}
