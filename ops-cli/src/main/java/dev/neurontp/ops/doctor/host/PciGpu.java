package dev.neurontp.ops.doctor.host;

import java.util.List;
import java.util.Optional;

/**
 * An NVIDIA GPU on the PCI bus.
 *
 * @param address such as {@code 0000:1b:00.0}, in lower case
 * @param driver the kernel driver that is bound to it
 */
public record PciGpu(String address, Optional<String> driver) {
    private static final String DEVICES = "/sys/bus/pci/devices";
    private static final String NVIDIA = "0x10de";

    /** Display controllers: VGA and 3D. */
    private static final String DISPLAY = "0x03";

    /** All of them, in the order of their addresses. */
    public static List<PciGpu> of(HostFiles files) {
        return files.names(DEVICES).stream()
                .filter(name -> is(files, name, "vendor", NVIDIA) && is(files, name, "class", DISPLAY))
                .map(name -> new PciGpu(
                        name,
                        files.link(DEVICES + "/" + name + "/driver")
                                .map(link -> link.substring(link.lastIndexOf('/') + 1))))
                .toList();
    }

    private static boolean is(HostFiles files, String device, String attribute, String start) {
        return files.line(DEVICES + "/" + device + "/" + attribute)
                .filter(value -> value.startsWith(start))
                .isPresent();
    }
}
