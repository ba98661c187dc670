#!/bin/sh
# Makes the zip for Windows on amd64, on any system; with arguments, what they name (--target NAME, --all).
set -eu
cd "$(dirname "$0")/.."
node scripts/setup.mjs
if [ $# = 0 ]; then set -- --target windows-amd64; fi
exec node_modules/bun/bin/bun.exe scripts/package.ts "$@"
