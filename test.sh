#!/usr/bin/env bash
# Builds with warnings as errors, and runs every test. Needs the .NET 10 SDK, and nothing else (nginx, Chromium, a linker, the TypeScript compiler, the AsyncAPI parser and the client of SignalR are installed where that can be done):
# SQLite comes as a package, and the model providers are faked over real HTTP.
# Ends with one line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

command -v dotnet >/dev/null || { echo "test.sh: the .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2; exit 1; }

# A proxy that tests run the gateway behind, a browser that they open its page in, and a linker for the native sample; those tests are skipped where they cannot be had.
wanted=""
PATH=$PATH:/usr/sbin command -v nginx >/dev/null || wanted="nginx-light"
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || wanted="$wanted chromium"
command -v clang >/dev/null || command -v gcc >/dev/null || wanted="$wanted gcc libc6-dev"
if [ -n "$wanted" ] && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  # Without a run level nothing is started that is installed.
  get() { RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get "$@" >/dev/null 2>&1 </dev/null; }
  # shellcheck disable=SC2086
  get install -y --no-install-recommends $wanted || { get update && get install -y --no-install-recommends $wanted; } \
    || echo "test.sh: $wanted cannot be installed; the tests that need it are skipped" >&2
fi

# The compiler of the browser library; its tests are skipped where Node.js is missing.
if command -v npm >/dev/null && [ ! -x clients/typescript/node_modules/typescript/bin/tsc ]; then
  (cd clients/typescript && npm ci --no-audit --no-fund --loglevel=error >/dev/null 2>&1) \
    || echo "test.sh: the TypeScript compiler cannot be installed; the tests of the browser library are skipped" >&2
fi

# The official parser of AsyncAPI, which checks the description of /ws and the hub; that test is skipped where it cannot be had.
if command -v npm >/dev/null && [ ! -d docs/asyncapi/node_modules/@asyncapi/parser ]; then
  (cd docs/asyncapi && npm ci --no-audit --no-fund --loglevel=error >/dev/null 2>&1) \
    || echo "test.sh: the AsyncAPI parser cannot be installed; the test that needs it is skipped" >&2
fi

# The official client of SignalR for JavaScript, which the conformance kit tries; those tests are skipped where it cannot be had.
if command -v npm >/dev/null && [ ! -d clients/signalr/node_modules/@microsoft/signalr-protocol-msgpack ]; then
  (cd clients/signalr && npm ci --no-audit --no-fund --loglevel=error >/dev/null 2>&1) \
    || echo "test.sh: the client of SignalR cannot be installed; the tests that need it are skipped" >&2
fi

# The official client of AG-UI, which the door for it is tested with; those tests are skipped where it cannot be had.
if command -v npm >/dev/null && [ ! -d clients/agui/node_modules/@ag-ui/client ]; then
  (cd clients/agui && npm ci --no-audit --no-fund --loglevel=error >/dev/null 2>&1) \
    || echo "test.sh: the client of AG-UI cannot be installed; the tests that need it are skipped" >&2
fi

# The tests of many connections open some thousand sockets.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true

# A leak fails the run instead of taking the machine with it (4 GiB, in hexadecimal).
export DOTNET_GCHeapHardLimit=0x100000000

# What is restored is what packages.lock.json says, to the byte.
restored=$(dotnet restore Gateway.sln --locked-mode 2>&1) || {
  echo "$restored" >&2
  case "$restored" in
    *NU1004*|*NU1403*) echo "test.sh: the packages are not those of packages.lock.json: after a change of versions run 'dotnet restore --force-evaluate' and commit the lock files; without one, find out what has changed them" >&2 ;;
    *NU1901*|*NU1902*|*NU1903*|*NU1904*) echo "test.sh: a package has a known vulnerability: raise its version in Directory.Packages.props (CONTRIBUTING.md, Packages)" >&2 ;;
    *) echo "test.sh: the packages cannot be restored" >&2 ;;
  esac
  exit 1
}
dotnet build Gateway.sln -c Release --no-restore || { echo "test.sh: the build failed" >&2; exit 1; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT
dotnet Gateway.Tests/bin/Release/net10.0/Gateway.Tests.dll --ansi off --progress off "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

# The totals of the run's summary, also where a CI environment makes the runner colour its lines.
count() { sed -E $'s/\x1b\\[[0-9;]*[a-zA-Z]//g' "$log" | sed -nE "s/^ *$1: ([0-9]+)\r?$/\1/p" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
if [ -z "$passed" ]; then echo "test.sh: the test run broke off" >&2; exit 1; fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
