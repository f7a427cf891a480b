#!/usr/bin/env bash
# Makes the embedded images from the emoji-datasource packages. Needs npm, node, java (17 or newer) and xz; takes about four minutes.
# Run it anywhere; it writes to src/main/resources/org/isofleet/worker/data and checks what it read and what it wrote.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
target="$here/../resources/org/isofleet/worker/data"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"

npm pack --silent emoji-datasource-google@16.0.0 emoji-datasource-twitter@16.0.0 >/dev/null
sha256sum --check --quiet "$here/packages.sha256"
for vendor in google twitter; do
  mkdir "$vendor"
  tar -xzf "emoji-datasource-$vendor-16.0.0.tgz" -C "$vendor" --strip-components=1 package/emoji.json "package/img/$vendor/sheets-clean"
done

mkdir out
node "$here/concepts.mjs" google/emoji.json >rows.tsv
java "$here/PackEmoji.java" rows.tsv out noto=google/img/google/sheets-clean twemoji=twitter/img/twitter/sheets-clean
rm out/twemoji-64 # would add 7 MB to the repository
(cd out && sha256sum --check --quiet "$here/images.sha256")

mkdir -p "$target"
for file in out/*-[136]*; do
  xz --format=xz --check=crc32 --lzma2=preset=9e,lc=4,pb=0,dict=48MiB "$file"
done
cp out/*.xz out/emoji.tsv "$target/"
ls -l "$target"
