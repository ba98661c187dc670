#!/bin/sh
# Makes the tar.gz and the .deb for Linux on amd64, on any system; with arguments, what they name (--target NAME, --all).
set -eu
cd "$(dirname "$0")/.."
node scripts/setup.mjs
if [ $# = 0 ]; then set -- --target linux-amd64; fi
exec node_modules/bun/bin/bun.exe scripts/package.ts "$@"
