package podman

import (
	"context"
	"fmt"
	"time"

	"github.com/containers/podman/v5/pkg/bindings/containers"
	"github.com/containers/podman/v5/pkg/domain/entities/types"
	spec "github.com/opencontainers/runtime-spec/specs-go"

	"paddock/sandbox"
)

// Update puts other limits in force in a running container; see sandbox.Engine.
func (e *Engine) Update(ctx context.Context, name string, l sandbox.Limits) error {
	options := &types.ContainerUpdateOptions{NameOrID: name, Resources: resources(l)}
	if _, err := containers.Update(e.Client.call(ctx), options); err != nil {
		return fmt.Errorf("update the limits of container %s: %w", name, err)
	}
	return nil
}

// resources are a cell's limits the way an OCI runtime takes them. There is no swap.
func resources(l sandbox.Limits) *spec.LinuxResources {
	return &spec.LinuxResources{
		Memory: &spec.LinuxMemory{Limit: ptr(l.Memory), Swap: ptr(l.Memory)},
		Pids:   &spec.LinuxPids{Limit: l.CgroupPids()},
		CPU:    &spec.LinuxCPU{Period: ptr(uint64(sandbox.CPUPeriod / time.Microsecond)), Quota: ptr(l.CPUQuota().Microseconds())},
	}
}
