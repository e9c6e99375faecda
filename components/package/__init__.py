"""The boxes as a Pulumi package: the same classes for programs in TypeScript, Go, YAML or any other language."""
