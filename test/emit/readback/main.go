// Readback reads documents as JSON lines {"yaml", "json"} and prints, for every parser of Go that Kubernetes tools use,
// each document whose YAML is not read back as exactly its JSON.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	yaml3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

type document struct {
	YAML string `json:"yaml"`
	JSON string `json:"json"`
}

type mismatch struct {
	Line   int    `json:"line"`
	Parser string `json:"parser"`
	Got    string `json:"got"`
}

// parsers are the forks of go-yaml: kubectl, Argo CD and Flux read with the first, kustomize with the second.
var parsers = map[string]func(string) (any, error){
	"sigs.k8s.io/yaml":   readAsKubernetes,
	"go.yaml.in/yaml/v3": readAsKustomize,
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	decoder := json.NewDecoder(lines)
	read := 0
	for ; decoder.More(); read++ {
		var doc document
		if err := decoder.Decode(&doc); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		for name, parse := range parsers {
			if got, ok := readsBack(doc, parse); !ok {
				out.Encode(mismatch{read, name, got})
			}
		}
	}
	out.Encode(map[string]int{"read": read})
}

func readsBack(doc document, parse func(string) (any, error)) (string, bool) {
	var want any
	if err := json.Unmarshal([]byte(doc.JSON), &want); err != nil {
		return "bad JSON: " + err.Error(), false
	}
	got, err := parse(doc.YAML)
	if err != nil {
		return "error: " + err.Error(), false
	}
	return fmt.Sprintf("%#v", got), reflect.DeepEqual(got, want)
}

func readAsKubernetes(text string) (any, error) {
	converted, err := yaml.YAMLToJSONStrict([]byte(text))
	if err != nil {
		return nil, err
	}
	var value any
	err = json.Unmarshal(converted, &value)
	return value, err
}

func readAsKustomize(text string) (any, error) {
	var value any
	if err := yaml3.Unmarshal([]byte(text), &value); err != nil {
		return nil, err
	}
	return asJSON(value)
}

// asJSON turns the numbers of go-yaml into those of encoding/json, and refuses a key that is no text.
func asJSON(value any) (any, error) {
	switch v := value.(type) {
	case int:
		return float64(v), nil
	case int64:
		return float64(v), nil
	case uint64:
		return float64(v), nil
	case []any:
		for i := range v {
			item, err := asJSON(v[i])
			if err != nil {
				return nil, err
			}
			v[i] = item
		}
	case map[string]any:
		for key := range v {
			item, err := asJSON(v[key])
			if err != nil {
				return nil, err
			}
			v[key] = item
		}
	case map[any]any:
		return nil, fmt.Errorf("a key is no text: %#v", v)
	}
	return value, nil
}
