# shellcheck shell=bash disable=SC2154
# Sourced after lib.sh by servers written in Java: a JDK, and what mvn brings from its repository.

DEPENDENCY=org.apache.maven.plugins:maven-dependency-plugin:3.8.1

# jdk: the folder of a JDK of 21 or newer, with its compiler and all its modules.
jdk() {
  local home version
  for home in "${SEARCH_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    [ -x "$home/bin/javac" ] || continue
    version=$("$home/bin/java" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p')
    if [ "${version:-0}" -ge 21 ]; then
      printf '%s\n' "$home"
      return
    fi
  done
  die "needs a JDK of 21 or newer; name it in SEARCH_JAVA_HOME" >&2
}

need_maven() { command -v mvn >/dev/null || need_packages maven; }

# maven ARGUMENT…: in a folder of its own, where it leaves its marks behind.
maven() {
  local scratch
  scratch=$(mktemp -d)
  (cd "$scratch" && mvn -B -q "$@") >"$state/mvn.log" 2>&1 3>&- 9>&- || { log=$state/mvn.log; die "mvn failed"; }
  rm -rf "$scratch"
}

# answers PORT: the server takes requests and its indexes are open.
answers() {
  local line
  {
    exec 4<>"/dev/tcp/127.0.0.1/$1" &&
      printf 'GET /_cluster/health?wait_for_status=yellow&timeout=2s HTTP/1.0\r\n\r\n' >&4 &&
      read -r -t 5 line <&4
  } 2>/dev/null || return 1
  exec 4>&-
  [[ $line == *" 200 "* ]]
}
