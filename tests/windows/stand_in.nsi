; Stands in for the frozen program where only the installer is looked at: writes down how it was called, and with
; C:\stay.txt present it runs until that file is gone.
Unicode true
Target amd64-unicode
SilentInstall silent
RequestExecutionLevel user
OutFile "${OUTPUT}"
!include LogicLib.nsh
Section
  FileOpen $0 "C:\calls.txt" a
  FileSeek $0 0 END
  FileWrite $0 "$CMDLINE$\r$\n"
  FileClose $0
  ${While} ${FileExists} "C:\stay.txt"
    Sleep 100
  ${EndWhile}
SectionEnd
