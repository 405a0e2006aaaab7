#!/bin/sh
# Lays out MPI (stage-mpi.js) as a layer of its own, which all images of algorithms that train on several instances share: every
# build of it has the same times. Runs in the build, in a copy of the repository, with the Node and npm of the build image; what
# it downloads is removed again, so that the stage stays small.
#
#   sh packages/build/stage-mpi.sh /stage
set -eu

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq -y --no-install-recommends python3-pip
npm ci --workspace @algo/build
node packages/build/stage-mpi.js "$1/opt/algorithm/mpi"
rm -rf node_modules ~/.npm /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb
find "$1" -exec touch --no-dereference --date=@0 {} +
