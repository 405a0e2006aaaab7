#!/bin/sh
# Builds one algorithm and lays out its image's layers (stage-image.js). Runs in the build, in a copy of the repository, with
# the Node and npm of the build image; the packages it installs, and npm's copies of them, are removed again, so that the
# stage stays small: an engine reads and writes all of it several times.
#
#   sh packages/build/stage-algorithm.sh linear-regression /stage
set -eu

npm ci --workspace "@algo/$1" --include-workspace-root
npx turbo run build --filter="@algo/$1"
node packages/build/stage-image.js "algorithms/$1" "$2"
rm -rf node_modules ~/.npm
