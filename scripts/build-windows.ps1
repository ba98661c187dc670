# Builds the Windows binary and nothing else, on any system: dist\windows-amd64\orchastration.exe.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..')
node scripts/setup.mjs
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
& node_modules/bun/bin/bun.exe scripts/build.ts windows-amd64
exit $LASTEXITCODE
