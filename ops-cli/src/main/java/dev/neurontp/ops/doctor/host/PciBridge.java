package dev.neurontp.ops.doctor.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * A PCI bridge.
 *
 * @param sourceValidation whether Access Control Services check sources there, so that traffic between GPUs is sent up to
 *     the CPU; empty where its configuration must not be read
 */
public record PciBridge(String address, Optional<Boolean> sourceValidation) {
    private static final String DEVICES = "/sys/bus/pci/devices";
    private static final int EXTENDED = 0x100;
    private static final int ACS = 0x0D;
    private static final int ACS_CONTROL = 6;
    private static final int MOST_CAPABILITIES = 64;

    /** All of them. */
    public static List<PciBridge> of(HostFiles files) {
        return files.names(DEVICES).stream()
                .filter(name -> files.line(DEVICES + "/" + name + "/class")
                        .filter(value -> value.startsWith("0x0604"))
                        .isPresent())
                .map(name -> new PciBridge(name, sourceValidation(files, name)))
                .toList();
    }

    /** Only root gets more than the first 64 bytes. */
    private static Optional<Boolean> sourceValidation(HostFiles files, String name) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(files.path(DEVICES + "/" + name + "/config"));
        } catch (IOException _) {
            return Optional.empty();
        }
        if (bytes.length <= EXTENDED) {
            return Optional.empty();
        }
        ByteBuffer config = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = EXTENDED;
        // The kernel gives what the device says: a list that does not end must not matter.
        for (int i = 0; i < MOST_CAPABILITIES && at >= EXTENDED && at + ACS_CONTROL + 2 <= bytes.length; i++) {
            int header = config.getInt(at);
            if ((header & 0xFFFF) == ACS) {
                return Optional.of((config.getShort(at + ACS_CONTROL) & 1) != 0);
            }
            at = header >>> 20;
        }
        return Optional.of(false);
    }
}
