# PowerShell completion for orchastration, printed by: orchastration completions powershell
# Try it:  orchastration completions powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'orchastration', 'orchastration.exe' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $elements = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -le $cursorPosition })
  $words = @($elements | ForEach-Object { if ($_.Value -is [string]) { $_.Value } else { $_.Extent.Text } })
  $program = $words[0]
  $words = @($words | Select-Object -Skip 1)
  # Windows PowerShell drops an empty argument on its way to a program, so that an empty last word is said otherwise.
  $state = @('--')
  if ($wordToComplete -eq '') { $state = @('--next', '--') }
  $rows = @(& $program complete @state @words 2>$null)
  $rows | Where-Object { $_ -and -not $_.StartsWith(':') } | ForEach-Object {
    $word, $summary = $_ -split "`t", 2
    if (-not $summary) { $summary = $word }
    if ($word.StartsWith($wordToComplete, [StringComparison]::Ordinal)) {
      [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $summary)
    }
  }
}
