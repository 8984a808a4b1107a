package main

import (
	"context"
	"io"
	"log/slog"
)

// complaints logs warnings and errors. The server hangs the arguments of each SQL statement onto a logger of its own and then
// logs at debug level; a usual handler writes them out at once, for nobody. This one keeps them until somebody complains.
type complaints struct {
	slog.Handler
	attrs []slog.Attr
}

func newComplaints(output io.Writer) *complaints {
	return &complaints{Handler: slog.NewTextHandler(output, &slog.HandlerOptions{Level: slog.LevelWarn})}
}

func (c *complaints) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &complaints{Handler: c.Handler, attrs: append(c.attrs[:len(c.attrs):len(c.attrs)], attrs...)}
}

func (c *complaints) WithGroup(name string) slog.Handler {
	return &complaints{Handler: c.Handler.WithAttrs(c.attrs).WithGroup(name)}
}

func (c *complaints) Handle(ctx context.Context, record slog.Record) error {
	return c.Handler.WithAttrs(c.attrs).Handle(ctx, record)
}
