#!/bin/sh
# A Chromium for the tests that look at pages. Debian's package is taken; elsewhere say what to install.
set -eu
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    export DEBIAN_FRONTEND=noninteractive
    exec apt-get install -y -qq --no-install-recommends chromium
fi
echo "the tests drive a Chromium, and none was found: install chromium (Debian: apt-get install chromium)" >&2
exit 1
