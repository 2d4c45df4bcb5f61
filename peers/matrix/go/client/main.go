// The client of the Go SDK, in the era that the job names; the checks are those of `checks.mjs`.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	limit  = 30 * time.Second // nobody waits that long but for what never comes
	first  = 60 * time.Second // until every server has started
	answer = "42"
)

var (
	tools    = []string{"add", "ask_name", "cancelled", "slow", "think", "touch"}
	noteText = regexp.MustCompile(`^note \d+$`)
)

type job struct {
	Label   string   `json:"label"`
	Era     string   `json:"era"`
	Targets []target `json:"targets"`
}

type target struct {
	Target struct {
		URL     string            `json:"url"`
		Command string            `json:"command"`
		Args    []string          `json:"args"`
		Cwd     string            `json:"cwd"`
		Env     map[string]string `json:"env"`
	} `json:"target"`
	Servers []server `json:"servers"`
}

type server struct {
	Key     string   `json:"key"`
	Prefix  string   `json:"prefix"`
	URI     string   `json:"uri"`
	Without []string `json:"without"`
}

type outcome struct {
	Key   string `json:"key"`
	Check string `json:"check"`
	Error string `json:"error,omitempty"`
}

// peer is one connection to a server or to the gateway.
type peer struct {
	label    string
	session  *mcp.ClientSession
	lock     sync.Mutex
	progress map[string]chan [2]float64
	updated  map[string]chan struct{}
}

func connect(ctx context.Context, job job, to target) (*peer, error) {
	p := &peer{
		label:    job.Label,
		progress: map[string]chan [2]float64{},
		updated:  map[string]chan struct{}{},
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "go", Version: "1.0.0"}, &mcp.ClientOptions{
		ElicitationHandler:          p.elicited,
		CreateMessageHandler:        p.sampled,
		ProgressNotificationHandler: p.progressed,
		ResourceUpdatedHandler:      p.resourceUpdated,
	})
	options := &mcp.ClientSessionOptions{ProtocolVersion: "2025-11-25"}
	if job.Era == "stateless" {
		options.ProtocolVersion = "2026-07-28"
	}
	session, err := client.Connect(ctx, transport(to), options)
	if err != nil {
		return nil, err
	}
	p.session = session
	if version := session.InitializeResult().ProtocolVersion; version != options.ProtocolVersion {
		return nil, fmt.Errorf("speaks %s, not %s", version, options.ProtocolVersion)
	}
	return p, nil
}

func transport(to target) mcp.Transport {
	if to.Target.URL != "" {
		return &mcp.StreamableClientTransport{Endpoint: to.Target.URL}
	}
	command := exec.Command(to.Target.Command, to.Target.Args...)
	command.Dir = to.Target.Cwd
	command.Env = os.Environ()
	for name, value := range to.Target.Env {
		command.Env = append(command.Env, name+"="+value)
	}
	return &mcp.CommandTransport{Command: command}
}

func (p *peer) elicited(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
	return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"name": p.label}}, nil
}

func (p *peer) sampled(context.Context, *mcp.CreateMessageRequest) (*mcp.CreateMessageResult, error) {
	content := &mcp.TextContent{Text: answer}
	return &mcp.CreateMessageResult{Role: "assistant", Model: "none", Content: content}, nil
}

func (p *peer) progressed(_ context.Context, request *mcp.ProgressNotificationClientRequest) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if seen, ok := p.progress[fmt.Sprint(request.Params.ProgressToken)]; ok {
		seen <- [2]float64{request.Params.Progress, request.Params.Total}
	}
}

func (p *peer) resourceUpdated(_ context.Context, request *mcp.ResourceUpdatedNotificationRequest) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if seen, ok := p.updated[request.Params.URI]; ok {
		seen <- struct{}{}
	}
}

func (p *peer) call(ctx context.Context, name string, arguments map[string]any, meta mcp.Meta) (string, error) {
	params := &mcp.CallToolParams{Name: name, Arguments: arguments, Meta: meta}
	result, err := p.session.CallTool(ctx, params)
	if err != nil {
		return "", err
	}
	words := result.Content[0].(*mcp.TextContent).Text
	if result.IsError {
		return "", fmt.Errorf("%s", words)
	}
	return words, nil
}

// withProgress remembers where the progress under a token goes.
func (p *peer) withProgress(token string) (chan [2]float64, mcp.Meta) {
	seen := make(chan [2]float64, 100)
	p.lock.Lock()
	defer p.lock.Unlock()
	p.progress[token] = seen
	return seen, mcp.Meta{"progressToken": token}
}

func same(actual, expected any) error {
	if got, want := fmt.Sprint(actual), fmt.Sprint(expected); got != want {
		return fmt.Errorf("%s is not %s", got, want)
	}
	return nil
}

// checkList asks again: until a server has started, the gateway's lists are without it.
func (p *peer) checkList(ctx context.Context, s server) error {
	for end := time.Now().Add(first); ; time.Sleep(200 * time.Millisecond) {
		if err := p.listed(ctx, s); err == nil || time.Now().After(end) {
			return err
		}
	}
}

