module kubewright.dev/readback

go 1.21

require (
	go.yaml.in/yaml/v3 v3.0.4
	sigs.k8s.io/yaml v1.4.0
)
