#!/bin/sh
# Builds the Windows binary and nothing else, on any system: dist/windows-amd64/orchastration.exe.
set -eu
cd "$(dirname "$0")/.."
node scripts/setup.mjs
exec node_modules/bun/bin/bun.exe scripts/build.ts windows-amd64
