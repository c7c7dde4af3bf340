#!/bin/sh
# The second one, among the host's files: its network, its hierarchies of cgroups, and the way in; the rest is run.sh.
# Arguments: its address with the length of the network, and the gateway.
set -eu
address=$1 gateway=$2
folder=$(dirname "$0")
ip link set lo up
ip address add "$address" dev eth0
ip link set eth0 up
ip route add default via "$gateway"
sysctl -qw net.ipv4.ip_forward=1
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
for hierarchy in $(awk '$4 == 1 { print $1 }' /proc/cgroups); do
  mkdir -p "$folder/cgroups/$hierarchy"
  mount -t cgroup -o "$hierarchy" cgroup "$folder/cgroups/$hierarchy"
done

# Once machine.sh has given it a /run of its own.
(
  until grep -qs ' /run tmpfs ' /proc/mounts; do sleep 0.2; done
  mkdir /run/sshd
  exec /usr/sbin/sshd -D -e -h "$folder/host-key" -o "AuthorizedKeysFile=$folder/key.pub" -o StrictModes=no -o UsePAM=no -o PidFile=none -o "SetEnv=PATH=$PATH"
) &
. "$folder/run.sh"
