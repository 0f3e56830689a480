; Starts a program without administrator's rights and ends with its exit code: plain_user.exe PROGRAM WORDS…
; Wine gives its programs those rights; they are taken away as Windows itself does it, by a restricted token.
Unicode true
SilentInstall silent
RequestExecutionLevel user
OutFile "${TARGET}"
Name "plain user"
!include "FileFunc.nsh"

Section
  ${GetParameters} $R0
  System::Call 'kernel32::GetCurrentProcess()p.r0'
  System::Call 'advapi32::OpenProcessToken(pr0, i 0xF01FF, *p.r1)i.r9'
  ; The group of administrators.
  System::Call 'advapi32::ConvertStringSidToSidW(w "S-1-5-32-544", *p.r2)i.r9'
  System::Call '*(pr2, i 0, i 0)p.r3'
  System::Call 'advapi32::CreateRestrictedToken(pr1, i 0, i 1, pr3, i 0, p 0, i 0, p 0, *p.r4)i.r9'
  StrCmp $9 1 0 failed
  ; STARTUPINFOW, its size first, and PROCESS_INFORMATION.
  System::Alloc 104
  Pop $5
  System::Call '*$5(i 104)'
  System::Call '*(p 0, p 0, i 0, i 0)p.r6'
  System::Call 'advapi32::CreateProcessAsUserW(pr4, p 0, wR0, p 0, p 0, i 0, i 0, p 0, p 0, pr5, pr6)i.r9'
  StrCmp $9 1 0 failed
  System::Call '*$6(p.r7)'
  System::Call 'kernel32::WaitForSingleObject(pr7, i 120000)'
  System::Call 'kernel32::GetExitCodeProcess(pr7, *i.r8)'
  SetErrorLevel $8
  Quit
failed:
  SetErrorLevel 99
SectionEnd
