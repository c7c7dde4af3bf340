#!/bin/busybox sh
# The first process of a virtual machine, from its initial file system: finds the host's files, and lays what is
# written over them. What its kernel is told after that is in machine.sh, as on every machine.
set -eu
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
for module in /modules/*; do insmod "$module"; done
argument() { sed -n "s/.*\<$1=\([^ ]*\).*/\1/p" /proc/cmdline; }
folder=$(argument folder) modules=$(argument modules) address=$(argument address) gateway=$(argument gateway)

mkdir /host /written /machine
mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144,cache=loose host /host
mount -t tmpfs -o size=75% written /written
mkdir /written/upper /written/work
mount -t overlay -o lowerdir=/host,upperdir=/written/upper,workdir=/written/work machine /machine

release=$(uname -r)
mkdir -p "/machine$folder" "/machine/lib/modules/$release"
cp -a "/host$folder/." /written/folder
mount --bind /written/folder "/machine$folder"
mount --bind "/host$modules" "/machine/lib/modules/$release"
mount --move /dev /machine/dev
mount --move /proc /machine/proc
# Whoever enters a container's mounts begins at their root: a mere change of root would lead to this file system.
exec switch_root /machine /bin/sh "$folder/begin.sh" "$address" "$gateway"
