# Every gate, then the tests; with arguments, only vitest with these arguments.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..')
node scripts/setup.mjs
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
& node_modules/bun/bin/bun.exe scripts/gates.ts @args
exit $LASTEXITCODE
