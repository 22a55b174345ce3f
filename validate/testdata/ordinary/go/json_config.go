package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

type Config struct {
	Name    string            `json:"name"`
	Port    int               `json:"port,omitempty"`
	Command []string          `json:"command"`
	Env     map[string]string `json:"env"`
	secret  string
}

func Load(path string) (*Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	cfg := &Config{Port: 8080}
	if err := json.Unmarshal(data, cfg); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return cfg, nil
}

func main() {
	log.SetFlags(0)
	dir, err := os.MkdirTemp("", "config")
	if err != nil {
		log.Fatal(err)
	}
	defer os.Remove(dir)
	path := filepath.Join(dir, "app.json")
	want := Config{Name: "demo", Command: []string{"/bin/sh", "-c", "echo hi"}, Env: map[string]string{"HOME": os.Getenv("HOME"), "SHELL": "/bin/bash"}, secret: "not written"}
	data, _ := json.MarshalIndent(want, "", "  ")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		log.Fatal(err)
	}
	defer os.Remove(path)
	cfg, err := Load(path)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("%s listens on %d, command %q, %d variables", cfg.Name, cfg.Port, cfg.Command, len(cfg.Env))
	if _, err := Load(path + ".missing"); os.IsNotExist(err) {
		log.Println("missing file noticed")
	}
}
