package dev.neurontp.ops.container;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/** What a process finds when it looks at its own bars: said by the kernel, not by whoever set them up. */
final class Confinement {

    private Confinement() {}

    /** One line, such as {@code confined: uid 65534, capabilities 0, root read-only, interfaces [lo]}. */
    static String seen() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        TreeSet<String> interfaces = new TreeSet<>();
        for (NetworkInterface one : NetworkInterface.networkInterfaces().toList()) {
            interfaces.add(one.getName());
        }
        long capabilities = Long.parseUnsignedLong(field(status, "CapEff:"), 16)
                | Long.parseUnsignedLong(field(status, "CapPrm:"), 16)
                | Long.parseUnsignedLong(field(status, "CapBnd:"), 16);
        return "confined: uid " + field(status, "Uid:") + ", capabilities " + Long.toHexString(capabilities) + ", root "
                + (isReadOnly() ? "read-only" : "writable") + ", interfaces " + interfaces;
    }

    /** As the kernel mounted it: a refused write alone could come from the missing rights of the user. */
    private static boolean isReadOnly() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields[1].equals("/"))
                .allMatch(fields -> List.of(fields[3].split(",", -1)).contains("ro"));
    }

    private static String field(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+", -1)[0])
                .findFirst()
                .orElseThrow();
    }
}
