; The Windows installer. Built by `make package` on Debian and by installer\build.ps1 on Windows, with
;   makensis -INPUTCHARSET UTF8 -DVERSION=1.2.3 -DSOURCE=<frozen folder> -DOUTPUT=<setup.exe> installer.nsi
; and, where files are signed, -DSIGN=<command that signs the file appended to it>.
;
; Everything is unpacked into app.new beside the running version and takes its place by two renames, so that whatever
; goes wrong before leaves the old version as it was. Switches and exit codes: docs/installers.md.

Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
RequestExecutionLevel admin
ManifestDPIAware true
ManifestSupportedOS Win10
AllowSkipFiles off ; a file that cannot be written ends a silent installation; the default would leave it out
CRCCheck force

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include TextFunc.nsh
!include WinVer.nsh
!include x64.nsh

!define ID "myna-app"
!define PROGRAM "myna-app.exe"
!define CONSOLE "myna-app-console.exe"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
!define POLICY_KEY "Software\Policies\${ID}"

; Exit codes; 0 is done, 1 cancelled by a person
!define EXIT_DOWNGRADE 3
!define EXIT_POLICY 4
!define EXIT_RUNNING 5
!define EXIT_WRITE 6
!define EXIT_SYSTEM 7
!define EXIT_RESPONSE 8

Name "$(PRODUCT)"
OutFile "${OUTPUT}"
InstallDir "$PROGRAMFILES64\${ID}"
BrandingText "${ID} ${VERSION}"
VIProductVersion "${VERSION}.0"
VIFileVersion "${VERSION}.0"
VIAddVersionKey /LANG=0 "ProductName" "資格確認アプリ"
VIAddVersionKey /LANG=0 "FileDescription" "資格確認アプリ インストーラー"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "LegalCopyright" "MIT License"
!ifdef SIGN
  !uninstfinalize '${SIGN} "%1"' = 0
  !finalize '${SIGN} "%1"' = 0
!endif

!define MUI_ICON "..\resources\program\app.ico"
!define MUI_UNICON "..\resources\program\app.ico"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_NOAUTOCLOSE
!insertmacro MUI_PAGE_LICENSE "..\LICENSE"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Japanese"
!insertmacro MUI_LANGUAGE "English"

!macro WORDS NAME JAPANESE ENGLISH
  LangString ${NAME} ${LANG_JAPANESE} "${JAPANESE}"
  LangString ${NAME} ${LANG_ENGLISH} "${ENGLISH}"
!macroend
!insertmacro WORDS PRODUCT "資格確認アプリ" "資格確認アプリ (myna-app)"
!insertmacro WORDS PART_APP "アプリ本体" "The application"
!insertmacro WORDS PART_DESKTOP "デスクトップのアイコン" "Icon on the desktop"
!insertmacro WORDS PART_AUTOSTART "サインインしたときに開く" "Open at sign-in"
!insertmacro WORDS SAY_SYSTEM "64ビットの Windows 10 バージョン 1809 以降で、管理者として実行してください。" "Please run this as administrator on 64-bit Windows 10 version 1809 or later."
!insertmacro WORDS SAY_DOWNGRADE "新しい版（$OldVersion）が入っています。古い版に戻すときは、先にアンインストールしてください。" "A newer version ($OldVersion) is installed. To go back, uninstall it first."
!insertmacro WORDS SAY_POLICY "管理設定のファイルを読めません： $Policy" "The policy file cannot be read: $Policy"
!insertmacro WORDS SAY_RESPONSE "応答ファイルを読めません： $Response" "The response file cannot be read: $Response"
!insertmacro WORDS SAY_ANSWER "応答ファイルの $LineNumber 行目「$Key」は使えません（パスワードとアクティベーションコードも書けません）： $Response" "Line $LineNumber of the response file, $Key, cannot be used (nor can passwords and activation codes): $Response"
!insertmacro WORDS SAY_RUNNING "資格確認アプリが開いています。終了してから、もう一度お試しください。" "The application is open. Please close it, then try again."
!insertmacro WORDS SAY_WRITE "書き込めませんでした。空き容量と権限を確かめてください。元の状態に戻しました。" "Writing failed. Please look at the free space and the rights. Everything was put back as it was."
!insertmacro WORDS ASK_FORGET "このユーザーの登録と記録も消しますか？（登録を消すと、アカウントをほかのパソコンで使えるようになります）" "Also remove this user's registration and records? (Giving the registration back frees the account for another PC.)"

Var OldVersion
Var Policy
Var Response
Var LineNumber
Var Key
Var ExitCode
Var InstitutionCode
Var ReaderPattern

; Tells what is wrong and sets the exit code.
!macro FAIL CODE WORDS
  StrCpy $ExitCode ${CODE}
  SetErrorLevel ${CODE}
  !insertmacro TELL "${WORDS}"
