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

    /** Those that this process may read and write. The control group tells access(2) what it tells open(2). */
    static List<String> usableGpus(HostFiles files) {
        return gpus(files).stream().filter(files::usable).toList();
    }

    /** Those that are not for this process, but for another job or container: it may use some, and not these. */
    static List<String> othersGpus(HostFiles files) {
        List<String> usable = usableGpus(files);
        return usable.isEmpty()
                ? List.of()
                : gpus(files).stream().filter(node -> !usable.contains(node)).toList();
    }

    /** What is said of those; empty where there are none. */
    static String others(HostFiles files) {
        int others = othersGpus(files).size();
        return others == 0 ? "" : "; " + others + " are not for this process";
    }
}
