#!/bin/sh
# The first process of a machine: mounts its own view of this host, starts containerd and the kubelet, buries orphans.
# Arguments: the machine's folder, its name, its folder for what is written all the time, the folder of containerd's
# programs, the pause program.
set -eu
folder=$1 name=$2 quick=$3 containerd=$4 pause=$5

hostname "$name"
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
sed -n 's/^[0-9]*:\([^:]*\):.*/\1/p' /proc/self/cgroup | while read -r hierarchy; do
  [ -n "$hierarchy" ] || continue
  place=/sys/fs/cgroup/${hierarchy#name=}
  mkdir "$place"
  case $hierarchy in name=*) options=none,$hierarchy ;; *) options=$hierarchy ;; esac
  mount -t cgroup -o "$options" cgroup "$place"
done

# What the kubelet sets here belongs to the whole host: it gets files of its own to set.
for setting in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
  mkdir -p "$folder/sys/${setting%/*}"
  cat "/proc/sys/$setting" > "$folder/sys/$setting"
  mount --bind "$folder/sys/$setting" "/proc/sys/$setting"
done

mkdir -p "$folder/lib" "$folder/log" "$folder/opt" "$folder/etc.work" "$folder/libexec" "$folder/libexec.work"
mount -t overlay -o "lowerdir=/etc,upperdir=$folder/etc,workdir=$folder/etc.work" overlay /etc
mount -t overlay -o "lowerdir=/usr/libexec,upperdir=$folder/libexec,workdir=$folder/libexec.work" overlay /usr/libexec
mount --bind "$folder/opt" /opt
mount --bind "$folder/log" /var/log
mount --bind "$folder/lib" /var/lib
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /var/lib/kubelet /var/lib/etcd /var/lib/volumes /etc/cni/net.d "$quick/etcd" "$quick/volumes" "$quick/srv"
mount --bind "$quick/etcd" /var/lib/etcd
mount --bind "$quick/volumes" /var/lib/volumes
mount --bind "$quick/srv" /srv
mount --bind /var/lib/kubelet /var/lib/kubelet
mount --make-shared /var/lib/kubelet

PATH=$containerd:$PATH containerd --config "$folder/containerd.toml" > "$folder/containerd.log" 2>&1 < /dev/null &

# Kubeadm expects a service that keeps the kubelet running with the arguments that it writes down. The program is a
# link, so that an upgrade exchanges it.
while :; do
  while [ ! -e /var/lib/kubelet/config.yaml ] || [ ! -e /var/lib/kubelet/kubeadm-flags.env ]; do sleep 0.2; done
  . /var/lib/kubelet/kubeadm-flags.env
  # shellcheck disable=SC2086
  "$folder/kubelet" $KUBELET_KUBEADM_ARGS --config=/var/lib/kubelet/config.yaml --kubeconfig=/etc/kubernetes/kubelet.conf \
    --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf >> "$folder/kubelet.log" 2>&1 < /dev/null || true
  sleep 0.5
done &

exec "$pause"
