// Command ferretdb serves MongoDB's protocol on one local address from SQLite files in one directory. It is for tests.
// The embedded server has no telemetry and no debug listener.
package main

import (
	"context"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

// The journals of statements stay in memory (they are of no use after a crash anyway), and the log that is written ahead is
// brought into the file every 40 MB instead of every 4: pages of an index change often.
const pragmas = "?_pragma=temp_store(memory)&_pragma=wal_autocheckpoint(10000)"

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: ferretdb ADDRESS DIRECTORY")
	}
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: os.Args[1]},
		Logger:    slog.New(newComplaints(os.Stderr)),
		Handler:   "sqlite",
		SQLiteURL: "file:" + os.Args[2] + "/" + pragmas,
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := server.Run(ctx); err != nil {
		log.Fatal(err)
	}
}
