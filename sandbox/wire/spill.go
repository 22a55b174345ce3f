package wire

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Memfd returns the descriptor of a new anonymous file that holds data and can no longer change, positioned at its start.
// The caller closes it.
func Memfd(name string, data []byte) (int, error) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return -1, fmt.Errorf("create a memfd: %w", err)
	}
	if err := fillAndSeal(fd, data); err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

func fillAndSeal(fd int, data []byte) error {
	for off := 0; off < len(data); {
		n, err := unix.Pwrite(fd, data[off:], int64(off))
		if err != nil {
			return fmt.Errorf("fill a memfd: %w", err)
		}
		off += n
	}
	seals := unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals); err != nil {
		return fmt.Errorf("seal a memfd: %w", err)
	}
	return nil
}

// Mapped gives the contents of a spilled body's descriptor to use, valid until use returns.
func Mapped(fd int, use func(body []byte) error) error {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return fmt.Errorf("size of a spilled body: %w", err)
	}
	body, err := unix.Mmap(fd, 0, int(st.Size), unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		return fmt.Errorf("map a spilled body: %w", err)
	}
	defer func() { _ = unix.Munmap(body) }()
	return use(body)
}
