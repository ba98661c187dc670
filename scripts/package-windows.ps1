# Makes the zip for Windows on amd64, on any system; with arguments, what they name (--target NAME, --all).
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..')
$wanted = if ($args.Count -eq 0) { @('--target', 'windows-amd64') } else { $args }
node scripts/setup.mjs
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
& node_modules/bun/bin/bun.exe scripts/package.ts @wanted
exit $LASTEXITCODE