!macroend

!macro TELL WORDS
  MessageBox MB_OK|MB_ICONSTOP "${WORDS}" /SD IDOK
  !insertmacro PRINT "${WORDS}"
!macroend

; Asked to be silent, it is said on the standard output of whoever started this.
!macro PRINT WORDS
  ${If} ${Silent}
    System::Call 'kernel32::AttachConsole(i -1)'
    System::Call 'kernel32::GetStdHandle(i -11) p .r0'
    FileWrite $0 "${WORDS}$\r$\n"
  ${EndIf}
!macroend

; Waits, up to half a minute, until nobody runs the installed program; asks it to close first.
!macro CLOSE_RUNNING UN
Function ${UN}IsRunning ; pushes 1 while a program file cannot be opened for writing
  StrCpy $1 0
  ${For} $2 1 2
    StrCpy $3 "$INSTDIR\app\${PROGRAM}"
    ${IfThen} $2 = 2 ${|} StrCpy $3 "$INSTDIR\app\${CONSOLE}" ${|}
    ${If} ${FileExists} "$3"
      ClearErrors
      FileOpen $0 "$3" a
      ${If} ${Errors}
        StrCpy $1 1
      ${Else}
        FileClose $0
      ${EndIf}
    ${EndIf}
  ${Next}
  Push $1
FunctionEnd

Function ${UN}CloseRunning ; pushes 1 when it still runs
  again:
  ${For} $4 1 30
    Call ${UN}IsRunning
    Pop $1
    ${If} $1 = 0
      Push 0
      Return
    ${EndIf}
    nsExec::Exec '"$SYSDIR\taskkill.exe" /IM ${PROGRAM}' ; without /F: the window is asked to close, as by its own button
    Pop $0
    Sleep 1000
  ${Next}
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(SAY_RUNNING)" /SD IDCANCEL IDRETRY again
  !insertmacro PRINT "$(SAY_RUNNING)"
  Push 1
FunctionEnd
!macroend
!insertmacro CLOSE_RUNNING ""
!insertmacro CLOSE_RUNNING "un."

