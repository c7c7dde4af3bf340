package main

import (
	"context"
	"errors"
	"os"
	"syscall"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// here is where volumes of this driver can be used: on its node only.
func (d *driver) here() *csi.Topology {
	return &csi.Topology{Segments: map[string]string{d.name + "/node": d.node}}
}

func (d *driver) NodeGetInfo(context.Context, *csi.NodeGetInfoRequest) (*csi.NodeGetInfoResponse, error) {
	return &csi.NodeGetInfoResponse{NodeId: d.node, AccessibleTopology: d.here()}, nil
}

func (d *driver) NodeGetCapabilities(context.Context, *csi.NodeGetCapabilitiesRequest) (*csi.NodeGetCapabilitiesResponse, error) {
	return &csi.NodeGetCapabilitiesResponse{}, nil
}

func (d *driver) NodePublishVolume(_ context.Context, wanted *csi.NodePublishVolumeRequest) (*csi.NodePublishVolumeResponse, error) {
	path, err := d.folder(wanted.VolumeId, wanted.VolumeCapability)
	if err == nil && wanted.TargetPath == "" {
		err = status.Error(codes.InvalidArgument, "no target path is named")
	}
	if err != nil {
		return nil, err
	}
	volume, err := os.Stat(path)
	if err != nil {
		return nil, status.Error(codes.NotFound, err.Error())
	}
	return &csi.NodePublishVolumeResponse{}, failed(bind(path, volume, wanted.TargetPath, wanted.Readonly))
}

func bind(path string, volume os.FileInfo, target string, readOnly bool) error {
	if err := os.MkdirAll(target, 0o750); err != nil {
		return err
	}
	if there, err := os.Stat(target); err != nil || os.SameFile(volume, there) {
		return err
	}
	if err := syscall.Mount(path, target, "", syscall.MS_BIND, ""); err != nil || !readOnly {
		return err
	}
	return syscall.Mount("", target, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, "")
}

func (d *driver) NodeUnpublishVolume(_ context.Context, unwanted *csi.NodeUnpublishVolumeRequest) (*csi.NodeUnpublishVolumeResponse, error) {
	if unwanted.VolumeId == "" || unwanted.TargetPath == "" {
		return nil, status.Error(codes.InvalidArgument, "a volume and a target path are to be named")
	}
	if err := syscall.Unmount(unwanted.TargetPath, 0); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOENT) {
		return nil, failed(err)
	}
	// Not all that is in it: where the volume would still be mounted, that is the volume.
	if err := os.Remove(unwanted.TargetPath); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, failed(err)
	}
	return &csi.NodeUnpublishVolumeResponse{}, nil
}
