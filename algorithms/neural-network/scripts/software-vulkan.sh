#!/usr/bin/env bash
# Fetches SwiftShader, a Vulkan driver that computes on the processor, to prove the webgpu backend without a GPU. Debian
# ships it, and Vulkan's loader, inside of its package chromium-common; only these files are unpacked, nothing is
# installed. Works on Debian and needs no root. A program that is to use it needs two variables:
#
#   folder=~/.cache/sagemaker-algorithms/software-vulkan
#   LD_LIBRARY_PATH=$folder VK_ICD_FILENAMES=$folder/vk_swiftshader_icd.json node …
set -euo pipefail

readonly folder="$HOME/.cache/sagemaker-algorithms/software-vulkan"
readonly description="$folder/vk_swiftshader_icd.json"

if [ ! -f "$description" ]; then
  if ! command -v dpkg-deb apt-get > /dev/null; then
    echo "SwiftShader is taken from Debian's package chromium-common; this is no Debian. Install a Vulkan driver instead." >&2
    exit 1
  fi
  unpacked="$(mktemp -d)"
  trap 'rm -rf "$unpacked"' EXIT
  cd "$unpacked"
  apt-get download -q chromium-common || { apt-get update -qq && apt-get download -q chromium-common; }
  dpkg-deb -x chromium-common_*.deb .
  mkdir -p "$folder"
  # The description goes last: it says that all is there.
  cp usr/lib/chromium/libvulkan.so.1 usr/lib/chromium/libvk_swiftshader.so "$folder"
  cp usr/lib/chromium/vk_swiftshader_icd.json "$description"
fi
echo "software Vulkan is ready in $folder"
