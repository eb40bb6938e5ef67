package dev.neurontp.worker.comm;

import dev.neurontp.rpc.WireText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of this host; empty where it does not. */
public final class HostFacts {
    private HostFacts() {}

    public static String hostName() {
        return firstLine("/proc/sys/kernel/hostname");
    }

    /** The same for all processes since the kernel's start, also in containers. */
    public static String bootId() {
        return firstLine("/proc/sys/kernel/random/boot_id");
    }

    /** A file's first line, as an extension's short text may be. */
    public static String firstLine(String file) {
        try {
            return WireText.shortened(
                    Files.readString(Path.of(file)).lines().findFirst().orElse(""));
        } catch (IOException _) {
            // A host without such a file has nothing to say here.
            return "";
        }
    }
}
