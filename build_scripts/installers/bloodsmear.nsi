; The Windows installer, by NSIS 3. Its !defines come from windows.py.
;
;   Setup.exe                    for this user, without administrator's rights
;   Setup.exe /S                 silent; exit code 0, or what went wrong: see below
;   Setup.exe /AllUsers          for all users; needs administrator's rights (exit code 5 without)
;   Setup.exe /D=C:\Place        another folder (the last word, without quotes)
;
; Exit codes: 0 done, 1 given up, 3 what was written is not whole, 5 no rights, 6 Bloodsmear is running,
; 7 this Windows is too old.
; Studies and settings lie in the user's own folder (%LOCALAPPDATA%\Bloodsmear) and are touched by nothing here.

Unicode true
ManifestDPIAware true
ManifestSupportedOS Win10
ManifestLongPathAware true
SetCompressor /SOLID lzma
; So wide that the modules in each program's file, which are the same, are stored once (see linux.py).
SetCompressorDictSize 64
CRCCheck force
RequestExecutionLevel user

!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "WordFunc.nsh"
!include "x64.nsh"

!define NAME "Bloodsmear"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define CLASSES "Software\Classes"
; Windows 10 version 1903, the first with icuuc.dll, which Qt loads; desktop/missing_library.py says it, too.
!define OLDEST_BUILD 18362
!define RESEARCH_USE "For Research Use Only. Not for use in diagnostic procedures."

Name "${NAME} ${VERSION}"
OutFile "${TARGET}"
BrandingText "${RESEARCH_USE}"
ShowInstDetails show
ShowUninstDetails show

VIProductVersion "${VERSION_NUMBERS}"
VIFileVersion "${VERSION_NUMBERS}"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${NAME} ${EDITION} Setup"
VIAddVersionKey "CompanyName" "The Bloodsmear developers"
VIAddVersionKey "LegalCopyright" "Apache-2.0"

!ifdef SIGN_COMMAND
  !finalize '${SIGN_COMMAND}'
  !uninstfinalize '${SIGN_COMMAND}'
!endif

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\Bloodsmear.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Open Bloodsmear"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

Var ForAll

!macro GiveUp CODE SENTENCE
  DetailPrint "${SENTENCE}"
  MessageBox MB_OK|MB_ICONSTOP "${SENTENCE}" /SD IDOK
  SetErrorLevel ${CODE}
  Quit
!macroend

; A program of Windows cannot be written while it runs: opening it for writing says so.
!macro RefuseWhileRunning FOLDER
  ${If} ${FileExists} "${FOLDER}\Bloodsmear.exe"
    ClearErrors
    FileOpen $0 "${FOLDER}\Bloodsmear.exe" a
    ${If} ${Errors}
      !insertmacro GiveUp 6 "Bloodsmear is running, or its folder is read-only. Close it, then start this again."
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

; What an installed folder consists of: nothing else in it is ever removed.
!macro RemovePrograms FOLDER
  RMDir /r "${FOLDER}\_internal"
  RMDir /r "${FOLDER}\licences"
  Delete "${FOLDER}\Bloodsmear.exe"
  Delete "${FOLDER}\bloodsmear-cli.exe"
  Delete "${FOLDER}\bloodsmear-convert.exe"
  Delete "${FOLDER}\bloodsmear-train.exe"
!macroend

; ---- installing

Function .onInit
  ${IfNot} ${RunningX64}
    !insertmacro GiveUp 1 "Bloodsmear needs a 64-bit Windows."
  ${EndIf}
  SetRegView 64
  ReadRegStr $R4 HKLM "SOFTWARE\Microsoft\Windows NT\CurrentVersion" "CurrentBuildNumber"
  ${If} $R4 < ${OLDEST_BUILD}
    !insertmacro GiveUp 7 "Bloodsmear needs Windows 10 version 1903 (build ${OLDEST_BUILD}) or newer, and this is build $R4. Ask IT for a newer Windows."
  ${EndIf}
  ${GetParameters} $R0
  ; NSIS takes a /D= that it follows out of the parameters. One that is left, in quotes, would be passed over without a word.
  ClearErrors
  ${WordFind} $R0 "/D=" "E#" $R1
  ${IfNot} ${Errors}
    !insertmacro GiveUp 1 "The folder after /D= was not understood. /D= takes no quotes and is the last word: Setup.exe /S /D=C:\My folder"
  ${EndIf}
  StrCpy $ForAll "no"
  ClearErrors
  ${GetOptions} $R0 "/AllUsers" $R1
  ${IfNot} ${Errors}
    UserInfo::GetAccountType
    Pop $R2
    ${If} $R2 != "Admin"
      !insertmacro GiveUp 5 "Installing for all users needs administrator's rights. Start Setup as administrator, or without /AllUsers."
    ${EndIf}
    StrCpy $ForAll "yes"
  ${EndIf}
  ${If} $ForAll == "yes"
    SetShellVarContext all
    StrCpy $R3 "$PROGRAMFILES64\${NAME}"
  ${Else}
    SetShellVarContext current
    StrCpy $R3 "$LOCALAPPDATA\Programs\${NAME}"
  ${EndIf}
  ; Where an earlier version lies, unless /D= said another place.
  ${If} $INSTDIR == ""
    ReadRegStr $INSTDIR SHCTX "${UNINSTALL_KEY}" "InstallLocation"
    ${If} $INSTDIR == ""
      StrCpy $INSTDIR $R3
    ${EndIf}
  ${EndIf}
