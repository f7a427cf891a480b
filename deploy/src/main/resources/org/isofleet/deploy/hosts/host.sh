# What isofleet does on a host: sent to sh over ssh, after lines that set `folder` and before one that calls a function.
# Lines on standard output that begin with a word of ours are the answer; nothing is asked, and nothing is killed by its name.
set -u
umask 077
export LC_ALL=C
case "$folder" in /*) ;; *) folder="$HOME/$folder" ;; esac
nodes="$folder/nodes"
boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)

trouble() {
  echo "trouble $1"
  exit 3
}

# State and start time of a process: numbers are used again, number and start time together are not.
stat_of() {
  sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 1,20
}

# Whether a node runs; sets pid, digest and release of the process that was last started for it.
alive() {
  pid= started= booted= digest= release=
  [ -r "$nodes/$1.pid" ] && read -r pid started booted digest release <"$nodes/$1.pid" || return 1
  [ "$booted" = "$boot" ] || return 1
  case "$(stat_of "$pid")" in
    "Z "*) return 1 ;;
    *" $started") return 0 ;;
    *) return 1 ;;
  esac
}

running() {
  for file in "$nodes"/*.pid; do
    node=${file##*/} node=${node%.pid}
    [ -e "$file" ] && alive "$node" && echo "node $node $pid $digest $release"
  done
  return 0
}

# Whether somebody listens on a TCP port.
is_taken() {
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -qi ": [0-9A-F]*:$(printf %04X "$1") [0-9A-F]*:0000 0A "
}

# What is there; changes nothing.
probe() { # java images secret ports
  for tool in setsid sha256sum tar sed cut grep tail wc; do
    command -v "$tool" >/dev/null || trouble "has no program '$tool': install it there"
  done
  [ -n "$boot" ] || trouble "is no Linux with /proc"
  echo "folder $folder"
  echo "java $("$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p')"
  [ -z "$2" ] || [ -d "$2" ] || echo "missing $2"
  at=$folder
  while [ ! -e "$at" ]; do at=$(dirname "$at"); done
  [ -d "$at" ] && [ -w "$at" ] || trouble "cannot write to $at: give another folder = ... for this host"
  echo "free $(df -Pk "$at" | tail -n 1 | awk '{ print $4 }')"
  [ ! -d "$folder/jars" ] || ls "$folder/jars" | sed 's/^/jar /'
  for file in "$folder"/keys/* "$folder"/studies/*/source/* "$folder"/studies/*/secret; do
    [ ! -f "$file" ] || echo "file $(sha256sum "$file" | cut -d ' ' -f 1) ${file#"$folder/"}"
  done
  [ -z "$3" ] || [ ! -r "$folder/$3" ] || echo "secret $(cat "$folder/$3")"
  alive coordinator || for port in $4; do
    ! is_taken "$port" || trouble "port $port is taken by another process: end that, or give another port in the file of hosts"
  done
  running
}

# The last line that a node wrote for people, or else its last line at all.
last_word() {
  tail -c "+$(($2 + 1))" "$nodes/$1.log" | grep '^isofleet: ' | tail -n 1 | grep . ||
    tail -c "+$(($2 + 1))" "$nodes/$1.log" | grep . | tail -n 1
}

# Starts a node that does not run: node, digest, release, and the command line.
launch() {
  node=$1 as=$2 of=$3
  shift 3
  alive "$node" && { echo "runs $node $pid"; return; }
  mkdir -p "$nodes"
  log="$nodes/$node.log"
  [ ! -f "$log" ] || [ "$(wc -c <"$log")" -lt 16777216 ] || mv "$log" "$log.1"
  touch "$log"
  wc -c <"$log" >"$nodes/$node.offset"
  OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 ISOFLEET_LOG=INFO setsid "$@" >>"$log" 2>&1 </dev/null &
  pid=$!
  set -- $(stat_of "$pid")
  echo "$pid ${2:-0} $boot $as $of" >"$nodes/.$node.pid"
  mv "$nodes/.$node.pid" "$nodes/$node.pid"
  echo "started $node $pid"
}

# Waits until a node has written a word, has ended, or the time is up: node, word, seconds.
await() {
  offset=$(cat "$nodes/$1.offset" 2>/dev/null || echo 0)
  until=$(($(date +%s) + $3))
  while ! tail -c "+$((offset + 1))" "$nodes/$1.log" | grep -qF -- "$2"; do
    if ! alive "$1"; then
      if tail -c "+$((offset + 1))" "$nodes/$1.log" | grep -qF 'The report is '; then echo "over $1"; else echo "ended $1 $(last_word "$1" "$offset")"; fi
      return
    fi
    [ "$(date +%s)" -lt "$until" ] || { echo "late $1 $(last_word "$1" "$offset")"; return; }
    sleep 0.5
  done
  echo "ready $1"
}

# Asks nodes to end and waits; ends those by force that have not in time: seconds, nodes.
stop() {
  until=$(($(date +%s) + $1))
  shift
  for node; do
    if alive "$node"; then kill -TERM "$pid" 2>/dev/null; else rm -f "$nodes/$node.pid"; fi
  done
  for node; do
    [ -e "$nodes/$node.pid" ] || { echo "absent $node"; continue; }
    while alive "$node" && [ "$(date +%s)" -lt "$until" ]; do
      sleep 0.1
    done
    if alive "$node"; then
      kill -KILL "$pid" 2>/dev/null
      echo "killed $node"
    else
      echo "stopped $node"
    fi
    rm -f "$nodes/$node.pid"
  done
}

# All classes as the JVM has them in memory, once for each release, so that processes start sooner; for speed alone. Its name tells its length.
archive() { # release, java and its options
  into="$folder/releases/$1"
  shift
  ls "$into"/*.jsa >/dev/null 2>&1 && return
  mkdir -p "$into/rehearsal"
  if "$@" -XX:ArchiveClassesAtExit="$into/archive.tmp" "$main" rehearse "$into/rehearsal" >"$into/archive.log" 2>&1; then
    mv "$into/archive.tmp" "$into/$(($(wc -c <"$into/archive.tmp"))).jsa"
  fi
  rm -rf "$into/rehearsal" "$into/archive.tmp"
}

whole_archive() { # release
  for file in "$folder/releases/$1"/*.jsa; do
    [ ! -f "$file" ] || [ "${file##*/}" != "$(($(wc -c <"$file"))).jsa" ] || echo "-XX:SharedArchiveFile=$file"
  done
}

# The last lines of nodes, each with the name of its node; of all nodes when none is named.
logs() { # lines, -F to wait for more or -q, nodes
  lines=$1 follow=$2
  shift 2
  [ "$#" -gt 0 ] || for file in "$nodes"/*.log; do
    [ ! -e "$file" ] || { file=${file##*/}; set -- "$@" "${file%.log}"; }
  done
  for node; do
    [ ! -e "$nodes/$node.log" ] ||
      tail -n "$lines" "$follow" "$nodes/$node.log" | while IFS= read -r text; do printf '%s  %s\n' "$node" "$text"; done &
  done
  wait
}
