#!/usr/bin/env bash
# Where a study stands, by curl.
#
#     docs/examples/study.sh http://127.0.0.1:7780 studies/demo/tokens/reader.read
set -euo pipefail
url=$1
token=$2

# The token goes by a file and not by the command line, which everybody on the machine can read.
ask() {
  curl --silent --show-error --fail-with-body --header @<(printf 'Authorization: Bearer %s' "$(cat "$token")") "${@:2}" "$url/api/v1/$1"
}

ask study
echo
ask "runs?state=training"
echo
ask workers
echo
ask report.html --output report-by-curl.html
# The first events of the stream; curl ends by itself after two seconds.
ask events --no-buffer --max-time 2 || [ $? -eq 28 ]
