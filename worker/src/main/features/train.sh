#!/usr/bin/env bash
# Trains the feature network's weights anew and writes them to the resources. Needs the built modules (./mvnw -q -Dquick package -DskipTests -pl worker -am).
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$here/../../../.."
target="$here/../resources/org/isofleet/worker/evaluate/isofleet-emoji64-v1.weights"
mkdir -p "$(dirname "$target")"
cd "$root"
mvn -q -B -Dquick -pl worker -am test-compile dependency:build-classpath -Dmdep.outputFile="$root/worker/target/classpath"
# One thread: the sums of ND4J's kernels then have one order.
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 java -Xmx1g -cp "worker/target/classes:$(cat worker/target/classpath)" \
  org.isofleet.worker.evaluate.FeatureTraining "$target" "${1:-20}"
sha256sum "$target"
