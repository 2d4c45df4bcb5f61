// A server made with the Go SDK: `server stdio|http|stateless`. Over HTTP it says its port. On standard
// streams it is of both eras; over HTTP the SDK has the stateless era only for servers without sessions.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	note  = "matrix://note"
	steps = 3
)

var (
	lock      sync.Mutex
	touched   int
	cancelled = map[string]bool{}
)

type nothing struct{}

type sum struct {
	A float64 `json:"a"`
	B float64 `json:"b"`
}

type slowly struct {
	Tag  string `json:"tag"`
	Hold bool   `json:"hold,omitempty"`
}

type tagged struct {
	Tag string `json:"tag"`
}

func text(words string) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: words}}}
}

func noteText() string {
	lock.Lock()
	defer lock.Unlock()
	return fmt.Sprintf("note %d", touched)
}

// slow makes three steps of progress; with `hold` it then waits until it is cancelled, and remembers that.
func slow(ctx context.Context, request *mcp.CallToolRequest, in slowly) (*mcp.CallToolResult, any, error) {
	for step := 1; step <= steps; step++ {
		time.Sleep(50 * time.Millisecond)
		if token := request.Params.GetProgressToken(); token != nil {
			params := &mcp.ProgressNotificationParams{ProgressToken: token, Progress: float64(step), Total: steps}
			if err := request.Session.NotifyProgress(ctx, params); err != nil {
				break
			}
		}
	}
	rest := 100 * time.Millisecond
	if in.Hold {
		rest = 60 * time.Second
	}
	select {
	case <-ctx.Done():
		lock.Lock()
		defer lock.Unlock()
		cancelled[in.Tag] = true
		return nil, nil, ctx.Err()
	case <-time.After(rest):
		return text("done"), nil, nil
	}
}

func wasCancelled(_ context.Context, _ *mcp.CallToolRequest, in tagged) (*mcp.CallToolResult, any, error) {
	lock.Lock()
	defer lock.Unlock()
	if cancelled[in.Tag] {
		return text("yes"), nil, nil
	}
	return text("no"), nil, nil
}

func askName(_ context.Context, request *mcp.CallToolRequest, _ nothing) (*mcp.CallToolResult, any, error) {
	if answer, ok := request.Params.InputResponses["who"].(*mcp.ElicitResult); ok {
		return text(fmt.Sprint("Hello ", answer.Content["name"])), nil, nil
	}
	schema := &jsonschema.Schema{
		Type:       "object",
		Properties: map[string]*jsonschema.Schema{"name": {Type: "string"}},
	}
	question := &mcp.ElicitParams{Message: "Who are you?", RequestedSchema: schema}
	return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{"who": question}}, nil, nil
}

func think(_ context.Context, request *mcp.CallToolRequest, _ nothing) (*mcp.CallToolResult, any, error) {
	switch answer := request.Params.InputResponses["thought"].(type) {
	case *mcp.CreateMessageResult:
		return text("thought: " + answer.Content.(*mcp.TextContent).Text), nil, nil
	case *mcp.CreateMessageWithToolsResult:
		return text("thought: " + answer.Content[0].(*mcp.TextContent).Text), nil, nil
	}
	question := &mcp.CreateMessageParams{
		MaxTokens: 10,
		Messages:  []*mcp.SamplingMessage{{Role: "user", Content: &mcp.TextContent{Text: "six times seven"}}},
	}
	return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{"thought": question}}, nil, nil
}

func build() *mcp.Server {
	server := mcp.NewServer(&mcp.Implementation{Name: "go", Version: "1.0.0"}, &mcp.ServerOptions{
		SubscribeHandler:   func(context.Context, *mcp.SubscribeRequest) error { return nil },
		UnsubscribeHandler: func(context.Context, *mcp.UnsubscribeRequest) error { return nil },
	})
	mcp.AddTool(server, &mcp.Tool{Name: "add"},
		func(_ context.Context, _ *mcp.CallToolRequest, in sum) (*mcp.CallToolResult, any, error) {
			return text(fmt.Sprint(in.A + in.B)), nil, nil
		})
	mcp.AddTool(server, &mcp.Tool{Name: "slow"}, slow)
	mcp.AddTool(server, &mcp.Tool{Name: "cancelled"}, wasCancelled)
	mcp.AddTool(server, &mcp.Tool{Name: "ask_name"}, askName)
	mcp.AddTool(server, &mcp.Tool{Name: "think"}, think)
	mcp.AddTool(server, &mcp.Tool{Name: "touch"},
		func(ctx context.Context, _ *mcp.CallToolRequest, _ nothing) (*mcp.CallToolResult, any, error) {
			lock.Lock()
			touched++
			lock.Unlock()
			err := server.ResourceUpdated(ctx, &mcp.ResourceUpdatedNotificationParams{URI: note})
			return text(noteText()), nil, err
		})
	server.AddResource(&mcp.Resource{Name: "note", URI: note},
		func(context.Context, *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
			contents := []*mcp.ResourceContents{{URI: note, MIMEType: "text/plain", Text: noteText()}}
			return &mcp.ReadResourceResult{Contents: contents}, nil
		})
	argument := &mcp.PromptArgument{Name: "name", Required: true}
	server.AddPrompt(&mcp.Prompt{Name: "greet", Arguments: []*mcp.PromptArgument{argument}},
		func(_ context.Context, request *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
			content := &mcp.TextContent{Text: "Hello " + request.Params.Arguments["name"]}
			return &mcp.GetPromptResult{Messages: []*mcp.PromptMessage{{Role: "user", Content: content}}}, nil
		})
	return server
}

func main() {
	server := build()
	if os.Args[1] == "stdio" {
		if err := server.Run(context.Background(), &mcp.StdioTransport{}); err != nil {
			log.Fatal(err)
		}
		return
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintf(os.Stderr, "listening on http://%s/mcp \n", listener.Addr())
	options := &mcp.StreamableHTTPOptions{Stateless: os.Args[1] == "stateless"}
	handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, options)
	log.Fatal(http.Serve(listener, handler))
}
