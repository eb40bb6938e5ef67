package dev.neurontp.worker.comm;

import dev.neurontp.rpc.WireText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel says of this host; empty where it does not. */
public final class HostFacts {
    private static final Pattern KERNEL_MODULE_VERSION =
            Pattern.compile("Kernel Module.*?\\s(\\d+\\.\\d+(\\.\\d+)?)\\s");

    private HostFacts() {}

    public static String hostName() {
        return firstLine("/proc/sys/kernel/hostname");
    }

    /** The same for all processes since the kernel's start, also in containers. */
    public static String bootId() {
        return firstLine("/proc/sys/kernel/random/boot_id");
    }

    /** The version of the NVIDIA kernel module that is loaded, such as 570.86.15. */
    public static String kernelModuleVersion() {
        return kernelModuleVersion(firstLine("/proc/driver/nvidia/version"));
    }

    /** The same from the first line of {@code /proc/driver/nvidia/version}; empty where there is none in it. */
    public static String kernelModuleVersion(String line) {
        Matcher version = KERNEL_MODULE_VERSION.matcher(line + " ");
        return version.find() ? version.group(1) : "";
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

    /** What a symbolic link of {@code /proc} names. */
    public static String link(String file) {
        try {
            return Files.readSymbolicLink(Path.of(file)).toString();
        } catch (IOException | UnsupportedOperationException _) {
            return "";
        }
    }
}