func (p *peer) listed(ctx context.Context, s server) error {
	var names, prompts, resources []string
	for tool, err := range p.session.Tools(ctx, nil) {
		if err != nil {
			return err
		}
		if name, ok := strings.CutPrefix(tool.Name, s.Prefix); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for prompt, err := range p.session.Prompts(ctx, nil) {
		if err != nil {
			return err
		}
		prompts = append(prompts, prompt.Name)
	}
	for resource, err := range p.session.Resources(ctx, nil) {
		if err != nil {
			return err
		}
		resources = append(resources, resource.URI)
	}
	if !slices.Contains(prompts, s.Prefix+"greet") || !slices.Contains(resources, s.URI) {
		return fmt.Errorf("prompts %v, resources %v", prompts, resources)
	}
	return same(names, tools)
}

func (p *peer) checkCall(ctx context.Context, s server) error {
	words, err := p.call(ctx, s.Prefix+"add", map[string]any{"a": 2, "b": 3}, nil)
	if err != nil {
		return err
	}
	return same(words, "5")
}

func (p *peer) checkRead(ctx context.Context, s server) error {
	result, err := p.session.ReadResource(ctx, &mcp.ReadResourceParams{URI: s.URI})
	if err != nil {
		return err
	}
	if words := result.Contents[0].Text; !noteText.MatchString(words) {
		return fmt.Errorf("the note is %q", words)
	}
	return same(result.Contents[0].URI, s.URI)
}

func (p *peer) checkPrompt(ctx context.Context, s server) error {
	params := &mcp.GetPromptParams{Name: s.Prefix + "greet", Arguments: map[string]string{"name": p.label}}
	result, err := p.session.GetPrompt(ctx, params)
	if err != nil {
		return err
	}
	return same(result.Messages[0].Content.(*mcp.TextContent).Text, "Hello "+p.label)
}

func (p *peer) checkProgress(ctx context.Context, s server) error {
	seen, meta := p.withProgress("progress of " + s.Key)
	words, err := p.call(ctx, s.Prefix+"slow", map[string]any{"tag": "no"}, meta)
	if err != nil {
		return err
	}
	if err := same(words, "done"); err != nil {
		return err
	}
	for step := 1; step <= 3; step++ {
		select {
		case got := <-seen:
			if err := same(got, [2]float64{float64(step), 3}); err != nil {
				return err
			}
		case <-ctx.Done():
			return fmt.Errorf("progress %d did not come", step)
		}
	}
	return nil
}

func (p *peer) checkCancel(ctx context.Context, s server) error {
	tag := p.label + " " + s.Key
	seen, meta := p.withProgress("cancel of " + s.Key)
	calling, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		<-seen
		cancel()
	}()
	if words, err := p.call(calling, s.Prefix+"slow", map[string]any{"tag": tag, "hold": true}, meta); err == nil {
		return fmt.Errorf("the cancelled call answered %q", words)
	}
	for {
		words, err := p.call(ctx, s.Prefix+"cancelled", map[string]any{"tag": tag}, nil)
		if err != nil || words == "yes" {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (p *peer) checkElicit(ctx context.Context, s server) error {
	words, err := p.call(ctx, s.Prefix+"ask_name", map[string]any{}, nil)
	if err != nil {
		return err
	}
	return same(words, "Hello "+p.label)
}

func (p *peer) checkSample(ctx context.Context, s server) error {
	words, err := p.call(ctx, s.Prefix+"think", map[string]any{}, nil)
	if err != nil {
		return err
	}
	return same(words, "thought: "+answer)
}

func (p *peer) checkSubscribe(ctx context.Context, s server) error {
	seen := make(chan struct{}, 100)
	p.lock.Lock()
	p.updated[s.URI] = seen
	p.lock.Unlock()
	if err := p.session.Subscribe(ctx, &mcp.SubscribeParams{URI: s.URI}); err != nil {
		return err
	}
	// Over stdio the SDK does not wait until the server has acknowledged what is listened to, so the
	// first changes may come too early to be told.
	for {
		if _, err := p.call(ctx, s.Prefix+"touch", map[string]any{}, nil); err != nil {
			return err
		}
		select {
		case <-seen:
			return p.session.Unsubscribe(ctx, &mcp.UnsubscribeParams{URI: s.URI})
		case <-time.After(time.Second):
		case <-ctx.Done():
			return fmt.Errorf("no update came")
		}
	}
}

func (p *peer) checkServer(s server) (outcomes []outcome) {
	checks := []struct {
		name string
		run  func(context.Context, server) error
	}{
		{"list", p.checkList},
		{"call", p.checkCall},
		{"read", p.checkRead},
		{"prompt", p.checkPrompt},
		{"progress", p.checkProgress},
		{"cancel", p.checkCancel},
		{"elicit", p.checkElicit},
		{"sample", p.checkSample},
		{"subscribe", p.checkSubscribe},
	}
	for _, check := range checks {
		if slices.Contains(s.Without, check.name) {
			continue
		}
		patience := limit
		if check.name == "list" {
			patience = 2 * first
		}
		ctx, done := context.WithTimeout(context.Background(), patience)
		outcomes = append(outcomes, told(s, check.name, check.run(ctx, s)))
		done()
	}
	return outcomes
}

func told(s server, check string, err error) outcome {
	if err == nil {
		return outcome{Key: s.Key, Check: check}
	}
	return outcome{Key: s.Key, Check: check, Error: err.Error()}
}

func main() {
	var todo job
	if err := json.NewDecoder(os.Stdin).Decode(&todo); err != nil {
		log.Fatal(err)
	}
	outcomes := []outcome{}
	for _, each := range todo.Targets {
		ctx, done := context.WithTimeout(context.Background(), first)
		p, err := connect(ctx, todo, each)
		done()
		for _, s := range each.Servers {
			if err != nil {
				outcomes = append(outcomes, told(s, "connect", err))
			} else {
				outcomes = append(outcomes, p.checkServer(s)...)
			}
		}
		if err == nil {
			_ = p.session.Close()
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(outcomes); err != nil {
		log.Fatal(err)
	}
}
