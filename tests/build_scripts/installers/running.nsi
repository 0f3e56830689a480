; A program that says by a file that it runs, and runs until another file is there: running.exe
Unicode true
SilentInstall silent
RequestExecutionLevel user
OutFile "${TARGET}"
Name "running"

Section
  FileOpen $0 "$LOCALAPPDATA\bloodsmear-runs" w
  FileClose $0
again:
  Sleep 100
  IfFileExists "$LOCALAPPDATA\bloodsmear-end" 0 again
SectionEnd
