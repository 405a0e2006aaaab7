#!/usr/bin/env bash
# Runs the tests that are for every backend on all four, or on those that are named: tensorflow needs `npm run tensorflow`
# before, webgpu a GPU with a Vulkan driver or `npm run software-vulkan`. A backend that does not start fails.
#
#   npm run backends --workspace @algo/neural-network [-- webgpu]
set -euo pipefail
cd "$(dirname "$0")/.."

# Without a loader of the system's own there can be no driver of it either.
readonly software="$HOME/.cache/sagemaker-algorithms/software-vulkan"
if [ -d "$software" ] && [ -z "${VK_ICD_FILENAMES:-}" ] && ! ldconfig -p | grep -q 'libvulkan\.so\.1'; then
  export LD_LIBRARY_PATH="$software${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
  export VK_ICD_FILENAMES="$software/vk_swiftshader_icd.json"
fi

if [ $# -eq 0 ]; then set -- tensorflow webgpu wasm cpu; fi
# The long run of a job does all that the short one does.
for backend in "$@"; do
  ALGO_TEST_BACKENDS="$backend" vitest run test/backends/every -t '^(?!a job on )'
  ALGO_TEST_BACKENDS="$backend" vitest run --mode long test/backends/every
done
