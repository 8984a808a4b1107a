#!/bin/sh
# Makes a self-signed certificate for trying the platform on one machine.
# Usage: self-signed.sh [directory] [host name]      (defaults: certs beside this script, localhost)
set -eu

directory=${1:-"$(dirname "$0")/certs"}
host=${2:-localhost}

mkdir -p "$directory"
if [ -e "$directory/edge.key" ]; then
  echo "$directory/edge.key exists already: left as it is" >&2
  exit 0
fi

umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 365 \
  -subj "/CN=$host" -addext "subjectAltName=DNS:$host,IP:127.0.0.1" \
  -keyout "$directory/edge.key" -out "$directory/edge.crt" 2>/dev/null
chmod 644 "$directory/edge.crt"
echo "$directory/edge.crt for $host, valid one year"
