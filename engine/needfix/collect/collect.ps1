#Requires -Version 5.1
<#
.SYNOPSIS
Collects the facts about this server that needfix needs, and writes them as one JSON record.

.DESCRIPTION
Made by: needfix collect --script powershell. Make it again after the rules have changed.
Works in Windows PowerShell 5.1 and PowerShell 7, reads only, and changes nothing.
Run it as the system account or as an administrator: what it cannot look at is stated under "failures", and
then no list is called complete.

.PARAMETER OutFile
The file to write, in ASCII, whole or not at all (default: standard output).

.PARAMETER Path
Folders to look for files in (default: all disks, also those that can be removed). With it no list of files is
called complete. To name several, use -Command instead of -File: -Command ".\collect.ps1 -Path C:\a, D:\b".

.PARAMETER ServerName
The name of the server in the record (default: the computer's name).

.EXAMPLE
powershell.exe -NoProfile -ExecutionPolicy Bypass -File collect.ps1 -OutFile server.json
#>
[CmdletBinding()]
param(
    [string] $OutFile = '',
    [string[]] $Path = @(),
    [string] $ServerName = $env:COMPUTERNAME
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$Asked = ConvertFrom-Json -InputObject @'
@@ASKED@@
'@

$Invariant = [System.Globalization.CultureInfo]::InvariantCulture
$Failures = New-Object 'System.Collections.Generic.List[string]'
$FailedScopes = @{}
$MostFailures = 100

function Add-Failure([string] $Scope, [string] $What) {
    $FailedScopes[$Scope] = $true
    if ($Failures.Count -lt $MostFailures) { $Failures.Add("${Scope}: $What") }
}

# Fails before anything is looked at where the file cannot be written.
function Get-OutFile([string] $Name) {
    $Full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Name)
    if ([System.IO.Directory]::Exists($Full)) { throw "$Full is a folder" }
    $Temporary = "$Full.$PID.tmp"
    [System.IO.File]::WriteAllText($Temporary, '')
    [System.IO.File]::Delete($Temporary)
    if ([System.IO.File]::Exists($Full)) {
        [System.IO.File]::Open($Full, [System.IO.FileMode]::Open, [System.IO.FileAccess]::Write).Dispose()
    }
    $Full
}

function Write-OutFile([string] $Full, [string] $Text) {
    $Temporary = "$Full.$PID.tmp"
    try {
        [System.IO.File]::WriteAllText($Temporary, $Text)
        if ([System.IO.File]::Exists($Full)) {
            [System.IO.File]::Replace($Temporary, $Full, [System.Management.Automation.Language.NullString]::Value)
        } else {
            [System.IO.File]::Move($Temporary, $Full)
        }
    } finally {
        [System.IO.File]::Delete($Temporary)
    }
}

$FullOutFile = ''
if ($OutFile) { $FullOutFile = Get-OutFile $OutFile }

function Format-Time([datetime] $Time) {
    $Time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", $Invariant)
}

# --- Files ------------------------------------------------------------------------------------------------------

$Names = New-Object 'System.Collections.Generic.HashSet[string]' ([System.StringComparer]::OrdinalIgnoreCase)
foreach ($Name in @($Asked.files)) { [void] $Names.Add([string] $Name) }
$Witness = 'ntoskrnl.exe'
[void] $Names.Add($Witness)

$Roots = New-Object 'System.Collections.Generic.List[string]'
$IsWhole = $Path.Count -eq 0
if ($IsWhole) {
    try {
        # What is on CDs and on shares of other servers is not installed on this one.
        foreach ($Disk in @(Get-CimInstance -ClassName Win32_LogicalDisk)) {
            $Root = [string] $Disk.DeviceID + '\'
            switch ([int] $Disk.DriveType) {
                3 { $Roots.Add($Root) }
                { 2, 6 -contains $_ } { if ($Disk.FileSystem) { $Roots.Add($Root) } }
                { 0, 1 -contains $_ } { if ($Disk.FileSystem) { Add-Failure 'files' "$Root is not looked at" } }
            }
        }
    } catch {
        Add-Failure 'files' "the drives cannot be listed: $($_.Exception.Message)"
    }
} else {
    foreach ($One in $Path) { $Roots.Add([string] (Resolve-Path -LiteralPath $One).ProviderPath) }
}
if ([Environment]::Is64BitOperatingSystem -and -not [Environment]::Is64BitProcess) {
    Add-Failure 'files' 'a PowerShell of 32 bits does not see System32; use that of 64 bits'
}

$Volumes = New-Object 'System.Collections.Generic.HashSet[string]' ([System.StringComparer]::OrdinalIgnoreCase)
$VolumeFolders = New-Object 'System.Collections.Generic.List[string]'
foreach ($Root in $Roots) { if ($Root -match '^[A-Za-z]:\\$') { $VolumeFolders.Add($Root) } }
if ($IsWhole) {
    try {
        foreach ($Volume in @(Get-CimInstance -ClassName Win32_Volume)) {
            if (-not $Volume.DriveLetter -or -not $Roots.Contains([string] $Volume.DriveLetter + '\')) { continue }
            if ([string] $Volume.DeviceID -match 'Volume\{[^}]*\}') { [void] $Volumes.Add($Matches[0]) }
        }
    } catch {
        Add-Failure 'files' "the volumes cannot be listed: $($_.Exception.Message)"
    }
}

# Windows keeps these folders of a volume from everybody, and nothing in them is installed.
function Test-Withheld([string] $Folder) {
    foreach ($Volume in $VolumeFolders) {
        foreach ($Name in @('System Volume Information', '$Recycle.Bin')) {
            if (($Folder + '\').StartsWith("$Volume$Name\", [System.StringComparison]::OrdinalIgnoreCase)) { return $true }
        }
    }
    return $false
}

# Windows takes long paths, and names that end with a dot or a blank, as they are only behind this sign.
function Get-OpenPath([string] $Plain) {
    if ($Plain -match '^[A-Za-z]:\\' -and ($Plain.Length -gt 240 -or $Plain -match '[. ](\\|$)')) { return "\\?\$Plain" }
    return $Plain
}

function Get-PlainPath([string] $Opened) {
    $Opened -replace '^\\\\\?\\', ''
}

function Get-FolderEntry([string] $Folder) {
    $First = Get-OpenPath $Folder
    try {
        return (New-Object System.IO.DirectoryInfo $First).GetFileSystemInfos()
    } catch {
        # A name in it may be too long for the short form.
        if ($First -notmatch '^[A-Za-z]:\\' -or (Test-Withheld $Folder)) { throw }
        return (New-Object System.IO.DirectoryInfo "\\?\$First").GetFileSystemInfos()
    }
}

# Whether rules ask for files in a folder of this name.
function Test-AskedFolder([string] $Name) {
    foreach ($Pattern in @($Asked.folders)) {
        if ($Name -like ([string] $Pattern -replace '\[', '`[')) { return $true }
    }
    return $false
}

# Whether the folder that a link leads to is looked at by itself, and no rule asks for the link's own name.
function Test-Link([System.IO.FileSystemInfo] $Entry, [string[]] $Targets) {
    if (Test-AskedFolder $Entry.Name) { return $false }
    foreach ($Target in $Targets) {
        $Plain = $Target -replace '^\\\\\?\\|^\\\?\?\\', ''
        foreach ($Root in $Roots) {
            if ($Plain.StartsWith($Root, [System.StringComparison]::OrdinalIgnoreCase)) { return $true }
        }
    }
    return $false
}

# Adds the folders in a folder to $Pending, and returns the files in it that are asked for.
function Get-AskedFile([string] $Folder, $Pending) {
    try {
        $Entries = @(Get-FolderEntry $Folder)
    } catch {
        if (-not (Test-Withheld $Folder)) { Add-Failure 'files' "$Folder cannot be read: $($_.Exception.Message)" }
        return
    }
    foreach ($Entry in $Entries) {
        if ($Entry.Attributes -band [System.IO.FileAttributes]::Directory) {
            $Plain = Get-PlainPath $Entry.FullName
            if ($Entry.Name -match '[\x00-\x1f\x7f-\x9f\u2028\u2029]') {
                Add-Failure 'files' "a folder in $Folder has a name that no record can have"
                continue
            }
            $Targets = $null
            if ($Entry.Attributes -band [System.IO.FileAttributes]::ReparsePoint) {
                try {
                    $Item = Get-Item -LiteralPath (Get-OpenPath $Plain) -Force
                    if (@('Junction', 'SymbolicLink') -contains [string] $Item.LinkType) {
                        $Targets = @($Item.Target | ForEach-Object { [string] $_ })
                    }
                } catch {
                    $Targets = @()
                }
            }
            if ($null -eq $Targets) {
                $Pending.Push($Plain)
            } elseif (($Targets -join '') -match '^(?:\\\\\?\\|\\\?\?\\)?(Volume\{[^}]*\})') {
                # A volume is looked at once, even if it is mounted below itself.
                if ($Volumes.Add($Matches[1])) {
                    $VolumeFolders.Add("$Plain\")
                    $Pending.Push($Plain)
                } elseif (Test-AskedFolder $Entry.Name) {
                    Add-Failure 'files' "the volume at $Plain is looked at elsewhere"
                }
            } elseif (-not (Test-Link $Entry $Targets)) {
                Add-Failure 'files' "the link $Plain was not followed"
            }
        } elseif ($Names.Contains($Entry.Name)) {
            $Entry
        }
    }
}

# The platform in the header of an executable; nothing for what .NET made, which may be for any.
function Get-Platform([string] $File) {
    $Share = [System.IO.FileShare]::ReadWrite -bor [System.IO.FileShare]::Delete
    $Stream = New-Object System.IO.FileStream $File, ([System.IO.FileMode]::Open), ([System.IO.FileAccess]::Read), $Share
    try {
        $Head = New-Object byte[] 4096
        $Count = $Stream.Read($Head, 0, $Head.Length)
    } finally {
        $Stream.Dispose()
    }
    if ($Count -lt 64 -or $Head[0] -ne 0x4D -or $Head[1] -ne 0x5A) { return }
    $Start = [BitConverter]::ToInt32($Head, 0x3C)
    if ($Start -lt 0 -or $Start + 256 -gt $Count) { return }
    if ([BitConverter]::ToInt32($Head, $Start) -ne 0x4550) { return }
    $Machine = [BitConverter]::ToUInt16($Head, $Start + 4)
    $Is64 = [BitConverter]::ToUInt16($Head, $Start + 24) -eq 0x20B
    if ($Is64) { $Dotnet = $Start + 24 + 112 + 14 * 8 } else { $Dotnet = $Start + 24 + 96 + 14 * 8 }
    if ($Machine -eq 0x14C -and [BitConverter]::ToInt32($Head, $Dotnet) -ne 0) { return }
    switch ($Machine) {
        0x14C { 'x86' }
        0x8664 { 'x64' }
        0xAA64 { 'arm64' }
        0x200 { 'ia64' }
        0x1C4 { 'arm' }
    }
}

function Get-FileFact([System.IO.FileInfo] $File) {
    $Plain = Get-PlainPath $File.FullName
    $Opened = Get-OpenPath $Plain
    $Fact = [ordered] @{ name = $File.Name; path = $Plain }
    try {
        $Fact['size'] = $File.Length
        if ($File.LastWriteTimeUtc.Year -gt 1979) { $Fact['modified'] = Format-Time $File.LastWriteTimeUtc }
        # The numbers, not the text beside them, which is often out of date.
        $Info = [System.Diagnostics.FileVersionInfo]::GetVersionInfo($Opened)
        $Version = '{0}.{1}.{2}.{3}' -f $Info.FileMajorPart, $Info.FileMinorPart, $Info.FileBuildPart, $Info.FilePrivatePart
        if ($Version -ne '0.0.0.0') { $Fact['version'] = $Version }
        $Platform = Get-Platform $Opened
        if ($Platform) { $Fact['platform'] = $Platform }
    } catch {
        Add-Failure 'files' "$Plain cannot be read: $($_.Exception.Message)"
    }
    $Fact
}

$Files = New-Object 'System.Collections.Generic.List[object]'
$Witnesses = New-Object 'System.Collections.Generic.List[object]'
foreach ($Root in $Roots) {
    $Pending = New-Object 'System.Collections.Generic.Stack[string]'
    $Pending.Push($Root)
    while ($Pending.Count -gt 0) {
        foreach ($File in @(Get-AskedFile ($Pending.Pop()) $Pending)) {
            if ($File.Name -eq $Witness -and -not (@($Asked.files) -contains $Witness)) { $Target = $Witnesses } else { $Target = $Files }
            $Target.Add((Get-FileFact $File))
        }
    }
}
if ($Files.Count -eq 0 -and $Witnesses.Count -gt 0) { $Files.Add($Witnesses[0]) }

# --- Registry ---------------------------------------------------------------------------------------------------

$Hives = @{ HKLM = 'LocalMachine'; HKCR = 'ClassesRoot'; HKU = 'Users'; HKCC = 'CurrentConfig' }

# All values of a key by their names, in a view of the registry; nothing where there is no such key.
function Get-KeyValue([string] $Root, [string] $Key, [string] $View) {
    $Base = [Microsoft.Win32.RegistryKey]::OpenBaseKey($Hives[$Root], "Registry$View")
    $Opened = $Base.OpenSubKey($Key)
    if ($null -eq $Opened) { return }
    $Found = @{}
    foreach ($Name in $Opened.GetValueNames()) { $Found[$Name] = $Opened.GetValue($Name) }
    $Found
}

function Get-SubkeyName([string] $Root, [string] $Key, [string] $View) {
    $Base = [Microsoft.Win32.RegistryKey]::OpenBaseKey($Hives[$Root], "Registry$View")
    $Opened = $Base.OpenSubKey($Key)
    if ($null -ne $Opened) { $Opened.GetSubKeyNames() }
}

function Get-Text($Values, [string] $Name) {
    if ($null -ne $Values -and $Values.ContainsKey($Name)) { ([string] $Values[$Name]).Trim() } else { '' }
}

$Views = @('64', '32')
if (-not [Environment]::Is64BitOperatingSystem) { $Views = @('32') }
$Registry = New-Object 'System.Collections.Generic.List[object]'
foreach ($One in @($Asked.registry)) {
    $Root, $Key = ([string] $One.path) -split '\\', 2
    if (-not $Hives.ContainsKey($Root)) {
        Add-Failure 'registry' "$($One.path) is not of this server alone"
        continue
    }
    foreach ($View in $Views) {
        try {
            $Values = Get-KeyValue $Root ($Key -replace '(?i)(^|\\)wow6432node(?=\\)', '') $View
            if ($null -eq $Values -or -not $Values.ContainsKey([string] $One.name)) { continue }
            $Entry = [ordered] @{ path = [string] $One.path; name = [string] $One.name }
            $Value = $Values[[string] $One.name]
            if ($Value -is [int] -and $Value -lt 0) { $Value = 4294967296 + [long] $Value }
            if ($Value -is [string] -or $Value -is [int] -or $Value -is [long]) { $Entry['value'] = [string] $Value }
            if ($Views.Count -gt 1) { $Entry['view'] = $View }
            $Registry.Add($Entry)
        } catch {
            Add-Failure 'registry' "$($One.path) cannot be read: $($_.Exception.Message)"
        }
    }
}

# --- Products and hotfixes --------------------------------------------------------------------------------------

$Products = New-Object 'System.Collections.Generic.List[object]'
# What was seen of products that are not in the list: keys without a name, and names of their updates and parts.
$Nameless = New-Object 'System.Collections.Generic.List[string]'
$Mentioned = New-Object 'System.Collections.Generic.List[string]'
$Hotfixes = New-Object 'System.Collections.Generic.List[string]'

function Add-Product([string] $Name, [string] $Level, [string] $Build, [string] $Edition, [string] $Folder) {
    $Entry = [ordered] @{ name = $Name }
    if ($Level) { $Entry['level'] = $Level }
    if ($Build) { $Entry['build'] = $Build }
    if ($Edition) { $Entry['edition'] = $Edition }
    if ($Folder) { $Entry['path'] = $Folder }
    $Products.Add($Entry)
}

function Add-Windows {
    $Values = Get-KeyValue 'HKLM' 'SOFTWARE\Microsoft\Windows NT\CurrentVersion' $Views[0]
    $Version = Get-Text $Values 'CurrentVersion'
    if ($Values.ContainsKey('CurrentMajorVersionNumber')) {
        $Version = "$($Values['CurrentMajorVersionNumber']).$($Values['CurrentMinorVersionNumber'])"
    }
    $Build = "$Version.$(Get-Text $Values 'CurrentBuildNumber')"
    if ($Values.ContainsKey('UBR')) { $Build = "$Build.$($Values['UBR'])" }
    $Name = (Get-Text $Values 'ProductName') -replace ' Evaluation$', ''
    if (-not $Name) {
        $Nameless.Add('Windows')
        return
    }
    Add-Product $Name (Get-Text $Values 'CSDVersion') $Build '' ''
    $Products[$Products.Count - 1]['platform'] = $env:PROCESSOR_ARCHITECTURE
    if ($env:PROCESSOR_ARCHITEW6432) { $Products[$Products.Count - 1]['platform'] = $env:PROCESSOR_ARCHITEW6432 }
}

# The instances of SQL Server, each with its build and the folder that it is installed in.
function Add-SqlServer {
    $Count = 0
    $Base = 'SOFTWARE\Microsoft\Microsoft SQL Server'
    foreach ($View in $Views) {
        $Instances = Get-KeyValue 'HKLM' "$Base\Instance Names\SQL" $View
        if ($null -eq $Instances) { continue }
        foreach ($Instance in @($Instances.Values)) {
            $Setup = Get-KeyValue 'HKLM' "$Base\$Instance\Setup" $View
            $Build = Get-Text $Setup 'PatchLevel'
            if (-not $Build) { $Build = Get-Text $Setup 'Version' }
            $Folder = (Get-Text $Setup 'SQLPath').TrimEnd('\') -replace '(?i)\\MSSQL$', ''
            Add-Product 'Microsoft SQL Server' '' $Build (Get-Text $Setup 'Edition') $Folder
            $Count++
        }
    }
    $Count
}

function Add-Program([bool] $HasInstances) {
    $Shown = @{}
    $Hidden = New-Object 'System.Collections.Generic.List[object]'
    $Base = 'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall'
    foreach ($View in $Views) {
        foreach ($Subkey in @(Get-SubkeyName 'HKLM' $Base $View)) {
            $Values = Get-KeyValue 'HKLM' "$Base\$Subkey" $View
            $Name = Get-Text $Values 'DisplayName'
            $Kind = Get-Text $Values 'ReleaseType'
            if ((Get-Text $Values 'ParentKeyName') -or $Kind -match 'Update|Hotfix|Service Pack|Security') {
                foreach ($Match in [regex]::Matches("$Name $Subkey", '\bKB[0-9]{6,8}\b')) { $Hotfixes.Add($Match.Value) }
                $Mentioned.Add($Name)
                $Mentioned.Add((Get-Text $Values 'ParentDisplayName'))
            } elseif (-not $Name) {
                foreach ($Sign in @('DisplayVersion', 'InstallLocation', 'Publisher', 'QuietDisplayName', 'UninstallString')) {
                    if (Get-Text $Values $Sign) { $Nameless.Add([string] $Subkey) }
                }
            } else {
                $Mentioned.Add($Name)
                $Version = Get-Text $Values 'DisplayVersion'
                if ((Get-Text $Values 'SystemComponent') -eq '1') {
                    $Hidden.Add(@($Name, $Version))
                } elseif (-not $Shown.ContainsKey("$Name $Version")) {
                    $Shown["$Name $Version"] = $Name
                    # Its instances are listed already.
                    $IsSql = $Name -match '^Microsoft SQL Server( \d{4}( R2)?)?( \((32|64)-bit\))?$'
                    if (-not ($HasInstances -and $IsSql)) { Add-Product $Name '' $Version '' '' }
                }
            }
        }
    }
    # A hidden entry is a part of a product that has its own, where there is one.
    foreach ($Entry in $Hidden) {
        if (-not (@($Asked.products) -contains $Entry[0])) { continue }
        if (@($Shown.Values | Where-Object { $_.StartsWith($Entry[0]) }).Count -eq 0) {
            Add-Product $Entry[0] '' $Entry[1] '' ''
        }
    }
}

try {
    Add-Windows
    $Instances = Add-SqlServer
    Add-Program ($Instances -gt 0)
} catch {
    Add-Failure 'products' "the registry cannot be read: $($_.Exception.Message)"
}

# Whether a name is that of a product, and not of one that only looks like it.
function Test-Name([string] $Name, $Product) {
    foreach ($Other in @($Product.other_names)) { if ($Name -like $Other) { return $false } }
    foreach ($Own in @($Product.names)) { if ($Name -like $Own) { return $true } }
    return $false
}

function Test-Listed($Product) {
    foreach ($Entry in $Products) { if (Test-Name $Entry.name $Product) { return $true } }
    return $false
}

# Whether a product may be there that is not in the list: a key file of it is, which is none of a product that is
# in the list, or a key, an update or a part.
function Test-Trace($Product, [string[]] $OfListed) {
    foreach ($File in $Files) {
        if (@($Product.key_files) -notcontains $File.name -or $OfListed -contains $File.name) { continue }
        if ($File.path -notmatch [string] $Asked.old_files) { return $true }
    }
    foreach ($Name in $Mentioned) {
        if (Test-Name $Name $Product) { return $true }
        if ($Product.part -and $Name -match [string] $Product.part) { return $true }
    }
    foreach ($Key in @($Product.keys)) {
        foreach ($View in $Views) {
            if (@(Get-SubkeyName 'HKLM' "SOFTWARE\$Key" $View).Count -gt 0) { return $true }
            $Values = Get-KeyValue 'HKLM' "SOFTWARE\$Key" $View
            if ($null -ne $Values -and $Values.Count -gt 0) { return $true }
        }
    }
    return $false
}

$MayBeOthers = @($Asked.unlisted).Count -gt 0 -or $Nameless.Count -gt 0
try {
    $Listed = @($Asked.known | Where-Object { Test-Listed $_ })
    $OfListed = @($Listed | ForEach-Object { $_.key_files })
    foreach ($Product in @($Asked.known)) {
        if ($Listed -notcontains $Product -and (Test-Trace $Product $OfListed)) { $MayBeOthers = $true }
    }
} catch {
    Add-Failure 'products' "the registry cannot be read: $($_.Exception.Message)"
}
if ($MayBeOthers) { $Products.Add([ordered] @{ name = '...' }) }

try {
    foreach ($Fix in @(Get-CimInstance -ClassName Win32_QuickFixEngineering)) {
        if ([string] $Fix.HotFixID -match '^(KB|Q)[0-9]+$') { $Hotfixes.Add([string] $Fix.HotFixID) }
    }
} catch {
    Add-Failure 'hotfixes' "they cannot be listed: $($_.Exception.Message)"
}

$RestartPending = $null
try {
    $Base = 'SOFTWARE\Microsoft\Windows\CurrentVersion'
    $Manager = Get-KeyValue 'HKLM' 'SYSTEM\CurrentControlSet\Control\Session Manager' $Views[0]
    $RestartPending = [bool] (
        (@(Get-SubkeyName 'HKLM' "$Base\Component Based Servicing" $Views[0]) -contains 'RebootPending') -or
        (@(Get-SubkeyName 'HKLM' "$Base\WindowsUpdate\Auto Update" $Views[0]) -contains 'RebootRequired') -or
        (Get-Text $Manager 'PendingFileRenameOperations')
    )
} catch {
    Add-Failure 'restart_pending' $_.Exception.Message
}

# --- Services and events ----------------------------------------------------------------------------------------

$Services = New-Object 'System.Collections.Generic.List[object]'
if (@($Asked.services).Count -gt 0) {
    try {
        foreach ($Service in @(Get-CimInstance -ClassName Win32_Service)) {
            $Services.Add([ordered] @{ name = [string] $Service.Name; state = [string] $Service.State })
            if ($Service.DisplayName -and [string] $Service.DisplayName -ne [string] $Service.Name) {
                $Services.Add([ordered] @{ name = [string] $Service.DisplayName; state = [string] $Service.State })
            }
        }
    } catch {
        Add-Failure 'services' "they cannot be listed: $($_.Exception.Message)"
    }
}

$Events = New-Object 'System.Collections.Generic.List[object]'
$Since = (Get-Date).AddDays(-30)
foreach ($One in @($Asked.events)) {
    $Filter = @{ LogName = @('Application', 'System'); ProviderName = [string] $One.source; StartTime = $Since }
    if ($One.id) { $Filter['Id'] = [int] $One.id }
    try {
        foreach ($Event in @(Get-WinEvent -FilterHashtable $Filter -MaxEvents 20)) {
            $Events.Add([ordered] @{ source = [string] $One.source; id = [int] $Event.Id; message = [string] $Event.Message })
        }
    } catch {
        # That there is no such event, or no such source, is an answer.
        $Reason = $_.FullyQualifiedErrorId
        if ($Reason -notmatch 'NoMatchingEventsFound|NoMatchingProvidersFound|LogsAndProvidersDontOverlap') {
            Add-Failure 'events' "those of $($One.source) cannot be read: $($_.Exception.Message)"
        }
    }
}

# --- The record -------------------------------------------------------------------------------------------------

$Complete = New-Object 'System.Collections.Generic.List[string]'
if ($IsWhole -and $Files.Count -gt 0 -and $Roots.Count -gt 0 -and -not $FailedScopes.ContainsKey('files')) { $Complete.Add('files') }
if (@($Asked.registry).Count -gt 0 -and -not $FailedScopes.ContainsKey('registry')) { $Complete.Add('registry') }
if (@($Asked.services).Count -gt 0 -and -not $FailedScopes.ContainsKey('services')) { $Complete.Add('services') }

$Record = [ordered] @{ server = $ServerName; collected = Format-Time ((Get-Date).ToUniversalTime()) }
if (-not $FailedScopes.ContainsKey('products') -and $Products.Count -gt 0) { $Record['products'] = $Products.ToArray() }
$Record['files'] = $Files.ToArray()
if ($Hotfixes.Count -gt 0) { $Record['hotfixes'] = @($Hotfixes | Sort-Object -Unique) }
if ($null -ne $RestartPending) { $Record['restart_pending'] = $RestartPending }
if (@($Asked.registry).Count -gt 0) { $Record['registry'] = $Registry.ToArray() }
if (@($Asked.services).Count -gt 0) { $Record['services'] = $Services.ToArray() }
if ($Events.Count -gt 0) { $Record['events'] = $Events.ToArray() }
if ($Complete.Contains('files')) { $Record['looked_for'] = @($Asked.files) }
if ($Complete.Contains('registry')) { $Record['looked_up'] = @($Asked.registry | ForEach-Object { "$($_.path)\$($_.name)" }) }
if ($Complete.Count -gt 0) { $Record['complete'] = $Complete.ToArray() }
if ($Failures.Count -gt 0) { $Record['failures'] = $Failures.ToArray() }

$Json = ConvertTo-Json -InputObject $Record -Depth 6 -Compress
# In ASCII, which every redirection leaves as it is; half a surrogate pair is no text.
$Json = [regex]::Replace($Json, '[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]', [string] [char] 0xFFFD)
$Json = [regex]::Replace($Json, '[^\x00-\x7e]', { param($Match) '\u{0:x4}' -f [int] [char] $Match.Value })
if ($FullOutFile) {
    Write-OutFile $FullOutFile ($Json + "`n")
} else {
    $Json
}
# Warnings would go into the file that standard output is redirected to.
foreach ($Failure in $Failures) { [Console]::Error.WriteLine("WARNING: $Failure") }
