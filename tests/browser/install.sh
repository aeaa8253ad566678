#!/bin/sh
# A Chromium for the tests that look at pages, and the font that pictures are measured by. Debian's packages are taken;
# elsewhere say what to install.
set -eu
missing="chromium"
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then missing=""; fi
done
if [ "$(fc-match -f '%{family}' 'DejaVu Sans' 2>/dev/null)" != "DejaVu Sans" ]; then
    missing="$missing fonts-dejavu-core"
fi
if [ -z "$missing" ]; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # each word is a package
    exec apt-get install -y -qq --no-install-recommends $missing fontconfig
fi
echo "the tests of pages need these, under their names in Debian: $missing" >&2
exit 1
