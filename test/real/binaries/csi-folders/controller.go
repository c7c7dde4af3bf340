package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func (d *driver) ControllerGetCapabilities(context.Context, *csi.ControllerGetCapabilitiesRequest) (*csi.ControllerGetCapabilitiesResponse, error) {
	call := func(is csi.ControllerServiceCapability_RPC_Type) *csi.ControllerServiceCapability {
		return &csi.ControllerServiceCapability{Type: &csi.ControllerServiceCapability_Rpc{Rpc: &csi.ControllerServiceCapability_RPC{Type: is}}}
	}
	return &csi.ControllerGetCapabilitiesResponse{Capabilities: []*csi.ControllerServiceCapability{
		call(csi.ControllerServiceCapability_RPC_CREATE_DELETE_VOLUME),
		call(csi.ControllerServiceCapability_RPC_GET_CAPACITY),
	}}, nil
}

// GetCapacity is what is free on the disk below the folders: nothing of it is kept for a volume.
func (d *driver) GetCapacity(context.Context, *csi.GetCapacityRequest) (*csi.GetCapacityResponse, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(d.folders, &disk); err != nil {
		return nil, failed(err)
	}
	return &csi.GetCapacityResponse{AvailableCapacity: int64(disk.Bavail) * disk.Bsize}, nil
}

func (d *driver) CreateVolume(_ context.Context, wanted *csi.CreateVolumeRequest) (*csi.CreateVolumeResponse, error) {
	path, err := d.folder(wanted.Name, wanted.VolumeCapabilities...)
	if err != nil {
		return nil, err
	}
	size := wanted.GetCapacityRange().GetRequiredBytes()
	if err := d.keepSize(wanted.Name, strconv.FormatInt(size, 10)); err != nil {
		return nil, err
	}
	if err := os.Mkdir(path, 0o777); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, failed(err)
	}
	return &csi.CreateVolumeResponse{Volume: &csi.Volume{VolumeId: wanted.Name, CapacityBytes: size, AccessibleTopology: []*csi.Topology{d.here()}}}, nil
}

func (d *driver) DeleteVolume(_ context.Context, unwanted *csi.DeleteVolumeRequest) (*csi.DeleteVolumeResponse, error) {
	path, err := d.pathOf(unwanted.VolumeId)
	if err != nil {
		return nil, err
	}
	return &csi.DeleteVolumeResponse{}, failed(errors.Join(os.RemoveAll(path), os.RemoveAll(d.sizeOf(unwanted.VolumeId))))
}

func (d *driver) ValidateVolumeCapabilities(_ context.Context, asked *csi.ValidateVolumeCapabilitiesRequest) (*csi.ValidateVolumeCapabilitiesResponse, error) {
	path, err := d.folder(asked.VolumeId, asked.VolumeCapabilities...)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); err != nil {
		return nil, status.Error(codes.NotFound, err.Error())
	}
	return &csi.ValidateVolumeCapabilitiesResponse{
		Confirmed: &csi.ValidateVolumeCapabilitiesResponse_Confirmed{VolumeCapabilities: asked.VolumeCapabilities},
	}, nil
}

func (d *driver) keepSize(volume, size string) error {
	kept, err := os.ReadFile(d.sizeOf(volume))
	if errors.Is(err, os.ErrNotExist) {
		kept, err = []byte(size), os.WriteFile(d.sizeOf(volume), []byte(size), 0o600)
	}
	if err != nil {
		return failed(err)
	}
	if string(kept) != size {
		return status.Errorf(codes.AlreadyExists, "%s is there with %s bytes", volume, kept)
	}
	return nil
}

// sizeOf is beside the folder of a volume: what it was asked to hold, for whoever asks for it again.
func (d *driver) sizeOf(volume string) string {
	return filepath.Join(d.folders, "."+volume)
}

// folder is the path of a volume that is to be used as files.
func (d *driver) folder(volume string, capabilities ...*csi.VolumeCapability) (string, error) {
	path, err := d.pathOf(volume)
	if err == nil {
		err = onlyFiles(capabilities...)
	}
	return path, err
}

// pathOf is the folder of a volume; an identifier that leads elsewhere is nobody's.
func (d *driver) pathOf(volume string) (string, error) {
	if volume == "" || volume != filepath.Base(volume) || volume[0] == '.' {
		return "", status.Errorf(codes.InvalidArgument, "%q is no name of a folder", volume)
	}
	return filepath.Join(d.folders, volume), nil
}

// onlyFiles refuses block devices, and volumes of which nobody says how they are to be used.
func onlyFiles(capabilities ...*csi.VolumeCapability) error {
	for _, capability := range capabilities {
		if capability.GetMount() == nil {
			return status.Error(codes.InvalidArgument, "a volume is a folder")
		}
	}
	if len(capabilities) == 0 {
		return status.Error(codes.InvalidArgument, "no capability is asked for")
	}
	return nil
}

// failed is what a caller is told who may ask again.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return status.Error(codes.Internal, err.Error())
}