FunctionEnd

Section "Bloodsmear"
  !insertmacro RefuseWhileRunning "$INSTDIR"
  ; Where a version before lies: /D= or the page of the folder may have left it for another place.
  ReadRegStr $R5 SHCTX "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $R5 != ""
  ${AndIf} $R5 != $INSTDIR
  ${AndIf} ${FileExists} "$R5\Uninstall.exe"
    !insertmacro RefuseWhileRunning "$R5"
    ; Before anything is written, since two names can be the same folder.
    !insertmacro RemovePrograms "$R5"
    Delete "$R5\Uninstall.exe"
    ; Only when it is empty: what somebody else put there is not ours.
    RMDir "$R5"
  ${EndIf}
  ; Files of the version before that this one has no more must not stay.
  !insertmacro RemovePrograms "$INSTDIR"
  SetOutPath "$INSTDIR"
  ClearErrors
  File /r "${SOURCE}/*"
  ${If} ${Errors}
    !insertmacro GiveUp 3 "Not every file could be written to $INSTDIR. Make room, or give yourself permission, then start this again."
  ${EndIf}
  WriteUninstaller "$INSTDIR\Uninstall.exe"
  Call VerifyWhatWasWritten
  Call Register
SectionEnd

; What was written is read again: its size, and each classifier by its sha256 and its golden test.
Function VerifyWhatWasWritten
  ${GetSize} "$INSTDIR\_internal" "/S=0B" $3 $1 $2
  ${If} $3 != ${INTERNAL_BYTES}
    !insertmacro GiveUp 3 "$INSTDIR\_internal holds $3 bytes instead of ${INTERNAL_BYTES}. Look whether a virus scanner took a file away, then start this again."
  ${EndIf}
!ifndef STAND_IN
  nsExec::ExecToLog '"$INSTDIR\bloodsmear-cli.exe" classifiers verify'
  Pop $0
  ${If} $0 != 0
    !insertmacro GiveUp 3 "The installed program does not answer as it must (code $0). Look whether a virus scanner stopped it, then start this again."
  ${EndIf}
!endif
FunctionEnd

Function Register
  CreateShortCut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\Bloodsmear.exe"
  ; "Open folder with Bloodsmear" on a folder, and on the empty part of one that is open.
  WriteRegStr SHCTX "${CLASSES}\Directory\shell\${NAME}" "" "Open folder with Bloodsmear"
  WriteRegStr SHCTX "${CLASSES}\Directory\shell\${NAME}" "Icon" "$INSTDIR\Bloodsmear.exe"
  WriteRegStr SHCTX "${CLASSES}\Directory\shell\${NAME}\command" "" '"$INSTDIR\Bloodsmear.exe" open "%1"'
  WriteRegStr SHCTX "${CLASSES}\Directory\Background\shell\${NAME}" "" "Open folder with Bloodsmear"
  WriteRegStr SHCTX "${CLASSES}\Directory\Background\shell\${NAME}" "Icon" "$INSTDIR\Bloodsmear.exe"
  WriteRegStr SHCTX "${CLASSES}\Directory\Background\shell\${NAME}\command" "" '"$INSTDIR\Bloodsmear.exe" open "%V"'
  WriteRegStr SHCTX "${CLASSES}\.bloodsmear" "" "${NAME}.Study"
  WriteRegStr SHCTX "${CLASSES}\${NAME}.Study" "" "Bloodsmear study"
  WriteRegStr SHCTX "${CLASSES}\${NAME}.Study\DefaultIcon" "" "$INSTDIR\Bloodsmear.exe,0"
  WriteRegStr SHCTX "${CLASSES}\${NAME}.Study\shell\open\command" "" '"$INSTDIR\Bloodsmear.exe" open "%1"'
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayName" "${NAME} (${EDITION})"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\Bloodsmear.exe"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "Publisher" "The Bloodsmear developers"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /S'
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "EstimatedSize" ${FILES_KB}
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoRepair" 1
  ${RefreshShellIcons}
FunctionEnd

; ---- uninstalling

Function un.onInit
  SetRegView 64
  SetShellVarContext current
  ReadRegStr $0 SHCTX "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $0 != $INSTDIR
    SetShellVarContext all
  ${EndIf}
FunctionEnd

Section "Uninstall"
  !insertmacro RefuseWhileRunning "$INSTDIR"
  !insertmacro RemovePrograms "$INSTDIR"
  Delete "$INSTDIR\Uninstall.exe"
  ; Only when it is empty: what somebody else put there is not ours.
  SetOutPath "$TEMP"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey SHCTX "${CLASSES}\Directory\shell\${NAME}"
  DeleteRegKey SHCTX "${CLASSES}\Directory\Background\shell\${NAME}"
  DeleteRegKey SHCTX "${CLASSES}\${NAME}.Study"
  ReadRegStr $0 SHCTX "${CLASSES}\.bloodsmear" ""
  ${If} $0 == "${NAME}.Study"
    DeleteRegKey SHCTX "${CLASSES}\.bloodsmear"
  ${EndIf}
  DeleteRegKey SHCTX "${UNINSTALL_KEY}"
  ${RefreshShellIcons}
SectionEnd
