# Builds the binary, runs the sample job of configs/ on this repository, verifies the record of it, and shows agents at work.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '..')

function Invoke-Step([string] $Program, [string[]] $Arguments) {
  & $Program @Arguments
  if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

Invoke-Step node @('scripts/setup.mjs')
Invoke-Step node_modules/bun/bin/bun.exe @('scripts/build.ts')

# A demonstration leaves nothing behind outside dist/, keys included.
$demo = Join-Path (Get-Location) 'dist/demo-state'
$env:APPDATA = Join-Path $demo 'roaming'
$env:LOCALAPPDATA = Join-Path $demo 'local'
$binary = if (Test-Path dist/orchastration.exe) { 'dist/orchastration.exe' } else { 'dist/orchastration' }
Invoke-Step $binary @('run', 'check', '--config', 'configs/config.example.toml', '--state-dir', $demo)
Invoke-Step $binary @('verify', '--config', 'configs/config.example.toml', '--state-dir', $demo)
Invoke-Step node_modules/bun/bin/bun.exe @('scripts/demo.ts')
