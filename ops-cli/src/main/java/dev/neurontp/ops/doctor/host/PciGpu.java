package dev.neurontp.ops.doctor.host;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An NVIDIA GPU on the PCI bus.
 *
 * @param address such as {@code 0000:1b:00.0}, in lower case
 * @param driver the kernel driver that is bound to it
 */
public record PciGpu(String address, Optional<String> driver) {
    private static final String DEVICES = "/sys/bus/pci/devices";
    private static final Pattern MINOR = Pattern.compile("(?m)^Device Minor:\\s*([0-9]{1,3})\\s*$");
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

    /**
     * Its device file, such as {@code /dev/nvidia0}; empty where NVIDIA's driver does not say. Asks the driver, so that it blocks where
     * the driver hangs.
     */
    public Optional<String> node(HostFiles files) {
        return files.text("/proc/driver/nvidia/gpus/" + address + "/information")
                .map(MINOR::matcher)
                .filter(Matcher::find)
                .map(minor -> "/dev/nvidia" + minor.group(1));
    }

    private static boolean is(HostFiles files, String device, String attribute, String start) {
        return files.line(DEVICES + "/" + device + "/" + attribute)
                .filter(value -> value.startsWith(start))
                .isPresent();
    }
}
