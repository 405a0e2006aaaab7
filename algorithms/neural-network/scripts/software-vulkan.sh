#!/usr/bin/env bash
# Fetches SwiftShader, a Vulkan driver that computes on the processor, to prove the webgpu backend without a GPU. Debian
# ships it, and Vulkan's loader, inside of its package chromium-common; only these files are unpacked, nothing installed.
# Works on Debian and needs no root. Prints the folder:
#
#   folder=$(scripts/software-vulkan.sh)
#   LD_LIBRARY_PATH=$folder VK_ICD_FILENAMES=$folder/vk_swiftshader_icd.json node …
set -euo pipefail

readonly folder="$HOME/.cache/sagemaker-algorithms/software-vulkan"

if [ ! -f "$folder/vk_swiftshader_icd.json" ]; then
  mkdir -p "$folder"
  unpacked="$(mktemp -d)"
  trap 'rm -rf "$unpacked"' EXIT
  (cd "$unpacked" && apt-get download chromium-common) >&2
  dpkg-deb -x "$unpacked"/chromium-common_*.deb "$unpacked"
  # The description goes last: it says that all is there.
  cp "$unpacked"/usr/lib/chromium/{libvulkan.so.1,libvk_swiftshader.so} "$folder"
  cp "$unpacked"/usr/lib/chromium/vk_swiftshader_icd.json "$folder"
fi
echo "$folder"
