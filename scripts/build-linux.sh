#!/bin/sh
# Builds the Linux binary and nothing else: on Linux for this machine, dist/orchastration; elsewhere for linux-amd64.
set -eu
cd "$(dirname "$0")/.."
node scripts/setup.mjs
if [ "$(uname -s)" = Linux ]; then set --; else set -- linux-amd64; fi
exec node_modules/bun/bin/bun.exe scripts/build.ts "$@"
