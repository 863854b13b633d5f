"""AWS on this machine: ministack, with what differs from AWS mended."""
