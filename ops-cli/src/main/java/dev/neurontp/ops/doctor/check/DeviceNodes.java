package dev.neurontp.ops.doctor.check;

import dev.neurontp.ops.doctor.host.HostFiles;
import java.util.List;

/** The device files of the driver. */
final class DeviceNodes {
    static final String CONTROL = "/dev/nvidiactl";
    static final String UVM = "/dev/nvidia-uvm";

    private DeviceNodes() {}

    /** {@code /dev/nvidia0} and so on. */
    static List<String> gpus(HostFiles files) {
        return files.names("/dev").stream()
                .filter(name -> name.matches("nvidia[0-9]{1,3}"))
                .map(name -> "/dev/" + name)
                .toList();
    }
}
