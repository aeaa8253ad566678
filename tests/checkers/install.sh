#!/bin/sh
# The independent checkers that the tests run on exported models: those that are named, or all of them.
# Debian's packages are taken; elsewhere say what to install.
set -eu
missing=""
for name in ${*:-spin gcc rumur java}; do
    command -v "$name" >/dev/null 2>&1 || missing="$missing $name"
done
if [ -z "$missing" ]; then exit 0; fi
packages=$(echo "$missing" | sed 's/java/default-jre-headless/')
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # several packages
    exec apt-get install -y -qq --no-install-recommends $packages
fi
echo "the tests run independent checkers, and some were not found: install$packages (Debian: apt-get install$packages)" >&2
exit 1