Function .onInit
  SetRegView 64
  SetShellVarContext all
  StrCpy $ExitCode ${EXIT_WRITE}
  UserInfo::GetAccountType
  Pop $0
  ${If} $0 != "Admin"
  ${OrIfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
    !insertmacro FAIL ${EXIT_SYSTEM} "$(SAY_SYSTEM)"
    Quit
  ${EndIf}

  ReadRegStr $OldVersion HKLM "${UNINSTALL_KEY}" "DisplayVersion"
  ${If} $OldVersion != ""
    ReadRegStr $0 HKLM "${UNINSTALL_KEY}" "InstallLocation"
    ${IfThen} $0 != "" ${|} StrCpy $INSTDIR $0 ${|} ; an upgrade stays where the old version is
    ${VersionCompare} "$OldVersion" "${VERSION}" $0
    ${If} $0 = 1
      !insertmacro FAIL ${EXIT_DOWNGRADE} "$(SAY_DOWNGRADE)"
      Quit
    ${EndIf}
  ${EndIf}
  Call ReadResponse
  Call ReadSwitches
FunctionEnd

; Pushes the switches. Programs that start programs quote a whole argument ("/POLICY=C:\a b.toml"), people its value.
Function Switches
  ${GetParameters} $0
  ${WordReplace} $0 '"/POLICY=' '/POLICY="' "+" $0
  ${WordReplace} $0 '"/RESPONSE=' '/RESPONSE="' "+" $0
  Push $0
FunctionEnd

!macro KNOWN GROUP KEY
  ${IfThen} "$Key" == "[${GROUP}] ${KEY}" ${|} StrCpy $0 1 ${|}
!macroend

; Every line of the response file is an answer this installer knows, or ends it: a password has no place in a file that is
; copied to each PC, and a mistyped key would be missed only much later.
Function CheckResponse
  ClearErrors
  FileOpen $R1 "$Response" r
  ${If} ${Errors}
  ${OrIfNot} ${FileExists} "$Response"
    !insertmacro FAIL ${EXIT_RESPONSE} "$(SAY_RESPONSE)"
    Quit
  ${EndIf}
  FileReadWord $R1 $R2 ; the byte order mark of UTF-16
  FileSeek $R1 0
  StrCpy $R3 "" ; the group
  ${For} $LineNumber 1 9999
    ClearErrors
    ${If} $R2 = 0xFEFF
      FileReadUTF16LE $R1 $R4
    ${Else}
      FileRead $R1 $R4
    ${EndIf}
    ${IfThen} ${Errors} ${|} ${ExitFor} ${|}
    ${TrimNewLines} $R4 $R4
    StrCpy $0 $R4 1
    ${If} $0 == "["
      StrCpy $R3 $R4
      ${Continue}
    ${EndIf}
    ${WordReplace} $R4 " " "" "+" $R4
    ${WordReplace} $R4 "$\t" "" "+" $R4
    StrCpy $0 $R4 1
    ${If} $0 == ""
    ${OrIf} $0 == ";"
      ${Continue}
    ${EndIf}
    StrCpy $R5 0
    ${Do}
      StrCpy $0 $R4 1 $R5
      ${If} $0 == "="
      ${OrIf} $0 == ""
        ${ExitDo}
      ${EndIf}
      IntOp $R5 $R5 + 1
    ${Loop}
    ${IfThen} $0 == "" ${|} StrCpy $R5 0 ${|} ; without a key: what stands there may be the password itself
    StrCpy $Key $R4 $R5
    StrCpy $Key "$R3 $Key"
    StrCpy $0 0
    !insertmacro KNOWN "install" "policy"
    !insertmacro KNOWN "install" "desktop"
    !insertmacro KNOWN "install" "autostart"
    !insertmacro KNOWN "settings" "default_institution_code"
    !insertmacro KNOWN "settings" "default_reader_pattern"
    ${If} $0 = 0
      !insertmacro FAIL ${EXIT_RESPONSE} "$(SAY_ANSWER)"
      Quit
    ${EndIf}
  ${Next}
  FileClose $R1
FunctionEnd

; /RESPONSE=file: answers for many PCs.
Function ReadResponse
  Call Switches
  Pop $R0
  ${GetOptions} $R0 "/RESPONSE=" $Response
  ${If} $Response == ""
    Return
  ${EndIf}
  GetFullPathName $0 "$Response"
  ${IfThen} $0 != "" ${|} StrCpy $Response $0 ${|} ; there is none of a file that is missing
  Call CheckResponse
  ReadINIStr $Policy "$Response" "install" "policy"
  ReadINIStr $InstitutionCode "$Response" "settings" "default_institution_code"
  ReadINIStr $ReaderPattern "$Response" "settings" "default_reader_pattern"
  ReadINIStr $0 "$Response" "install" "desktop"
  ${IfThen} $0 == "1" ${|} Call WantDesktop ${|}
  ReadINIStr $0 "$Response" "install" "autostart"
  ${IfThen} $0 == "1" ${|} Call WantAutostart ${|}
FunctionEnd

Function ReadSwitches
  Call Switches
  Pop $R0
  ClearErrors
  ${GetOptions} $R0 "/POLICY=" $0
  ${IfNot} ${Errors}
    StrCpy $Policy $0
    ${IfThen} $Policy == "" ${|} StrCpy $Policy "?" ${|} ; no file has this name: said, but empty
  ${EndIf}
  ClearErrors
  ${GetOptions} $R0 "/DESKTOP" $0
  ${IfNot} ${Errors}
    Call WantDesktop
  ${EndIf}
  ClearErrors
  ${GetOptions} $R0 "/AUTOSTART" $0
  ${IfNot} ${Errors}
    Call WantAutostart
  ${EndIf}
  ${If} $Policy != ""
    GetFullPathName $0 "$Policy"
    ClearErrors
    FileOpen $1 "$0" r
    ${If} ${Errors}
    ${OrIfNot} ${FileExists} "$0"
      !insertmacro FAIL ${EXIT_POLICY} "$(SAY_POLICY)"
      Quit
    ${EndIf}
    FileClose $1
    StrCpy $Policy $0
  ${EndIf}
FunctionEnd

Section "!$(PART_APP)" PartApp
  SectionIn RO
  ${IfNot} ${FileExists} "$INSTDIR\app\*.*" ; an upgrade that was cut off between its two renames
    Rename "$INSTDIR\app.old" "$INSTDIR\app"
  ${EndIf}
  RMDir /r "$INSTDIR\app.new"
  RMDir /r "$INSTDIR\app.old"
  SetOutPath "$INSTDIR\app.new"
  File /r "${SOURCE}\*"
  SetOutPath "$INSTDIR"
  Call CloseRunning
  Pop $0
  ${If} $0 = 1
    StrCpy $ExitCode ${EXIT_RUNNING}
    Abort
  ${EndIf}

  ClearErrors
  ${If} ${FileExists} "$INSTDIR\app\*.*"
    Rename "$INSTDIR\app" "$INSTDIR\app.old"
  ${EndIf}
  Rename "$INSTDIR\app.new" "$INSTDIR\app"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\資格確認アプリ.lnk" "$INSTDIR\app\${PROGRAM}"
  Call PrepareMachineFolder
  Call TakeAnswers
  ${If} ${Errors}
    Abort
  ${EndIf}
  Call Register
  ${If} ${Errors}
    Abort
  ${EndIf}
  RMDir /r "$INSTDIR\app.old"
SectionEnd

Section /o "$(PART_DESKTOP)" PartDesktop
  CreateShortCut "$DESKTOP\資格確認アプリ.lnk" "$INSTDIR\app\${PROGRAM}"
SectionEnd

Section /o "$(PART_AUTOSTART)" PartAutostart
  CreateShortCut "$SMSTARTUP\資格確認アプリ.lnk" "$INSTDIR\app\${PROGRAM}"
SectionEnd

Function WantDesktop
  !insertmacro SelectSection ${PartDesktop}
FunctionEnd

Function WantAutostart
  !insertmacro SelectSection ${PartAutostart}
FunctionEnd

; ProgramData lets everybody add files to new folders, and who adds a policy owns it. Here only administrators write;
; users write to the folder `machine` (the marker that this PC is registered).
Function PrepareMachineFolder
  CreateDirectory "$APPDATA\${ID}\machine"
  nsExec::Exec '"$SYSDIR\icacls.exe" "$APPDATA\${ID}" /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX'
  Pop $0
  nsExec::Exec '"$SYSDIR\icacls.exe" "$APPDATA\${ID}\machine" /grant *S-1-5-32-545:(OI)(CI)M'
  Pop $1
  ${If} "$0$1" != "00"
    SetErrors
  ${EndIf}
FunctionEnd

Function TakeAnswers
  ${If} $Policy != ""
    CopyFiles /SILENT "$Policy" "$APPDATA\${ID}\policy.toml"
  ${EndIf}
  ${If} $InstitutionCode != ""
    WriteRegStr HKLM "${POLICY_KEY}" "default_institution_code" "$InstitutionCode"
  ${EndIf}
  ${If} $ReaderPattern != ""
    WriteRegStr HKLM "${POLICY_KEY}" "default_reader_pattern" "$ReaderPattern"
  ${EndIf}
FunctionEnd

Function Register
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  ClearErrors
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayName" "資格確認アプリ"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\app\${PROGRAM}"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "Publisher" "${ID}"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "EstimatedSize" $0
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "NoModify" 1
FunctionEnd

; Whatever failed: the old version back in its place, or nothing of a first installation.
Function .onInstFailed
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR\app.new"
  ${If} ${FileExists} "$INSTDIR\app.old\*.*"
    RMDir /r "$INSTDIR\app"
    Rename "$INSTDIR\app.old" "$INSTDIR\app"
  ${ElseIf} $OldVersion == ""
    RMDir /r "$INSTDIR\app"
    Delete "$INSTDIR\uninstall.exe"
    Delete "$SMPROGRAMS\資格確認アプリ.lnk"
    RMDir "$INSTDIR"
    RMDir "$APPDATA\${ID}\machine"
    RMDir "$APPDATA\${ID}"
    DeleteRegKey HKLM "${UNINSTALL_KEY}"
  ${EndIf}
  SetErrorLevel $ExitCode
  ${If} $ExitCode = ${EXIT_WRITE}
    !insertmacro TELL "$(SAY_WRITE)"
  ${EndIf}
FunctionEnd

Var Keep

Function un.onInit
  SetRegView 64
  SetShellVarContext all
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/KEEPDATA" $0
  ${If} ${Errors}
    StrCpy $Keep 0
  ${Else}
    StrCpy $Keep 1
  ${EndIf}
FunctionEnd

Section "Uninstall"
  Call un.CloseRunning
  Pop $0
  ${If} $0 = 1
    SetErrorLevel ${EXIT_RUNNING}
    Abort
  ${EndIf}
  ${If} $Keep = 0
    MessageBox MB_YESNO|MB_ICONQUESTION "$(ASK_FORGET)" /SD IDYES IDYES forget
    StrCpy $Keep 1
    forget:
  ${EndIf}
  SetOutPath "$TEMP"
  ${If} $Keep = 0
    ; Gives the account back; without the network it is at least forgotten here.
    nsExec::Exec '"$INSTDIR\app\${CONSOLE}" reset --yes'
    Pop $0
    ${If} $0 != 0
      nsExec::Exec '"$INSTDIR\app\${CONSOLE}" reset --yes --local'
      Pop $0
    ${EndIf}
    SetShellVarContext current
    RMDir /r "$LOCALAPPDATA\${ID}"
    SetShellVarContext all
    RMDir /r "$APPDATA\${ID}"
    DeleteRegKey HKLM "${POLICY_KEY}"
  ${EndIf}
  RMDir /r "$INSTDIR\app"
  RMDir /r "$INSTDIR\app.new"
  RMDir /r "$INSTDIR\app.old"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\資格確認アプリ.lnk"
  Delete "$DESKTOP\資格確認アプリ.lnk"
  Delete "$SMSTARTUP\資格確認アプリ.lnk"
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "${ID}" ; this user's choice in the program
  DeleteRegKey HKLM "${UNINSTALL_KEY}"
SectionEnd
