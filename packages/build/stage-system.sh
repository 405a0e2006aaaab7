#!/bin/sh
# Lays out the part of a Debian image that a program needs: the named packages with all they depend on, at their newest
# security updates, with their entries in the package database, so that a scanner sees what is there. No shell, no
# package manager, nothing set-uid. With SYSTEM=full it lays out all of Debian slim with these packages and updates, for a
# scanner that cannot read less. Runs in the build, on a Debian of the same release.
#
#   sh stage-system.sh /stage libstdc++6
#   SYSTEM=full sh stage-system.sh /stage libstdc++6
set -eu

stage="$1"
shift
# Who the system is, its users, and the names of ports; nothing that these depend on is needed to read them.
base='base-files base-passwd netbase'

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get upgrade -qq -y
# shellcheck disable=SC2086
apt-get install -qq -y --no-install-recommends $base "$@"

# No program of the image needs another user's rights.
clear_set_uid() { find "$stage" -xdev -type f -perm /6000 -exec chmod a-s {} +; }

if [ "${SYSTEM:-minimal}" = full ]; then
  apt-get clean
  rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/ldconfig /var/log/apt /var/log/*.log
  mkdir -p "$stage"
  # Without what the build mounts or puts there.
  tar -C / --one-file-system --exclude="./${stage#/}" --exclude=./stage-system.sh --exclude='./tmp/*' --exclude='./run/*' \
    --exclude=./etc/hostname --exclude=./etc/hosts --exclude=./etc/resolv.conf -cf - . | tar -xpf - -C "$stage"
  clear_set_uid
  exit
fi

depends='--recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances'
# shellcheck disable=SC2086
closure="$(apt-cache depends $depends --installed "$@" | grep '^[a-z0-9]' | sed 's/:.*//')"
installed="$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | sed -n 's/^ii *//p')"

mkdir -p "$stage/var/lib/dpkg/info"
: > /tmp/files
for package in $(printf '%s\n' $base $closure | sort -u); do
  printf '%s\n' "$installed" | grep -qxF "$package" || continue
  dpkg-query -L "$package" | grep -v '^/\.$' | sed 's|^/||' >> /tmp/files
  dpkg-query -s "$package" >> "$stage/var/lib/dpkg/status"
  echo >> "$stage/var/lib/dpkg/status"
  for file in /var/lib/dpkg/info/"$package".list /var/lib/dpkg/info/"$package":*.list \
    /var/lib/dpkg/info/"$package".md5sums /var/lib/dpkg/info/"$package":*.md5sums; do
    if [ -f "$file" ]; then cp -p "$file" "$stage/var/lib/dpkg/info/"; fi
  done
done
# Made when the packages were set up, so in no package's list; the libraries' cache is rebuilt for what is left.
printf '%s\n' etc/passwd etc/group etc/nsswitch.conf bin lib lib64 sbin >> /tmp/files

# A package's list names what the slim image left out, too.
cd /
sort -u /tmp/files | while read -r file; do
  if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\n' "$file"; fi
done | tar --no-recursion -cf - -T - | tar -xpf - -C "$stage"
ldconfig -r "$stage"
clear_set_uid
rm -rf "$stage/var/cache/ldconfig"
