; The Windows installer: for one person, without an administrator. Compiled by `build.py nsis`, which passes VERSION, NUMBERS,
; PAYLOAD, ICON, SIZE, AUTHORS and OUTPUT. UTF-8 with a mark at its beginning is not needed: Unicode is asked for.
;
; Silent: KesuDesk-….exe /S [/D=C:\Where\It\Goes]; exit codes: 0 installed, 2 stopped and said why (silent ones only by their code:
; 3 Windows too old, 4 a newer version is there, 5 the program is running).
Unicode true
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true

!include MUI2.nsh
!include WinVer.nsh
!include x64.nsh
!include FileFunc.nsh
!include WordFunc.nsh

!define NAME "Kesu Desk"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\KesuDesk"
!define BACKUP "KesuDesk.Backup"

Name "$(ProgramName)"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\KesuDesk"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
BrandingText "$(ProgramName) ${VERSION}"

VIProductVersion "${NUMBERS}"
VIAddVersionKey /LANG=2052 "ProductName" "客诉台 Kesu Desk"
VIAddVersionKey /LANG=2052 "FileDescription" "客诉台 Kesu Desk 安装程序"
VIAddVersionKey /LANG=2052 "CompanyName" "${AUTHORS}"
VIAddVersionKey /LANG=2052 "LegalCopyright" "MIT licence"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\KesuDesk.exe"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro MUI_LANGUAGE "English"

LangString ProgramName 2052 "客诉台"
LangString ProgramName 1033 "Kesu Desk"
LangString TooOld 2052 "客诉台需要 64 位的 Windows 10（1809 及以上）或 Windows 11。本机的 Windows 太旧（例如 Windows 7、8），装不了。数据不受影响。"
LangString TooOld 1033 "Kesu Desk needs 64-bit Windows 10 (1809 or later) or Windows 11. This Windows is too old (7 and 8 are). Nothing was changed."
LangString Newer 2052 "已经装着更新的版本 $0，要装的是 ${VERSION}。旧程序打不开新版本的数据，所以不装。真要换回旧版，请先卸载现在的版本（数据会保留）。"
LangString Newer 1033 "A newer version, $0, is installed already; this one is ${VERSION}. An older program cannot open the data of a newer one, so nothing was installed. To go back all the same, uninstall the present version first; the data stays."
LangString Running 2052 "客诉台正在使用中。请先关闭它的窗口，再点“重试”。"
LangString Running 1033 "Kesu Desk is in use. Close its window, then choose Retry."
LangString BackupType 2052 "客诉台备份"
LangString BackupType 1033 "Kesu Desk backup"
LangString DataStays 2052 "程序已卸载。数据还在 $LOCALAPPDATA\kesu，重新安装后可以接着用。"
LangString DataStays 1033 "The program was removed. The data stays in $LOCALAPPDATA\kesu; install it again to go on."

; Says why and ends; without a window the exit code says it.
!macro Stop sentence code
    MessageBox MB_OK|MB_ICONSTOP "${sentence}" /SD IDOK
    SetErrorLevel ${code}
    Quit
!macroend

; A program that runs cannot be replaced: its file cannot be opened for writing.
!macro WaitUntilClosed folder
    !define UniqueId ${__LINE__}
    try_${UniqueId}:
    IfFileExists "${folder}\KesuDesk.exe" 0 closed_${UniqueId}
    ClearErrors
    FileOpen $1 "${folder}\KesuDesk.exe" a
    IfErrors 0 opened_${UniqueId}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(Running)" /SD IDCANCEL IDRETRY try_${UniqueId}
    SetErrorLevel 5
    Quit
    opened_${UniqueId}:
    FileClose $1
    closed_${UniqueId}:
    !undef UniqueId
!macroend

Function .onInit
    ${IfNot} ${RunningX64}
    ${OrIfNot} ${AtLeastWin10}
    ${OrIfNot} ${AtLeastBuild} 17763
        !insertmacro Stop "$(TooOld)" 3
    ${EndIf}
    ReadRegStr $0 HKCU "${KEY}" "DisplayVersion"
    ${If} $0 != ""
        ${VersionCompare} "$0" "${VERSION}" $1
        ${If} $1 == 1
            !insertmacro Stop "$(Newer)" 4
        ${EndIf}
    ${EndIf}
    !insertmacro WaitUntilClosed "$INSTDIR"
FunctionEnd

Section
    ; The files of the version before go first: what the new one no longer has must not be found by it.
    RMDir /r "$INSTDIR\_internal"
    SetOutPath "$INSTDIR"
    File /r "${PAYLOAD}/*"
    WriteUninstaller "$INSTDIR\Uninstall.exe"

    CreateShortcut "$SMPROGRAMS\$(ProgramName).lnk" "$INSTDIR\KesuDesk.exe"

    WriteRegStr HKCU "Software\Classes\.kesu" "" "${BACKUP}"
    WriteRegStr HKCU "Software\Classes\${BACKUP}" "" "$(BackupType)"
    WriteRegStr HKCU "Software\Classes\${BACKUP}\DefaultIcon" "" "$INSTDIR\KesuDesk.exe,0"
    WriteRegStr HKCU "Software\Classes\${BACKUP}\shell\open\command" "" '"$INSTDIR\KesuDesk.exe" "%1"'

    WriteRegStr HKCU "${KEY}" "DisplayName" "客诉台 Kesu Desk"
    WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\KesuDesk.exe"
    WriteRegStr HKCU "${KEY}" "Publisher" "${AUTHORS}"
    WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
    WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /S'
    WriteRegStr HKCU "${KEY}" "ShortcutName" "$(ProgramName)"
    WriteRegDWORD HKCU "${KEY}" "EstimatedSize" ${SIZE}
    WriteRegDWORD HKCU "${KEY}" "NoModify" 1
    WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
    ${RefreshShellIcons}
SectionEnd

Function un.onInit
    !insertmacro WaitUntilClosed "$INSTDIR"
FunctionEnd

; Takes away what was installed and nothing else: the folder may be one that a person chose, and the data lies elsewhere.
Section Uninstall
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\KesuDesk.exe"
    Delete "$INSTDIR\kesu.exe"
    Delete "$INSTDIR\Uninstall.exe"
    RMDir "$INSTDIR"
    ReadRegStr $0 HKCU "${KEY}" "ShortcutName"
    ${If} $0 != ""
        Delete "$SMPROGRAMS\$0.lnk"
    ${EndIf}
    DeleteRegKey HKCU "Software\Classes\${BACKUP}"
    ReadRegStr $0 HKCU "Software\Classes\.kesu" ""
    ${If} $0 == "${BACKUP}"
        DeleteRegKey HKCU "Software\Classes\.kesu"
    ${EndIf}
    DeleteRegKey HKCU "${KEY}"
    ${RefreshShellIcons}
    MessageBox MB_OK|MB_ICONINFORMATION "$(DataStays)" /SD IDOK
SectionEnd
